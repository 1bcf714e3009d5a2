import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openChat, openTerminal } from './chat.js';
import type { Row } from './figures.js';
import { type Home, newHome } from './home.js';
import type { Bench } from './measures.js';
import { inPairs } from './pairs.js';
import { qwill, runToEnd } from './program.js';

/** P5: from the start of the program to a prompt that has taken the first keys. */

const keys = 'zqxj';
/** Starts of one run: one alone is shorter than what a clock of processor time can tell apart. */
const starts = 10;
const endedMs = 1500;

async function untilEchoed(home: Home, model: string): Promise<number> {
	const chat = openChat(home, ['-m', model, '--offline']);
	try {
		chat.type(keys);
		// The terminal itself echoes what comes before the program listens: only what stands in the draft counts.
		const at = await chat.until(screen => screen.includes(`> ${keys}`), 'the keys in the draft');
		// Ended before its model is chosen, it could not say what its processes used, which would pass for other programs' work.
		await chat.until(screen => /\/\d+,\d{3} /.test(screen), 'the size of the context');
		return at - chat.startedAt;
	} finally {
		await chat.close();
		// What the system does to end processes counts as other programs' work: in so short a run it would be a good part of it.
		await pause(endedMs);
	}
}

/** pi draws its draft below a rule. Its network is off, as is ours. */
async function untilEchoedByPi(home: Home, program: string): Promise<number> {
	const cwd = home.folder();
	const chat = openTerminal({ program, args: [], cwd, env: { ...home.env, HOME: cwd, PI_OFFLINE: '1' } });
	try {
		chat.type(keys);
		return (await chat.until(screen => screen.includes(`─\n${keys}`), 'the keys in the draft of pi')) - chat.startedAt;
	} finally {
		await chat.close();
	}
}

const onPath = (name: string): string | undefined =>
	(process.env.PATH ?? '')
		.split(delimiter)
		.map(folder => join(folder, name))
		.find(path => existsSync(path));

/** P5: the keys are sent at once, and the model is loaded behind. */
export async function startToPrompt({ weights, effort }: Bench): Promise<Row[]> {
	const home = newHome();
	const pi = onPath('pi');
	try {
		await untilEchoed(home, weights.path); // The file is hashed once.
		const { runs, dropped } = await inPairs(
			effort,
			() => untilEchoed(home, weights.path),
			pi === undefined ? undefined : () => untilEchoedByPi(home, pi),
		);
		const row = {
			id: 'P5',
			unit: 'ms',
			runs,
			dropped,
			against: pi === undefined ? 'no reference on this machine (pi is not on the PATH)' : 'pi',
		};
		return [
			{ ...row, what: 'start to echoed keys', goal: { of: 'ratio', better: 'less', reach: 0.5 } },
			{
				...row,
				what: 'the same, in itself',
				goal: { of: 'ours', better: 'less', reach: 500, stretch: 300 },
				note: 'half of what pi took when last measured is 500 ms',
			},
		];
	} finally {
		home.remove();
	}
}

/** P5b: what needs neither screen nor model, beside a Node that does nothing. */
export async function shortRuns({ effort }: Bench): Promise<Row[]> {
	const home = newHome();
	const cwd = home.folder();
	const mean = async (args: readonly string[]) => {
		let sum = 0;
		for (let n = 0; n < starts; n++) sum += (await runToEnd({ args, env: home.env, cwd })).ms;
		return sum / starts;
	};
	try {
		const rows: Row[] = [];
		for (const flag of ['--version', '--help']) {
			const measured = await inPairs(
				effort,
				() => mean([qwill, flag]),
				() => mean(['-e', '0']),
			);
			const against = `node -e 0, the mean of ${starts} starts each`;
			rows.push({
				id: 'P5b',
				what: flag,
				unit: 'ms',
				...measured,
				against,
				goal: { of: 'ratio', better: 'less', reach: 1.6, stretch: 1.3 },
			});
		}
		return rows;
	} finally {
		home.remove();
	}
}
