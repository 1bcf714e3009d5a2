/** The seccomp filter of the box: a program for the kernel's packet filter machine (linux/filter.h), put together from the table. */
import { type Architecture, architectures, families, judged, newUserNamespace, numberOn, refused, typing, unknown } from './syscalls.js';

/** One instruction. Jumps count the instructions that are passed over. */
export type Instruction = { code: number; yes: number; no: number; value: number };

/** What the filter says of a call (linux/seccomp.h). */
export const verdicts = { allow: 0x7fff0000, refuse: 0x00050001, unknown: 0x00050026, kill: 0x80000000 } as const;

/** Offsets in `struct seccomp_data`; of the arguments, the lower half, which is all that these calls look at. */
const at = { number: 0, architecture: 4, first: 16, second: 24 } as const;
const code = { load: 0x20, equal: 0x15, atLeast: 0x35, anyBit: 0x45, answer: 0x06 } as const;

type Verdict = keyof typeof verdicts;
/** A line of the program before its jumps are counted. `to` and `otherwise` name a block; without one, the next line follows. */
type Line =
	| { load: number; block?: Block }
	| { test: 'equal' | 'atLeast' | 'anyBit'; value: number; to?: Block; otherwise?: Block }
	| { answer: Verdict; block: Block };
type Block = 'clone' | 'socket' | 'ioctl' | Verdict;

/** The filter for an architecture, as the bytes that bubblewrap hands to the kernel. */
export function filterFor(architecture: Architecture): Uint8Array {
	const program = assembled(linesFor(architecture));
	const bytes = Buffer.alloc(program.length * 8);
	for (const [index, { code, yes, no, value }] of program.entries()) {
		bytes.writeUInt16LE(code, index * 8);
		bytes.writeUInt8(yes, index * 8 + 2);
		bytes.writeUInt8(no, index * 8 + 3);
		bytes.writeUInt32LE(value, index * 8 + 4);
	}
	return bytes;
}

function linesFor(architecture: Architecture): Line[] {
	const { audit, foreign } = architectures[architecture];
	const are = (table: Record<string, readonly [number, number | undefined]>, to: Block): Line[] =>
		Object.values(table)
			.map(numbers => numberOn(numbers, architecture))
			.filter(number => number !== undefined)
			.map(value => ({ test: 'equal', value, to }));
	return [
		// Under another architecture the same numbers mean other calls.
		{ load: at.architecture },
		{ test: 'equal', value: audit, otherwise: 'kill' },
		{ load: at.number },
		...(foreign === undefined ? [] : [{ test: 'atLeast', value: foreign, to: 'refuse' } as const]),
		...are(refused, 'refuse'),
		...are(unknown, 'unknown'),
		...(['clone', 'socket', 'ioctl'] as const).flatMap(name => are({ [name]: judged[name] }, name)),
		{ test: 'equal', value: 0, to: 'allow', otherwise: 'allow' },
		{ load: at.first, block: 'clone' },
		{ test: 'anyBit', value: newUserNamespace, to: 'refuse', otherwise: 'allow' },
		{ load: at.first, block: 'socket' },
		{ test: 'equal', value: families.inet, to: 'allow' },
		{ test: 'equal', value: families.inet6, to: 'allow' },
		{ test: 'equal', value: families.netlink, to: 'allow', otherwise: 'refuse' },
		{ load: at.second, block: 'ioctl' },
		{ test: 'equal', value: typing.sti, to: 'refuse' },
		{ test: 'equal', value: typing.linux, to: 'refuse', otherwise: 'allow' },
		{ answer: 'allow', block: 'allow' },
		{ answer: 'refuse', block: 'refuse' },
		{ answer: 'unknown', block: 'unknown' },
		{ answer: 'kill', block: 'kill' },
	];
}

/** Counts the jumps. They only lead on, which is all that the machine can do. */
function assembled(lines: readonly Line[]): Instruction[] {
	const blocks = new Map(lines.flatMap((line, index) => ('block' in line && line.block !== undefined ? [[line.block, index]] : [])));
	return lines.map((line, index) => {
		if ('load' in line) return { code: code.load, yes: 0, no: 0, value: line.load };
		if ('answer' in line) return { code: code.answer, yes: 0, no: 0, value: verdicts[line.answer] };
		const jump = (to: Block | undefined) => (to === undefined ? 0 : blocks.get(to)! - index - 1);
		return { code: code[line.test], yes: jump(line.to), no: jump(line.otherwise), value: line.value };
	});
}
