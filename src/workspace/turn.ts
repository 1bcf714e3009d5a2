/** One writer at a time in one folder: within this program by a queue, among programs by files that say who is at it. */
import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../types.js';
import { isAlive, ownName } from './alive.js';
import { sayingWhy } from './trouble.js';

const queues = new Map<string, Promise<unknown>>();
const longestWaitMs = 20_000;

/**
 * Runs `work` while no other program, and nothing else of this one, is at it in `folder` (made if need be).
 * `afterDeath` runs first when a program died in its turn. Refuses after 20 s of waiting.
 */
export async function inTurn<T>(
	folder: string,
	{ work, afterDeath }: { work: () => Promise<T>; afterDeath: () => Promise<void> },
): Promise<T> {
	const ahead = queues.get(folder) ?? Promise.resolve();
	const mine = ahead.then(() => alone(folder, { work, afterDeath }));
	const settled = mine.catch(() => undefined);
	queues.set(folder, settled);
	try {
		return await mine;
	} finally {
		if (queues.get(folder) === settled) queues.delete(folder);
	}
}

async function alone<T>(folder: string, { work, afterDeath }: { work: () => Promise<T>; afterDeath: () => Promise<void> }): Promise<T> {
	const claims = join(folder, 'turn');
	const about = { doing: 'keeping undo data in', path: folder, intact: 'no file was changed' };
	await sayingWhy(about, () => mkdirSync(claims, { recursive: true, mode: 0o700 }));
	const own = join(claims, ownName());
	const until = Date.now() + longestWaitMs;
	for (let attempt = 1; ; attempt++) {
		const { busy, dead } = await sayingWhy(about, () => claim(claims, own));
		if (busy === undefined) return await hold({ own, claims, dead, work, afterDeath });
		if (Date.now() > until)
			throw new Refusal(`Another qwill (process ${busy.split('-')[0]}) is busy in this folder; nothing was written. Try again.`);
		// By chance, so that two which meet do not go on meeting.
		await pause(1 + Math.random() * Math.min(4 * attempt, 25));
	}
}

type Turn<T> = { own: string; claims: string; dead: string[]; work: () => Promise<T>; afterDeath: () => Promise<void> };

async function hold<T>({ own, claims, dead, work, afterDeath }: Turn<T>): Promise<T> {
	try {
		if (dead.length > 0) await afterDeath();
		for (const name of dead) rmSync(join(claims, name), { force: true });
		return await work();
	} finally {
		rmSync(own, { force: true });
	}
}

/**
 * Node has no flock. Each program puts its own file down first and looks for others' only then, so that of two at least
 * the later one sees the other and stands back; and what a dead one left needs no breaking, only removing.
 */
function claim(claims: string, own: string): { busy?: string; dead: string[] } {
	closeSync(openSync(own, 'w', 0o600));
	const others = readdirSync(claims).filter(name => join(claims, name) !== own);
	const busy = others.find(isAlive);
	if (busy === undefined) return { dead: others };
	rmSync(own, { force: true });
	return { busy, dead: [] };
}
