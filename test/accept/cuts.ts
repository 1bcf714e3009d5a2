import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { json, models, says } from '../engine/remote/server.js';
import { open } from '../pty/terminal.js';
import { allBetween, marked, texts } from './carriers.js';
import { sequences } from './chat-face.js';
import { counting } from './count.js';
import { environmentOf, makeWorld, program, removeWorld, type Surface, scriptOf, type World, wordsFor } from './play.js';
import { type Counted, columns, nothingActs, type Seen } from './terminal.js';

/** A text in the pieces in which it comes, one or two, written as hexadecimal bytes or as they are. */
type Coming = { at: number; whole: number; id: string; input: string; pieces: string[] };

/** Of what is the same a thousand times over, twenty: a model that repeats itself is stopped. */
const shortened = (text: string): string => text.replace(/(.{1,2}?)\1{20,}/gu, (all, one: string) => all.slice(0, 20 * one.length));

/** Each text in one piece, and then each cut at every position of what `units` makes of it. */
function comings(units: (text: string) => string[]): Coming[] {
	const all = texts.map(({ at, attack: { id }, input }) => ({ at, whole: at, id, input, units: units(shortened(input.toWellFormed())) }));
	const cut = all.flatMap(({ units, ...one }) =>
		units.slice(1).map((_, i) => ({ ...one, pieces: [units.slice(0, i + 1).join(''), units.slice(i + 1).join('')] })),
	);
	return [...all.map(({ units, ...one }) => ({ ...one, pieces: [units.join('')] })), ...cut].map((one, at) => ({ ...one, at }));
}

/** The same with nothing in it that could act, as text and as bytes. */
const harmless = (all: readonly Coming[]): Coming[] => all.slice(0, 200).map(one => ({ ...one, pieces: one.pieces.map(() => '41') }));

/** The marks of a text at both ends of its pieces, and an end of its own. */
function framed({ at, pieces }: Coming, end: string, as: (text: string) => string = text => text): string[] {
	const [before = '', behind = ''] = marked(at, '\n').split('\n');
	return pieces.map((piece, i) => `${i === 0 ? as(before) : ''}${piece}${i === pieces.length - 1 ? as(behind + end) : ''}`);
}

const hex = (text: string): string => Buffer.from(text).toString('hex');
const inBytes = comings(text => [...Buffer.from(text)].map(byte => byte.toString(16).padStart(2, '0')));
const inUnits = comings(text => text.split(''));

/** Milliseconds after which a chat hangs. */
const patience = 120_000;

/**
 * Text that would control a terminal, cut in two at every position: in what a server streams of a reply, and in what a command prints.
 * It comes to the same as in one piece, and nothing of it acts.
 */
export async function terminalCut(): Promise<Surface> {
	const counted = counting('terminal, cut in two');
	judge(counted, 'a reply', inUnits, await onTerminal(inUnits, streamed));
	judge(counted, 'a command', inBytes, await onTerminal(inBytes, printed));
	for (const [where, all, by] of [
		['a reply, in chat', inUnits, streamed],
		['a command, in chat', inBytes, printed],
	] as const) {
		const own = sequences((await inChat(harmless(all), by)).raw);
		const seen = await inChat(all, by);
		const strange = [...sequences(seen.raw)].filter(one => !own.has(one));
		judge(counted, where, all, { ...seen, raw: strange.join('') });
	}
	return counted.surface;
}

function judge({ surface, hostile }: Counted, where: string, all: readonly Coming[], seen: Seen): void {
	nothingActs(surface, where, seen);
	const shown = (at: number): string | undefined => allBetween(seen.text, at)[0];
	for (const { at, whole, id, input, pieces } of all) {
		// Of a line that writes over itself some stood there already; and of a command the chat draws the end alone.
		const same = /\r(?!\n)/.test(input) || where === 'a command, in chat' || (shown(at) !== undefined && shown(at) === shown(whole));
		hostile(`${id} (${where}, ${JSON.stringify(pieces)})`, !same && `not as in one piece: ${JSON.stringify([shown(at), shown(whole)])}`);
	}
}

/** Gives the words that have texts come, in a folder, and how to end what brings them. */
type By = (world: World, all: readonly Coming[]) => Promise<{ words: readonly string[]; close(): void }>;

/** A server, one event for each piece. */
const streamed: By = async ({ base }, all) => {
	const reply = says(...all.flatMap(one => framed(one, '\n\n')), 'All.');
	const list = models('llamacpp', 'm');
	const server = createServer((request, response) => {
		const answer = request.url?.endsWith('/models') ? list : request.url?.endsWith('/chat/completions') ? reply : json({});
		request.resume().on('end', () => void answer(response, { path: '', body: { messages: [] }, headers: {}, left: Promise.resolve() }));
	});
	const socket = join(base, 'model.sock');
	await new Promise<void>(resolve => server.listen(socket, resolve));
	const close = () => {
		server.closeAllConnections();
		server.close();
	};
	return { words: ['--base-url', `unix:${socket}`, '-m', 'm', 'hi'], close };
};

/** A command, which waits a moment behind each piece. */
const printed: By = async (world, all) => {
	writeFileSync(join(world.ws, 'pieces'), all.flatMap(one => framed(one, '\n', hex)).join('\n'));
	writeFileSync(
		join(world.ws, 'print.py'),
		'import os, time\nfor piece in open("pieces"):\n\tos.write(1, bytes.fromhex(piece))\n\ttime.sleep(0.001)\n',
	);
	const script = join(world.base, 'script.md');
	const call = { tool: 'run_shell_command', args: { command: 'python3 print.py' } };
	writeFileSync(script, [...scriptOf([call]), 'All.\n'].join('---\n'));
	return {
		words: [
			...wordsFor(script, ['--yolo', '--verbose'])
				.slice(1)
				.filter(word => word !== '-p'),
		],
		close: () => {},
	};
};

async function onTerminal(all: readonly Coming[], by: By): Promise<Seen> {
	return inWorld(all, by, async (words, world) => {
		const last = words.at(-1) ?? '';
		const terminal = open({
			args: [program, ...words.slice(0, -1), '-p', last],
			env: environmentOf(world),
			cwd: world.ws,
			cols: columns,
			rows: 60,
		});
		await terminal.ended;
		const did = await terminal.did();
		terminal.close();
		return { raw: terminal.raw(), text: terminal.raw(), did };
	});
}

async function inChat(all: readonly Coming[], by: By): Promise<Seen> {
	return inWorld(all, by, async (words, world) => {
		const last = words.at(-1) ?? '';
		const terminal = open({
			args: [program, ...words.slice(0, -1), '-i', last],
			env: environmentOf(world),
			cwd: world.ws,
			cols: 1000,
			rows: 60,
		});
		try {
			await terminal.until(/^— /m, patience);
			const answers = (await terminal.did()).filter(one => !usual.test(one));
			return { raw: terminal.raw(), text: terminal.raw(), did: answers };
		} finally {
			terminal.close();
		}
	});
}
/** What the chat asks the terminal itself: whether it knows a protocol of keys. */
const usual = /^answer \x1b\[\?[\d;]*[cu]$/;

async function inWorld(all: readonly Coming[], by: By, work: (words: readonly string[], world: World) => Promise<Seen>): Promise<Seen> {
	const world = makeWorld();
	const { words, close } = await by(world, all);
	try {
		return await work(words, world);
	} finally {
		close();
		removeWorld(world);
	}
}
