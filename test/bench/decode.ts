import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../../src/types.js';
import { openChat, paste, promptSeen, restSeen, writingSeen } from './chat.js';
import { each, type Row } from './figures.js';
import { type Home, newHome, usages } from './home.js';
import type { Bench } from './measures.js';
import { answer, engineOn, question, type Weights } from './model.js';
import { inPairs } from './pairs.js';
import { oneshot, type Told } from './program.js';
import { llamaBench } from './reference.js';
import { proseOf } from './words.js';

/** P1, P2, P3: how fast the model reads and writes. */

const promptTokens = 512;
const writtenTokens = 128;
const request = '\n\nThose were loose words. Now write a long story about a lighthouse and the three people who keep it, in plain prose.';

/** A question that makes a prompt of 512 tokens, or as few as the fixed prompt of a larger model leaves possible. */
async function longQuestion(weights: Weights): Promise<string> {
	const engine = await engineOn(weights);
	try {
		const count = (text: string) => engine.measure(question(weights, text + request));
		const tokens = Math.max(promptTokens, (await count('')) + 64);
		return (await proseOf(tokens, 1, count)) + request;
	} finally {
		await engine.close();
	}
}

/** P1: writing through `-p`, from the second token to the 129th. */
export async function decode({ weights, effort, beside }: Bench): Promise<Row[]> {
	const text = await longQuestion(weights);
	const home = newHome();
	const ask = () => oneshot({ text, model: weights.path, home, stopAfter: writtenTokens + 1 });
	const ours = async () => rateOf(await ask());
	try {
		// As after any first use: the file is hashed, the fixed prompt kept.
		const { prompt } = await ask();
		const args = ['-m', weights.path, '-t', String(weights.threads), '-p', '0', '-n', String(writtenTokens), '-d', String(prompt)];
		const measured = await inPairs(effort, ours, 'missing' in beside ? undefined : () => llamaBench(beside.reference, args));
		return [
			{
				id: 'P1',
				what: 'decode',
				unit: 'tokens/s',
				...measured,
				against: 'missing' in beside ? beside.missing : `llama-bench ${args.slice(2).join(' ')}`,
				goal: { of: 'ratio', better: 'more', reach: 0.9, stretch: 0.97 },
				note: `tokens 2 to 129 after a prompt of ${prompt}, by the times at which -p printed them`,
			},
		];
	} finally {
		home.remove();
	}
}

/** The pieces that a stream brings are tokens, one each; a text whose pieces are not would give a wrong figure. */
function rateOf({ pieces, output }: Told): number {
	const [first] = pieces;
	const last = pieces[writtenTokens];
	if (!first || !last) throw new Refusal(`The model wrote only ${pieces.length} pieces of text; ${writtenTokens + 1} are needed.`);
	if (Math.abs(output - pieces.length) > 4) throw new Refusal(`${output} tokens came in ${pieces.length} pieces: their times say nothing.`);
	return (writtenTokens * 1000) / (last.at - first.at);
}

/** P2: reading 512 tokens that share nothing with what was read before. */
export async function prefill({ weights, effort, beside }: Bench): Promise<Row[]> {
	const engine = await engineOn(weights);
	const args = ['-m', weights.path, '-t', String(weights.threads), '-p', String(promptTokens), '-n', '0'];
	let seed = 1;
	const ours = async () => {
		// The last token of a prompt is read with the first that is written, and the frame's first three are always the same.
		const ask = (text: string) => question(weights, 'Go on.', { system: text, tools: [], maxTokens: 1 });
		const text = await proseOf(promptTokens + 4, ++seed, one => engine.measure(ask(one)));
		const { usage } = (await answer(engine, ask(text))).reply;
		return ((usage.prompt - usage.reused - 1) * 1000) / usage.readMs;
	};
	try {
		await ours(); // The first batch of a process is slower on both sides; llama-bench warms up by itself.
		const measured = await inPairs(effort, ours, 'missing' in beside ? undefined : () => llamaBench(beside.reference, args));
		return [
			{
				id: 'P2',
				what: 'prefill',
				unit: 'tokens/s',
				...measured,
				against: 'missing' in beside ? beside.missing : `llama-bench ${args.slice(2).join(' ')}`,
				goal: { of: 'ratio', better: 'more', reach: 0.95, stretch: 1 },
			},
		];
	} finally {
		await engine.close();
	}
}

type Written = { rate: number; output: number };

/** What the journal of a new home says of the reply that `work` made. */
async function written(cache: Home, work: (home: Home) => Promise<unknown>): Promise<Written> {
	const home = newHome(cache);
	try {
		await work(home);
		const usage = usages(home).at(-1);
		if (!usage || usage.output < writtenTokens / 2) throw new Refusal(`The model wrote only ${usage?.output ?? 0} tokens.`);
		return { rate: (usage.output * 1000) / usage.writeMs, output: usage.output };
	} finally {
		home.remove();
	}
}

/** P3: writing while the chat draws it, beside writing through `-p`. */
export async function decodeWhileDrawing({ weights, effort }: Bench): Promise<Row[]> {
	const text = await longQuestion(weights);
	const cache = newHome();
	const plain = () => written(cache, home => oneshot({ text, model: weights.path, home, stopAfter: writtenTokens + 1 }));
	const drawn = (rate: number) => () =>
		written(cache, async home => {
			const chat = openChat(home, ['-m', weights.path, '--seed', '1', '--offline']);
			try {
				await chat.until(promptSeen, 'the prompt');
				paste(chat, text);
				chat.type('\r');
				await chat.until(writingSeen, 'a reply');
				await pause((writtenTokens * 1000) / rate);
				chat.type('\x1b');
				await chat.until(restSeen, 'the end of the reply');
			} finally {
				await chat.close();
			}
		});
	try {
		const { rate } = await plain();
		const { runs, dropped } = await inPairs(effort, drawn(rate), plain);
		return [
			{
				id: 'P3',
				what: 'decode while drawing',
				unit: 'tokens/s',
				runs: each(runs, one => one.rate),
				dropped,
				against: 'the same through -p',
				goal: { of: 'ratio', better: 'more', reach: 0.95, stretch: 0.99 },
				note: `as the program's own journal has it, stopped after about ${writtenTokens} tokens (${runs.map(run => run.ours.output).join(', ')})`,
			},
		];
	} finally {
		cache.remove();
	}
}
