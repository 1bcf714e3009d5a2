import { readdirSync, readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, freemem, platform, totalmem } from 'node:os';
import { memoryLimit, quotaCores } from './cgroup.js';
import { askProgram } from './programs.js';

/** What this machine offers a model. Memory in bytes, now, after all other programs. */
export type Machine = {
	platform: string;
	arch: string;
	cpu: string;
	/** Physical (performance) cores within the affinity and the quota of this process: the useful number of threads. */
	cores: number;
	memoryTotal: number;
	memoryAvailable: number;
	/** A guess made without loading the engine, which decides. */
	gpu: Gpu | undefined;
};

/** `memory` in bytes where it is known and the card's own; a Mac shares its memory with the processor. */
export type Gpu = { kind: 'cuda' | 'metal' | 'vulkan'; name: string; memory: number | undefined };

/** Where the facts are read from. Tests hand in a small made-up machine. */
export type Sources = {
	platform: string;
	arch: string;
	cpu: string;
	parallelism: number;
	memory: { total: number; free: number };
	/** The text of a file; undefined when it cannot be read. */
	read(path: string): string | undefined;
	/** The names in a folder; none when it cannot be read. */
	entries(path: string): string[];
	/** What a program prints within 1.5 s; undefined when it is missing, fails or is slower. */
	ask(program: string, args: readonly string[]): Promise<string | undefined>;
};

/** Looks at this machine. Takes some milliseconds, at most 1.5 s where a graphics driver is slow. Never fails. */
export async function lookAtMachine(sources: Sources = thisMachine()): Promise<Machine> {
	const gpu = await guessGpu(sources);
	return {
		platform: sources.platform,
		arch: sources.arch,
		cpu: sources.cpu,
		cores: await usableCores(sources),
		...memory(sources),
		gpu,
	};
}

function memory(sources: Sources): { memoryTotal: number; memoryAvailable: number } {
	const info = sources.platform === 'linux' ? (sources.read('/proc/meminfo') ?? '') : '';
	const field = (name: string) => {
		const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(info);
		return match ? Number(match[1]) * 1024 : undefined;
	};
	const total = field('MemTotal') ?? sources.memory.total;
	const available = field('MemAvailable') ?? sources.memory.free;
	const limit = sources.platform === 'linux' ? memoryLimit(sources.read) : undefined;
	return {
		memoryTotal: Math.min(total, limit?.total ?? total),
		memoryAvailable: Math.min(available, limit?.available ?? available),
	};
}

async function usableCores(sources: Sources): Promise<number> {
	if (sources.platform === 'darwin') {
		const answer = Number(await sources.ask('sysctl', ['-n', 'hw.perflevel0.physicalcpu']));
		return answer >= 1 ? Math.min(answer, sources.parallelism) : Math.max(1, sources.parallelism);
	}
	if (sources.platform !== 'linux') return Math.max(1, Math.floor(sources.parallelism / 2));
	const allowed = listed(/^Cpus_allowed_list:\s*(\S+)/m.exec(sources.read('/proc/self/status') ?? '')?.[1]);
	const physical = physicalCores(sources, allowed) || sources.parallelism;
	return Math.max(1, Math.min(physical, sources.parallelism, quotaCores(sources.read) ?? physical));
}

/** Cores among the allowed processors, hyper-threads counted once, efficiency cores left out where there are others. */
function physicalCores(sources: Sources, allowed: readonly number[]): number {
	// Hybrid Intel processors list their performance cores here; mixed ARM ones grade theirs from 1 to 1024.
	const performance = new Set(listed(sources.read('/sys/devices/cpu_core/cpus')));
	const grade = (cpu: number) => Number(sources.read(`/sys/devices/system/cpu/cpu${cpu}/cpu_capacity`) ?? 1024);
	const best = Math.max(...allowed.map(grade));
	const fast = allowed.filter(cpu => (performance.size === 0 || performance.has(cpu)) && grade(cpu) >= best * 0.7);
	const used = fast.length > 0 ? fast : allowed;
	return new Set(used.map(cpu => sources.read(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`)?.trim() ?? String(cpu)))
		.size;
}

/** `0-2,5` as numbers (Linux, "cpulists"); at most 4,096 of them. */
function listed(text: string | undefined): number[] {
	const numbers: number[] = [];
	for (const range of (text ?? '').trim().split(',')) {
		const match = /^(\d+)(?:-(\d+))?$/.exec(range);
		if (!match) continue;
		for (let cpu = Number(match[1]); cpu <= Number(match[2] ?? match[1]) && numbers.length < 4096; cpu++) numbers.push(cpu);
	}
	return numbers;
}

async function guessGpu(sources: Sources): Promise<Gpu | undefined> {
	if (sources.platform === 'darwin') return sources.arch === 'arm64' ? { kind: 'metal', name: sources.cpu, memory: undefined } : undefined;
	const driver = '/proc/driver/nvidia/gpus';
	const cards = sources.platform === 'linux' ? sources.entries(driver) : [];
	if (cards.length > 0 || sources.platform === 'win32') {
		const answer = await sources.ask('nvidia-smi', ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits']);
		const match = /^(.+), (\d+)$/m.exec(answer ?? '');
		if (match?.[1]) return { kind: 'cuda', name: match[1].trim(), memory: Number(match[2]) * 2 ** 20 };
	}
	const first = cards[0] && sources.read(`${driver}/${cards[0]}/information`);
	const model = /^Model:\s*(.+)$/m.exec(first ?? '')?.[1];
	if (model) return { kind: 'cuda', name: model.trim(), memory: undefined };
	const node = sources.entries('/dev/dri').find(name => name.startsWith('renderD'));
	return node ? { kind: 'vulkan', name: `graphics device ${node}`, memory: undefined } : undefined;
}

function thisMachine(): Sources {
	return {
		platform: platform(),
		arch: arch(),
		cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
		parallelism: availableParallelism(),
		memory: { total: totalmem(), free: freemem() },
		read(path) {
			try {
				return readFileSync(path, 'utf8');
			} catch {
				return undefined;
			}
		},
		entries(path) {
			try {
				return readdirSync(path);
			} catch {
				return [];
			}
		},
		ask: askProgram,
	};
}
