import { setTimeout as pause } from 'node:timers/promises';
import type { Turn } from '../../src/engine/dialects/dialect.js';
import { type Chat, openChat, paste, promptSeen, restSeen, typeSlowly, writingSeen } from './chat.js';
import type { Goal, Row } from './figures.js';
import { newHome, usages } from './home.js';
import type { Bench } from './measures.js';
import { engineOn, fixedPrompt, question, type Weights } from './model.js';
import { inPairs } from './pairs.js';
import { type LlamaServer, startServer } from './server.js';
import { proseOf } from './words.js';

/** P6: from the last key of the second and later turns to the first glyph, after 1,500 tokens. */

const firstPrompt = 1500;
/** Tokens of each reply: as many on both sides, so that the conversations grow alike. */
const replyTokens = 24;
const goal: Goal = { of: 'ratio', better: 'less', reach: 1.1, stretch: 0.5 };

/** About 18 tokens each, 26 with the frame around them; no two begin alike. */
export const asked: readonly string[] = [
	'Write a long story about two of those people who meet on the road every winter.',
	'Describe the old house and its garden in many words, room after room, please.',
	'Invent a letter that the keeper of the books sends to his sister by the river.',
	'Compose a slow poem in prose about rain and stone and the birds of the morning.',
	'Imagine how the boats came to the hills, and tell it as a long fairy tale.',
	'Continue with a chapter in which the lamps go out and nobody knows why at first.',
	'Say in several paragraphs what the music in the paper house sounded like at night.',
	'Think of a child who counts all the doors, and write down what it finds there.',
	'Let the wind speak about the bread and the water for as long as it wants to.',
	'Give the summer a voice of its own and let it argue with the winter about roads.',
];

type Sides = { turns: Turn[]; server: LlamaServer };

/** The message of this turn and the server's answer to the whole conversation; what it wrote becomes part of it. */
export async function askServer({ turns, server }: Sides, text: string): Promise<number> {
	turns.push({ role: 'user', text });
	const answer = await server.ask(turns, replyTokens);
	turns.push({ role: 'assistant', text: answer.text });
	return answer.firstMs;
}

/** Enter, the first glyph, and Esc when about as much is written as the server writes. Gives the time to the glyph. */
export async function send(chat: Chat, tokenMs: number): Promise<number> {
	const at = performance.now();
	chat.type('\r');
	const glyph = await chat.until(writingSeen, 'the first words of a reply');
	await pause(replyTokens * tokenMs);
	chat.type('\x1b');
	await chat.until(restSeen, 'the end of the reply');
	return glyph - at;
}

async function longMessage(weights: Weights): Promise<string> {
	const engine = await engineOn(weights);
	const rest = `\n\n${asked.at(-1)}`;
	try {
		return (await proseOf(firstPrompt, 6, text => engine.measure(question(weights, text + rest)))) + rest;
	} finally {
		await engine.close();
	}
}

/**
 * P6, in one conversation of the chat and one of llama-server, turn by turn: typed, with half a second before Enter, and pasted
 * with Enter at once.
 */
export async function secondTurn({ weights, effort, beside }: Bench): Promise<Row[]> {
	const first = await longMessage(weights);
	const home = newHome();
	const server = 'missing' in beside ? undefined : await startServer(beside.reference, weights, weights.planned);
	const chat = openChat(home, ['-m', weights.path, '--seed', '1', '--offline']);
	try {
		const sides = server && { server, turns: [{ role: 'system' as const, text: fixedPrompt(weights.tier).system }] };
		await chat.until(promptSeen, 'the prompt');
		paste(chat, first);
		await send(chat, 50);
		if (sides) await askServer(sides, first);
		const usage = usages(home).at(-1);
		const tokenMs = usage && usage.output > 0 ? usage.writeMs / usage.output : 50;
		let next = 0;
		const measure = (enter: (text: string) => Promise<void>) => {
			let text = '';
			const ours = async () => {
				text = asked[next++ % asked.length]!;
				await enter(text);
				return send(chat, tokenMs);
			};
			return inPairs(effort, ours, sides && (() => askServer(sides, text)));
		};
		const against = 'missing' in beside ? beside.missing : `llama-server -c ${weights.planned} -np 1, cache_prompt, the same messages`;
		const row = { id: 'P6', unit: 'ms', against, goal };
		const typed = await measure(text => typeSlowly(chat, text));
		const pasted = await measure(async text => paste(chat, text));
		return [
			{ ...row, what: 'first token of turn 2, typed', ...typed, note: '12 keys a second, half a second of thought before Enter' },
			{ ...row, what: 'first token of turn 2, pasted', ...pasted, note: 'Enter in the same instant: nothing can be read ahead' },
		];
	} finally {
		await chat.close();
		await server?.close();
		home.remove();
	}
}
