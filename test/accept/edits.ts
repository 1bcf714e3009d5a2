import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { places } from '../../src/places.js';
import { seeded } from '../seeded.js';
import { counting, crashed, type Wrong } from './count.js';
import { digest, environmentOf, inMemory, type Made, makeWorld, qwill, removeWorld, type Surface, scriptOf, wordsFor } from './play.js';

const kills = 30;
const files = [0, 1, 2, 3, 4].map(number => `d${number}/f.txt`);
/** Calls of one task, and lines of the undo log behind the last of which the program is killed at the latest. */
const writes = 40;
const steps = 40;
const old: Readonly<Record<string, string>> = { 'd0/f.txt': 'zero\r\n', 'd1/f.txt': '\ufeffone\n' };

const textOf = (number: number): string => `begin ${number}\n${`${number}\n`.repeat(2000)}end ${number}\n`;

/** The program, killed at any step of writing five files in turn: each of them is an old or a new one, and undo is exact. */
export async function killedEdits(): Promise<Surface> {
	const { surface, hostile } = counting('kills in edits');
	const random = seeded(31);
	const points = Array.from({ length: kills }, () => 1 + random(steps)).values();
	const worker = async (): Promise<void> => {
		for (const point of points) hostile(`killed behind line ${point} of the undo log`, ...(await killedAt(point)));
	};
	await Promise.all([worker(), worker()]);
	return surface;
}

async function killedAt(point: number): Promise<Wrong[]> {
	const world = makeWorld(inMemory);
	try {
		for (const [path, text] of Object.entries(old)) {
			mkdirSync(join(world.ws, path, '..'), { recursive: true });
			writeFileSync(join(world.ws, path), text);
		}
		const before = digest(world.ws);
		const script = join(world.base, 'script.md');
		const reads = Object.keys(old).map((path): Made => ({ tool: 'read_file', args: { file_path: path } }));
		const made = Array.from(
			{ length: writes },
			(_, number): Made => ({ tool: 'write_file', args: { file_path: files[number % 5], content: textOf(number) } }),
		);
		writeFileSync(script, [...scriptOf([[...reads, ...made]]), 'Done.\n'].join('---\n'));
		const child = spawn(process.execPath, wordsFor(script, ['--approval-mode', 'yolo']), {
			cwd: world.ws,
			env: environmentOf(world),
			stdio: 'ignore',
		});
		const ended = once(child, 'close');
		const log = join(world.base, 'state', 'qwill', 'projects', basename(places.project(world.ws)), 'undo', 'log.jsonl');
		const lines = (): number => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0);
		while (child.exitCode === null && lines() < point) await turn();
		child.kill('SIGKILL');
		await ended;
		const torn = files.find(path => !isWhole(join(world.ws, path), old[path]));
		const reached = lines();
		const undone = qwill(world, ['undo']);
		return [
			torn !== undefined && `${torn} is torn`,
			reached < point && `only ${reached} lines`,
			crashed(undone),
			undone.code !== 0 && `undo ends with ${undone.code}: ${undone.stderr.slice(-200)}`,
			digest(world.ws) !== before && 'something is left behind undo',
		];
	} finally {
		removeWorld(world);
	}
}

function isWhole(path: string, before: string | undefined): boolean {
	if (!existsSync(path)) return before === undefined;
	const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n').replace('\ufeff', '');
	const number = /^begin (\d+)\n/.exec(text)?.[1];
	return number === undefined ? text === before?.replaceAll('\r\n', '\n').replace('\ufeff', '') : text === textOf(Number(number));
}
