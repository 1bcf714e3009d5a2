/**
 * What the sandbox adds to a command: the same ordinary commands with it and without it, one after the other in turn, so that
 * whatever else the machine does meets both. `npm run bench:box`
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openProcesses } from '../../src/workspace/processes.js';
import { boxOf } from '../../src/workspace/sandbox/box.js';
import type { Processes } from '../../src/workspace/workspace.js';

const commands = ['true', 'ls -la', 'cat src/a.js', 'grep -rn console src', 'git status --short', 'node -e 0'];
const rounds = 20;

const base = realpathSync(mkdtempSync('/var/tmp/qwill-bench-'));
try {
	mkdirSync(join(base, 'src'));
	writeFileSync(join(base, 'src/a.js'), 'console.log(1)\n');
	writeFileSync(join(base, '.env'), 'KEY=x\n');
	execFileSync('git', ['init', '-q'], { cwd: base });
	const boxed = await boxOf(base, 'where it works');
	if (!boxed.on) throw new Error(`There is no sandbox to measure: ${boxed.why}.`);
	const doors = { without: openProcesses(base), with: openProcesses(base, boxed) };
	const added: number[] = [];
	for (const command of commands) {
		const [without, within]: [number[], number[]] = [[], []];
		for (let round = 0; round < rounds; round++) {
			without.push(await milliseconds(doors.without, command));
			within.push(await milliseconds(doors.with, command));
		}
		const more = within.map((one, index) => one - without[index]!);
		added.push(...more);
		console.log(`${command.padEnd(24)} ${ms(without)} without, ${ms(within)} with, ${ms(more)} more (medians of ${rounds})`);
	}
	console.log(`${'all'.padEnd(24)} ${ms(added)} more (median of ${added.length} pairs; nine in ten below ${at(added, 0.9).toFixed(1)} ms)`);
} finally {
	rmSync(base, { recursive: true, force: true });
}

async function milliseconds(processes: Processes, command: string): Promise<number> {
	const began = performance.now();
	const running = processes.run({ shell: command }, { timeoutMs: 60_000, signal: new AbortController().signal });
	for (;;) {
		const step = await running.next();
		if (!step.done) continue;
		if (step.value.exitCode !== 0) throw new Error(`${command}: ${step.value.output}`);
		return performance.now() - began;
	}
}

function at(values: readonly number[], part: number): number {
	return values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) * part)] ?? Number.NaN;
}

function ms(values: readonly number[]): string {
	return `${at(values, 0.5).toFixed(1)} ms`.padStart(8);
}
