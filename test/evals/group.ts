import { spawn } from 'node:child_process';

export type Ran = { code: number | null; late: boolean; stdout: string; stderr: string; ms: number };
export type Running = { program: string; args: readonly string[]; cwd: string; env: NodeJS.ProcessEnv; seconds: number };

/** Characters of each stream that are kept: the beginning is what counts, and a candidate may print for ever. */
const kept = 4_000_000;
const groups = new Set<number>();
process.on('exit', () => {
	for (const group of groups) end(group);
});

/** Runs a program to its end, and ends it with all that it has started when its seconds are up. */
export function runGroup({ program, args, cwd, env, seconds }: Running): Promise<Ran> {
	const started = performance.now();
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
		child.on('error', reject);
		const { pid } = child;
		if (pid === undefined) return;
		groups.add(pid);
		const read = { stdout: '', stderr: '' };
		for (const name of ['stdout', 'stderr'] as const)
			child[name].setEncoding('utf8').on('data', (text: string) => {
				if (read[name].length < kept) read[name] += text;
			});
		let late = false;
		const timer = setTimeout(() => {
			late = true;
			end(pid);
		}, seconds * 1000);
		// What it started may hold its streams open: it goes with it.
		child.on('exit', () => end(pid));
		child.on('close', code => {
			clearTimeout(timer);
			groups.delete(pid);
			resolve({ code, late, ...read, ms: performance.now() - started });
		});
	});
}

function end(group: number): void {
	try {
		process.kill(-group, 'SIGKILL');
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
	}
}
