import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Prompt } from '../../src/engine/engine.js';
import { Refusal } from '../../src/types.js';
import type { Row } from './figures.js';
import { newHome } from './home.js';
import type { Bench } from './measures.js';
import { answer, engineOn, firstToken, fixedPrompt, question, usualContext, type Weights } from './model.js';
import { inPairs } from './pairs.js';
import { oneshot } from './program.js';
import type { Reference } from './reference.js';
import { startServer } from './server.js';
import { proseOf } from './words.js';

/** P6b: the first token of a fresh process that finds the fixed prompt on disk, beside a llama-server that has read nothing. */

const wholePrompt = 1530;
const asked = 'What are these words about? Answer in one short sentence, and name the first of them.';
const ask = (weights: Weights, more: string): Prompt =>
	question(weights, asked, { system: `${fixedPrompt(weights.tier).system}\n${more}`, maxTokens: 4 });

export async function freshProcess({ weights, effort, beside }: Bench): Promise<Row[]> {
	const states = { folder: mkdtempSync(join(tmpdir(), 'qwill-bench-')), model: weights.sha256, budget: 2e9, conversations: false };
	const home = newHome();
	try {
		const first = await engineOn(weights, { states });
		const more = await proseOf(wholePrompt, 66, text => first.measure(ask(weights, text)));
		await answer(first, ask(weights, more));
		await first.close();
		const engine = async () => {
			const fresh = await engineOn(weights, { states });
			try {
				const { firstMs, reply } = await firstToken(fresh, ask(weights, more));
				if (reply.usage.reused < wholePrompt / 2) throw new Refusal(`Only ${reply.usage.reused} tokens came from the disk.`);
				return firstMs;
			} finally {
				await fresh.close();
			}
		};
		const program = async () => {
			const { pieces } = await oneshot({ text: asked, model: weights.path, home, more: ['--append-system-prompt', more], stopAfter: 1 });
			return pieces[0]?.at ?? Number.NaN;
		};
		await program(); // An earlier run leaves the fixed prompt on disk.
		const missing = 'missing' in beside;
		const cold = (from: keyof Cold) => (missing ? undefined : async () => (await askCold(beside.reference, weights, more))[from]);
		const row = { id: 'P6b', unit: 'ms', against: missing ? beside.missing : 'a llama-server just started, the same text' };
		return [
			{
				...row,
				what: 'first token, fresh process',
				...(await inPairs(effort, engine, cold('asked'))),
				goal: { of: 'ratio', better: 'less', reach: 0.2, stretch: 0.08 },
				note: `from the question on, the model is loaded; ${wholePrompt} tokens, of which all but the question are on disk`,
			},
			{
				...row,
				what: 'the same, with loading',
				...(await inPairs(effort, program, cold('started'))),
				note: 'from the start of -p and of llama-server; no goal was set for this',
			},
		];
	} finally {
		home.remove();
		rmSync(states.folder, { recursive: true, force: true });
	}
}

/** Milliseconds to the first token, from the question and from the start of the server. */
type Cold = { asked: number; started: number };

async function askCold(reference: Reference, weights: Weights, more: string): Promise<Cold> {
	const server = await startServer(reference, weights, usualContext);
	const loadedMs = performance.now() - server.startedAt;
	try {
		const { firstMs } = await server.ask(weights.dialect.render(ask(weights, more)), 4);
		return { asked: firstMs, started: loadedMs + firstMs };
	} finally {
		await server.close();
	}
}
