import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterFor, verdicts } from '../../../src/workspace/sandbox/filter.js';
import { type Architecture, architectures, judged, numberOn, refused, unknown } from '../../../src/workspace/sandbox/syscalls.js';

type Call = { number: number; audit?: number; first?: number; second?: number };

/** Runs a filter as the kernel would (linux/filter.h): the verdict for a call. A jump out of the program is a failure. */
function verdict(architecture: Architecture, { number, audit = architectures[architecture].audit, first = 0, second = 0 }: Call): string {
	const program = Buffer.from(filterFor(architecture));
	const data: Record<number, number> = { 0: number, 4: audit, 16: first, 24: second };
	let accumulator = 0;
	for (let at = 0; at < program.length / 8; ) {
		const code = program.readUInt16LE(at * 8);
		const [yes, no] = [program.readUInt8(at * 8 + 2), program.readUInt8(at * 8 + 3)];
		const value = program.readUInt32LE(at * 8 + 4);
		at++;
		if (code === 0x20) accumulator = (data[value] ?? assert.fail(`reads at ${value}`)) >>> 0;
		else if (code === 0x15) at += accumulator === value ? yes : no;
		else if (code === 0x35) at += accumulator >= value ? yes : no;
		else if (code === 0x45) at += (accumulator & value) !== 0 ? yes : no;
		else if (code === 0x06) return Object.entries(verdicts).find(([, one]) => one === value)?.[0] ?? assert.fail(String(value));
		else assert.fail(`instruction ${code}`);
	}
	return assert.fail('it runs off its end');
}

/** Numbers from the headers of Linux 6.1, written down apart from the table: x64, arm64. */
const listed: Record<string, readonly [number, number]> = {
	ptrace: [101, 117],
	process_vm_readv: [310, 270],
	process_vm_writev: [311, 271],
	mount: [165, 40],
	umount2: [166, 39],
	pivot_root: [155, 41],
	move_mount: [429, 429],
	open_tree: [428, 428],
	fsopen: [430, 430],
	fsmount: [432, 432],
	mount_setattr: [442, 442],
	setns: [308, 268],
	unshare: [272, 97],
	add_key: [248, 217],
	request_key: [249, 218],
	keyctl: [250, 219],
	bpf: [321, 280],
	perf_event_open: [298, 241],
	userfaultfd: [323, 282],
	io_uring_setup: [425, 425],
	io_uring_enter: [426, 426],
	io_uring_register: [427, 427],
	init_module: [175, 105],
	finit_module: [313, 273],
	delete_module: [176, 106],
	name_to_handle_at: [303, 264],
	open_by_handle_at: [304, 265],
};
/** What ordinary programs do. */
const ordinary: Record<string, readonly [number, number]> = {
	read: [0, 63],
	write: [1, 64],
	openat: [257, 56],
	execve: [59, 221],
	socketpair: [53, 199],
	connect: [42, 203],
	prctl: [157, 167],
	futex: [202, 98],
	memfd_create: [319, 279],
	exit_group: [231, 94],
};

for (const architecture of ['x64', 'arm64'] as const) {
	const here = (numbers: readonly [number, number | undefined]) => numberOn(numbers, architecture) ?? assert.fail('no number');

	test(`${architecture}: what is listed is refused, what programs need is not`, () => {
		for (const [name, numbers] of Object.entries(listed)) assert.equal(verdict(architecture, { number: here(numbers) }), 'refuse', name);
		for (const numbers of Object.values(refused)) {
			const number = numberOn(numbers, architecture);
			if (number !== undefined) assert.equal(verdict(architecture, { number }), 'refuse');
		}
		for (const [name, numbers] of Object.entries(ordinary)) assert.equal(verdict(architecture, { number: here(numbers) }), 'allow', name);
		assert.equal(verdict(architecture, { number: here(unknown.clone3!) }), 'unknown');
	});

	test(`${architecture}: every other number is allowed`, () => {
		const known = new Set(
			[...Object.values(refused), ...Object.values(unknown), judged.socket].map(numbers => numberOn(numbers, architecture)),
		);
		for (let number = 0; number < 600; number++)
			assert.equal(verdict(architecture, { number }) === 'allow', !known.has(number), String(number));
	});

	test(`${architecture}: sockets are for the internet and for netlink; none for files, for the host of a machine, for packets`, () => {
		const number = here(judged.socket);
		const families = Array.from({ length: 64 }, (_none, first) => first);
		const open = families.filter(first => verdict(architecture, { number, first }) === 'allow');
		assert.deepEqual(open, [2, 10, 16]);
	});

	test(`${architecture}: clone makes no user namespace, and ioctl types into no terminal`, () => {
		const clone = here(judged.clone);
		assert.equal(verdict(architecture, { number: clone, first: 0x3d0f00 }), 'allow');
		assert.equal(verdict(architecture, { number: clone, first: 0x10000000 }), 'refuse');
		assert.equal(verdict(architecture, { number: clone, first: 0x3d0f00 | 0x10000000 }), 'refuse');
		const ioctl = here(judged.ioctl);
		for (const [second, what] of [
			[0x5412, 'refuse'],
			[0x541c, 'refuse'],
			[0x5413, 'allow'],
			[0x5401, 'allow'],
		] as const)
			assert.equal(verdict(architecture, { number: ioctl, second }), what, second.toString(16));
	});

	test(`${architecture}: the numbers of another architecture mean nothing here`, () => {
		for (const audit of [0x40000003, 0x40000028, 0xc00000f3]) assert.equal(verdict(architecture, { number: 1, audit }), 'kill');
	});
}

test('x64: the second set of calls is refused as a whole', () => {
	for (const number of [0x40000000, 0x40000001, 0x400001ff]) assert.equal(verdict('x64', { number }), 'refuse');
});
