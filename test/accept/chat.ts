/** The chat of the built program in a pseudo-terminal, with a model that does what a script says. What came of it stands in its journal. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { open, type Terminal } from '../pty/terminal.js';
import { type Came, environmentOf, program, scriptOf, task, type World } from './play.js';

/** A call, and whether a person was asked about it. */
export type Told = Came & { asked: boolean };
/** A question on the screen; `at` counts the calls from 0. */
export type Standing = { at: number; terminal: Terminal };
export type Talking = {
	flags?: readonly string[];
	/** The key that a person answers with, who may do something before; no without it. Asked again while the question stands. */
	answer?: (standing: Standing) => string | Promise<string>;
	columns?: number;
	rows?: number;
	/** What a person does when the task is done, before the chat is closed. */
	after?: (terminal: Terminal) => Promise<void>;
};
export type Talked = { told: Told[]; raw: string; text: string; did: readonly string[] };

const everyMs = 25;
/** Questions are deaf for a quarter of a second after they were drawn, and begin again at each key. */
const deafMs = 320;
/** Milliseconds after which a chat hangs. */
const mostMs = 120_000;
/** All of a question that stands above its choices. */
const question = /^(?:Run this|Make this change|Read this)\?\n[\s\S]*?(?=^[› ] 1 Yes \(y\)$)/m;

/** Has the model say these replies in one task, and answers each question; gives the calls, and what is on the screen at the end. */
export async function talk(
	world: World,
	replies: readonly string[],
	{ flags = [], answer = () => 'n', columns = 200, rows = 60, after }: Talking = {},
): Promise<Talked> {
	const script = join(world.base, 'script.md');
	writeFileSync(script, [...replies, 'Done.\n'].join('---\n'));
	const words = [program, '-m', `replies:${script}`, '--max-tool-calls', '500', '--max-turns', '500', ...flags, '-i', task];
	const terminal = open({ args: words, env: environmentOf(world), cwd: world.ws, cols: columns, rows });
	try {
		const seen = await answered(world, terminal, answer);
		// The last line is drawn behind the last record.
		await terminal.until(/^— /m, mostMs);
		await after?.(terminal);
		return { told: toldIn(recordsOf(world), seen), raw: terminal.raw(), text: terminal.text(), did: await terminal.did() };
	} finally {
		terminal.close();
	}
}

/** The calls of a script that were made in the chat. */
export const talkCalls = (world: World, calls: Parameters<typeof scriptOf>[0], talking: Talking = {}): Promise<Talked> =>
	talk(world, scriptOf(calls), talking);

/** Answers until the task is done; gives which calls were asked about. */
async function answered(world: World, terminal: Terminal, answer: NonNullable<Talking['answer']>): Promise<Set<number>> {
	const seen = new Set<number>();
	const started = Date.now();
	let last = { at: -1, asked: '' };
	for (;;) {
		const records = recordsOf(world);
		if (records.some(({ type }) => type === 'done')) return seen;
		if (Date.now() - started > mostMs) throw new Error(`The chat hangs; the screen was:\n${terminal.text()}`);
		const at = resultsIn(records);
		const stands = () => {
			const asked = question.exec(terminal.screen())?.[0];
			// One that was answered may be on the screen still, while the next call runs that nobody is asked about.
			const old = last.at !== at && asked === last.asked;
			return asked !== undefined && !old && resultsIn(recordsOf(world)) === at ? asked : undefined;
		};
		if (stands() !== undefined && records.filter(({ type }) => type === 'call').length > at) {
			await pause(deafMs);
			const asked = stands();
			if (asked === undefined) continue;
			last = { at, asked };
			seen.add(at);
			terminal.type(await answer({ at, terminal }));
			for (let waited = 0; waited < deafMs && resultsIn(recordsOf(world)) === at; waited += everyMs) await pause(everyMs);
		}
		await pause(everyMs);
	}
}

type Line =
	| { type: 'call'; call: { id: string; tool: string; args: object } }
	| { type: 'result'; callId: string; outcome: { ok: boolean; text: string; refused?: string } }
	| { type: 'done' | 'asked' };

const resultsIn = (records: readonly Line[]): number => records.filter(({ type }) => type === 'result').length;

function recordsOf({ base }: World): Line[] {
	return globSync(join(base, 'state/qwill/projects/*/*-*.jsonl')).flatMap(path =>
		readFileSync(path, 'utf8')
			.split('\n')
			.slice(0, -1)
			.map(line => JSON.parse(line) as Line),
	);
}

function toldIn(records: readonly Line[], seen: ReadonlySet<number>): Told[] {
	const results = records.filter(line => line.type === 'result');
	return records
		.filter(line => line.type === 'call')
		.map(({ call: { id, tool, args } }, at) => {
			const outcome = results.find(({ callId }) => callId === id)?.outcome;
			return {
				tool,
				args,
				denied: outcome?.refused === 'denied',
				error: outcome?.ok !== true,
				text: outcome?.text ?? '',
				asked: seen.has(at),
			};
		});
}
