import { setTimeout as pause } from 'node:timers/promises';
import { openChat, paste, promptSeen, restSeen, writingSeen } from './chat.js';
import { each, percentile, type Row } from './figures.js';
import { newHome } from './home.js';
import type { Bench } from './measures.js';
import type { Weights } from './model.js';
import { inPairs } from './pairs.js';
import { asked } from './turns.js';
import { prose } from './words.js';

/** P12: from Esc to an engine that is idle, while it reads and while it writes. */

const stops = 10;
const messageWords = 350;

type Stops = { reading: number; writing: number };

/** The chat is at rest when the engine has answered the stop: it takes no new message before. */
export async function stopping({ weights, effort }: Bench): Promise<Row[]> {
	const { runs, dropped } = await inPairs(effort, () => stopsOf(weights));
	const row = { id: 'P12', unit: 'ms', dropped, against: 'none: a figure of its own', note: `p95 of ${stops} stops in each run` };
	return [
		{
			...row,
			what: 'Esc to idle, reading',
			runs: each(runs, one => one.reading),
			goal: { of: 'ours', better: 'less', reach: 400 },
		},
		{
			...row,
			what: 'Esc to idle, writing',
			runs: each(runs, one => one.writing),
			goal: { of: 'ours', better: 'less', reach: 100 },
		},
	];
}

async function stopsOf(weights: Weights): Promise<Stops> {
	const home = newHome();
	const chat = openChat(home, ['-m', weights.path, '--seed', '1', '--offline']);
	const stopAt = async (busy: (screen: string) => boolean, what: string, afterMs: number): Promise<number | undefined> => {
		await chat.until(busy, what);
		await pause(afterMs);
		let still = false;
		await chat.until(screen => {
			still = busy(screen);
			return true;
		}, 'the screen');
		const at = performance.now();
		chat.type('\x1b');
		const idle = await chat.until(restSeen, 'rest after Esc');
		return still ? idle - at : undefined;
	};
	/** Stops at ever other moments; one that came too late to find the engine busy does not count. */
	const series = async (begin: (n: number) => void, busy: (screen: string) => boolean, what: string): Promise<number> => {
		const times: number[] = [];
		for (let n = 0; n < 3 * stops && times.length < stops; n++) {
			begin(n);
			const time = await stopAt(busy, what, 100 + ((n * 137) % 600));
			if (time !== undefined) times.push(time);
		}
		return percentile(times, 0.95);
	};
	try {
		await chat.until(promptSeen, 'the prompt');
		const send = (text: string) => {
			paste(chat, text);
			chat.type('\r');
		};
		const writing = await series(n => send(asked[n % asked.length]!), writingSeen, 'a reply');
		const reading = await series(
			n => send(prose(messageWords, 1200 + n)),
			screen => /^reading [1-9]/m.test(screen),
			'reading',
		);
		return { reading, writing };
	} finally {
		await chat.close();
		home.remove();
	}
}
