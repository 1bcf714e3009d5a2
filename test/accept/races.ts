import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { counting, crashed } from './count.js';
import { inMemory, makeWorld, removeWorld, run, type Surface } from './play.js';

const opens = 100_000;

/** What is opened: a folder, a folder further up and the file itself are swapped for links that lead outside. */
export const aims = ['d/a.txt', 'e/sub/a.txt', 'f/a.txt'];
const swapped = ['d', 'e', 'f/a.txt'];

/** Takes each away, puts a link to its like outside in its place, and the real one back, without end. */
const swapper = `
	const fs = require('fs');
	process.stdout.write('ready');
	for (;;)
		for (const name of ${JSON.stringify(swapped)}) {
			fs.renameSync(name, 'away');
			fs.symlinkSync(process.argv[1] + '/' + name, name);
			fs.unlinkSync(name);
			fs.renameSync('away', name);
		}`;

/** Opens by the program's own walk, against a program that swaps links in and out: nothing outside is read or made. */
export async function races(): Promise<Surface> {
	const { surface, hostile, benign } = counting('races');
	const world = makeWorld(inMemory);
	const { ws, outside } = world;
	for (const [base, text] of [
		[ws, 'inside'],
		[outside, 'SECRET'],
	] as const)
		for (const aim of aims) {
			mkdirSync(join(base, dirname(aim)), { recursive: true });
			writeFileSync(join(base, aim), text);
		}
	const entries = () => readdirSync(outside, { recursive: true }).map(String);
	const before = entries();
	const swaps = spawn(process.execPath, ['-e', swapper, outside], { cwd: ws, stdio: ['ignore', 'pipe', 'inherit'] });
	try {
		await once(swaps.stdout, 'data');
		const racer = ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'racer.ts'), ws, String(opens)];
		const ran = await run(world, racer);
		const counts: Record<string, number> = ran.code === 0 ? JSON.parse(ran.stdout) : {};
		const made = entries().filter(name => !before.includes(name));
		for (const [came, times] of Object.entries(counts)) {
			hostile(`${times} times: ${came}`, !['inside', 'absent', 'refused', 'made'].includes(came) && 'reached');
			surface.hostile += times - 1;
		}
		hostile(`made outside: ${made.length}`, made.length > 0 && String(made.slice(0, 5)));
		hostile(`ends: ${ran.stderr.slice(-300)}`, crashed(ran));
		for (const came of ['inside', 'refused', 'made']) benign(`${came}: ${counts[came]} of ${opens}`, (counts[came] ?? 0) > 0);
	} finally {
		swaps.kill('SIGKILL');
		await once(swaps, 'exit');
		removeWorld(world);
	}
	return surface;
}
