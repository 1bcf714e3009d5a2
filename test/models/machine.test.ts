import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lookAtMachine, type Sources } from '../../src/models/machine.js';

const meminfo = 'MemTotal:       16000000 kB\nMemFree:         1000000 kB\nMemAvailable:    8000000 kB\n';

/** A made-up machine: 8 processors, and the given files. */
function machine(files: Record<string, string>, more: Partial<Sources> = {}): Sources {
	const all: Record<string, string> = { '/proc/meminfo': meminfo, '/proc/self/status': 'Cpus_allowed_list:\t0-7\n', ...files };
	return {
		platform: 'linux',
		arch: 'x64',
		cpu: 'test',
		parallelism: 8,
		memory: { total: 1e9, free: 5e8 },
		read: path => all[path],
		entries: () => [],
		ask: async () => undefined,
		...more,
	};
}
const siblings = (pairs: (cpu: number) => string) =>
	Object.fromEntries(
		Array.from({ length: 8 }, (_, cpu) => [`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`, `${pairs(cpu)}\n`]),
	);

describe('memory', () => {
	it('is what is available, not what is free', async () => {
		const { memoryTotal, memoryAvailable } = await lookAtMachine(machine({}));
		assert.deepEqual([memoryTotal, memoryAvailable], [16_384_000_000, 8_192_000_000]);
	});
	it('is bounded by the tightest group around the process (cgroup 2), file cache counting as free', async () => {
		const { memoryTotal, memoryAvailable } = await lookAtMachine(
			machine({
				'/proc/self/cgroup': '0::/a/b\n',
				'/sys/fs/cgroup/a/b/memory.max': 'max\n',
				'/sys/fs/cgroup/a/memory.max': '2000000000\n',
				'/sys/fs/cgroup/a/memory.current': '1500000000\n',
				'/sys/fs/cgroup/a/memory.stat': 'anon 1\ninactive_file 500000000\n',
			}),
		);
		assert.deepEqual([memoryTotal, memoryAvailable], [2e9, 1e9]);
	});
	it('is bounded by a version 1 group, and not by its "no limit"', async () => {
		const files = { '/proc/self/cgroup': '5:memory:/c\n', '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n' };
		assert.equal((await lookAtMachine(machine(files))).memoryAvailable, 8_192_000_000);
		const limited = {
			...files,
			'/sys/fs/cgroup/memory/c/memory.limit_in_bytes': '3000000000',
			'/sys/fs/cgroup/memory/c/memory.usage_in_bytes': '1000000000',
		};
		assert.equal((await lookAtMachine(machine(limited))).memoryAvailable, 2e9);
	});
	it('is what the system says elsewhere', async () => {
		assert.equal((await lookAtMachine(machine({}, { platform: 'win32' }))).memoryAvailable, 5e8);
	});
});

describe('cores', () => {
	it('counts hyper-threads once', async () => {
		assert.equal((await lookAtMachine(machine(siblings(cpu => `${cpu % 4},${(cpu % 4) + 4}`)))).cores, 4);
	});
	it('leaves out efficiency cores', async () => {
		const files = { ...siblings(String), '/sys/devices/cpu_core/cpus': '0-1\n' };
		assert.equal((await lookAtMachine(machine(files))).cores, 2);
		const arm = Object.fromEntries(
			Array.from({ length: 8 }, (_, cpu) => [`/sys/devices/system/cpu/cpu${cpu}/cpu_capacity`, cpu < 5 ? '400' : '1024']),
		);
		assert.equal((await lookAtMachine(machine({ ...siblings(String), ...arm }))).cores, 3);
	});
	it('obeys affinity and quota, and is never less than one', async () => {
		assert.equal((await lookAtMachine(machine({ ...siblings(String), '/proc/self/status': 'Cpus_allowed_list:\t2,5\n' }))).cores, 2);
		const quota = (text: string) => machine({ ...siblings(String), '/proc/self/cgroup': '0::/x\n', '/sys/fs/cgroup/x/cpu.max': text });
		assert.equal((await lookAtMachine(quota('350000 100000\n'))).cores, 3);
		assert.equal((await lookAtMachine(quota('max 100000\n'))).cores, 8);
		assert.equal((await lookAtMachine(quota('20000 100000\n'))).cores, 1);
	});
	it('asks a Mac for its performance cores', async () => {
		const ask = async (program: string) => (program === 'sysctl' ? '6\n' : undefined);
		assert.equal((await lookAtMachine(machine({}, { platform: 'darwin', arch: 'arm64', ask }))).cores, 6);
	});
});

describe('graphics card', () => {
	it('is named by nvidia-smi, or by the driver when that is slow', async () => {
		const entries = (path: string) => (path === '/proc/driver/nvidia/gpus' ? ['0000:01:00.0'] : []);
		const files = { '/proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: \t\t NVIDIA RTX\n' };
		const ask = async () => 'NVIDIA RTX 4090, 24564\n';
		assert.deepEqual((await lookAtMachine(machine(files, { entries, ask }))).gpu, {
			kind: 'cuda',
			name: 'NVIDIA RTX 4090',
			memory: 24_564 * 2 ** 20,
		});
		assert.deepEqual((await lookAtMachine(machine(files, { entries }))).gpu, { kind: 'cuda', name: 'NVIDIA RTX', memory: undefined });
	});
	it('is none where nothing speaks for one', async () => {
		assert.equal((await lookAtMachine(machine({}))).gpu, undefined);
	});
});

it('looks at the machine it runs on', async () => {
	const { cores, memoryAvailable, memoryTotal } = await lookAtMachine();
	assert.ok(cores >= 1 && memoryAvailable > 0 && memoryAvailable <= memoryTotal);
});
