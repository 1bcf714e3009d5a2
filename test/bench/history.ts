import type { Prompt } from '../../src/engine/engine.js';
import { greedy } from '../../src/engine/sampling.js';
import type { AssistantMessage, Message } from '../../src/types.js';
import type { Row } from './figures.js';
import type { Bench } from './measures.js';
import { engineOn, firstToken, fixedPrompt, usualContext, type Weights } from './model.js';
import { type Effort, inPairs } from './pairs.js';
import { startServer } from './server.js';
import { proseOf } from './words.js';

/** P6c: the first token after a tool result, and after a message in the middle of the conversation has become another. */

const before = 1000;
const resultTokens = 400;
const replyTokens = 16;

/** Whoever answers a conversation: the engine or llama-server. */
type Speaker = (prompt: Prompt) => Promise<{ firstMs: number; raw: string }>;
type Means = {
	effort: Effort;
	ours: Speaker;
	theirs: Speaker | undefined;
	prompt(messages: readonly Message[]): Prompt;
	words(tokens: number): Promise<string>;
};

export async function changedHistory({ weights, effort, beside }: Bench): Promise<Row[]> {
	const engine = await engineOn(weights);
	const server = 'missing' in beside ? undefined : await startServer(beside.reference, weights, usualContext);
	const prompt = promptFor(weights);
	let seed = 600;
	const means: Means = {
		effort,
		prompt,
		async ours(asked) {
			const { firstMs, reply } = await firstToken(engine, asked);
			return { firstMs, raw: reply.message.raw };
		},
		theirs:
			server &&
			(async asked => {
				const { firstMs, text } = await server.ask(weights.dialect.render(asked), replyTokens);
				return { firstMs, raw: text };
			}),
		async words(tokens) {
			const count = (text: string) => engine.measure(prompt([{ role: 'user', text }]));
			return proseOf((await count('')) + tokens, ++seed, count);
		},
	};
	try {
		const against = 'missing' in beside ? beside.missing : `llama-server -c ${usualContext} -np 1, cache_prompt, the same messages`;
		const row = { id: 'P6c', unit: 'ms', against, goal: { of: 'ratio', better: 'less', reach: 1.1, stretch: 1 } } as const;
		return [
			{ ...row, what: 'first token after a tool result', ...(await afterResult(means)), note: `of ${resultTokens} tokens` },
			{
				...row,
				what: 'first token after an edit',
				...(await afterEdit(means)),
				note: `a message of ${resultTokens} tokens in the middle became another`,
			},
		];
	} finally {
		await engine.close();
		await server?.close();
	}
}

const promptFor =
	(weights: Weights) =>
	(messages: readonly Message[]): Prompt => ({
		...fixedPrompt(weights.tier),
		messages,
		sampling: greedy,
		maxTokens: replyTokens,
	});

const said = (raw: string): AssistantMessage => ({ role: 'assistant', text: raw, calls: [], stop: 'end', raw });

/** One conversation on each side; each turn brings another result. */
async function afterResult({ effort, ours, theirs, prompt, words }: Means) {
	const first: Message = { role: 'user', text: await words(before) };
	let result = '';
	const turn = (speaker: Speaker) => {
		const messages: Message[] = [first];
		return async () => {
			if (messages.length > 1) messages.push({ role: 'tool', callId: `c${messages.length}`, tool: 'read_file', ok: true, text: result });
			const { firstMs, raw } = await speaker(prompt(messages));
			messages.push(said(raw));
			return firstMs;
		};
	};
	const mine = turn(ours);
	const other = theirs && turn(theirs);
	await mine();
	await other?.();
	const next = async () => {
		result = await words(resultTokens);
		return mine();
	};
	return inPairs(effort, next, other);
}

/** The beginning and the end stay what they were. */
async function afterEdit({ effort, ours, theirs, prompt, words }: Means) {
	const first: Message = { role: 'user', text: await words(before) };
	const last: Message = { role: 'user', text: await words(20) };
	let middle = await words(resultTokens);
	const turn = (speaker: Speaker) => async () =>
		(await speaker(prompt([first, said('I have read it.'), { role: 'user', text: middle }, said('I have read that too.'), last]))).firstMs;
	const mine = turn(ours);
	const other = theirs && turn(theirs);
	await mine();
	await other?.();
	const next = async () => {
		middle = await words(resultTokens);
		return mine();
	};
	return inPairs(effort, next, other);
}
