import { setTimeout as pause } from 'node:timers/promises';
import { type Chat, openChat, promptSeen, restSeen } from './chat.js';
import { each, percentile, type Row } from './figures.js';
import { newHome } from './home.js';
import { treeSeconds } from './machine.js';
import type { Bench } from './measures.js';
import { type Mock, pagePieces, startMock } from './mock.js';
import { inPairs } from './pairs.js';

/** P4: what the screen costs while a model that thinks nothing writes 1,000 tokens, 30 a second. */

const pieces = 1000;
const perSecond = 30;
const settleMs = 3000;
const idleMs = 10_000;
const echoes = 60;
const turns = 500;
/** The name of a small model: nothing but the conversation is sent. */
const model = 'mock-0.5b';

type Drawn = { cpu: number; kilobytes: number; clears: number; idle: number; echo: number };

/** Open on the mock server, with the first prompt on the screen. */
async function openOn(mock: Mock): Promise<{ chat: Chat; close(): Promise<void> }> {
	const home = newHome();
	const chat = openChat(home, ['--base-url', mock.url, '-m', model, '--seed', '1']);
	const close = async () => {
		await chat.close();
		home.remove();
	};
	try {
		await chat.until(screen => promptSeen(screen) && screen.includes(model), 'the prompt');
		return { chat, close };
	} catch (error) {
		await close();
		throw error;
	}
}

let messages = 0;

/** One message and its answer, whose last words nobody has said before. */
async function exchange(chat: Chat, mock: Mock, how: { pieces: number; perSecond: number; keyMs: number }): Promise<void> {
	const end = `End of answer ${++messages}.`;
	mock.say(() => ({ pieces: [...pagePieces(how.pieces), `\n\n${end}\n`], perSecond: how.perSecond }));
	for (const key of 'hello there') {
		chat.type(key);
		if (how.keyMs > 0) await pause(how.keyMs);
	}
	chat.type('\r');
	await chat.until(screen => screen.includes(end) && restSeen(screen), end);
}

/** Idle, then a long answer, then keys, one after the other. */
async function drawn(chat: Chat, mock: Mock): Promise<Drawn> {
	await pause(settleMs);
	const still = treeSeconds(chat.pid);
	await pause(idleMs);
	const before = { seconds: treeSeconds(chat.pid), bytes: chat.bytes(), clears: chat.clears() };
	await exchange(chat, mock, { pieces, perSecond, keyMs: 30 });
	return {
		idle: ((before.seconds - still) * 100_000) / idleMs,
		cpu: treeSeconds(chat.pid) - before.seconds,
		kilobytes: (chat.bytes() - before.bytes) / 1000,
		clears: chat.clears() - before.clears,
		echo: await echo(chat),
	};
}

/** Milliseconds from a key to its letter on the screen: 95 of 100 take no longer. */
async function echo(chat: Chat): Promise<number> {
	const times: number[] = [];
	let typed = '';
	while (typed.length < echoes) {
		const key = 'abcdefghijklmnopqrstuvwxyz'.charAt(typed.length % 26);
		typed += key;
		const expected = `> ${typed}`;
		const at = performance.now();
		chat.type(key);
		times.push((await chat.until(screen => screen.includes(expected), expected)) - at);
		await pause(50);
	}
	chat.type('\x15');
	await chat.until(screen => !screen.includes(typed), 'an empty draft');
	return percentile(times, 0.95);
}

async function fresh(mock: Mock): Promise<Drawn> {
	const { chat, close } = await openOn(mock);
	try {
		return await drawn(chat, mock);
	} finally {
		await close();
	}
}

const noReference = 'none: a figure of its own';

/** P4 and P4b: processor time, bytes, and what is used while nothing happens. */
export async function drawing({ effort }: Bench): Promise<Row[]> {
	const mock = await startMock(model);
	try {
		const { runs, dropped } = await inPairs(effort, () => fresh(mock));
		const row = (id: string, what: string, unit: string, pick: (one: Drawn) => number, reach: number, stretch?: number): Row => ({
			id,
			what,
			unit,
			runs: each(runs, pick),
			dropped,
			against: noReference,
			goal: { of: 'ours', better: 'less', reach, ...(stretch === undefined ? {} : { stretch }) },
		});
		return [
			{ ...row('P4', 'CPU of the chat', 's', one => one.cpu, 3, 1.5), note: `${pieces} tokens at ${perSecond}/s from a mock server` },
			row('P4b', 'bytes to the terminal', 'kB', one => one.kilobytes, 400, 150),
			row('P4b', 'full clears', 'clears', one => one.clears, 0),
			{ ...row('P4b', 'idle CPU', '%', one => one.idle, 0.5), note: 'of one core, counted in hundredths of a second over ten seconds' },
		];
	} finally {
		mock.close();
	}
}

/** P4c: the same after 500 turns in one conversation, beside a fresh start. */
export async function longConversation({ effort }: Bench): Promise<Row[]> {
	const mock = await startMock(model);
	try {
		const { chat, close } = await openOn(mock);
		try {
			for (let turn = 0; turn < turns; turn++) await exchange(chat, mock, { pieces: 20, perSecond: 5000, keyMs: 0 });
			const { runs, dropped } = await inPairs(
				effort,
				() => drawn(chat, mock),
				() => fresh(mock),
			);
			const row = { id: 'P4c', dropped, against: 'its own fresh start' };
			return [
				{
					...row,
					what: `CPU after ${turns} turns`,
					unit: 's',
					runs: each(runs, one => one.cpu),
					goal: { of: 'ratio', better: 'less', reach: 1.2, stretch: 1.05 },
				},
				{
					...row,
					what: `key echo p95 after ${turns} turns`,
					unit: 'ms',
					runs: each(runs, one => one.echo),
					goal: { of: 'ours', better: 'less', reach: 50, stretch: 25 },
				},
			];
		} finally {
			await close();
		}
	} finally {
		mock.close();
	}
}
