import type { Engine } from '../engine/engine.js';
import { say } from '../prompts.js';
import { exactLine } from '../sanitise.js';
import type { AgentEvent, Message } from '../types.js';

/** A file of instructions for the model. `path` as the person knows it. Of several, the later ones count where two differ. */
export type Instruction = { path: string; text: string };

/** What a conversation tells the model at its head, besides the program's own words. It is decided once and then stays. */
export type Told = {
	/** Empty before `decide`, and where there is nothing to tell. */
	readonly text: string;
	/** Decides what the model is told: as much of the files as fits it, so the model must be ready. */
	decide(): Promise<void>;
	/** A sentence for the person about what was decided, once. */
	news(): { sentence: string; cut: boolean } | undefined;
	/** The event that keeps it, when it is another than before: a conversation that is resumed tells the same, whatever the files say then. */
	keep(): AgentEvent[];
	/** Tells other files instead. False when the model was already told. */
	replace(files: readonly Instruction[]): boolean;
};

type Conversing = { engine: Engine; messages: readonly Message[]; events: readonly AgentEvent[] };

/** What a conversation tells: `files` where it is new (no `messages`), else what its `events` say that it told before. */
export function toldBy({ engine, messages, events }: Conversing, files: readonly Instruction[]): Told {
	const kept = () => events.findLast(event => event.type === 'instructed')?.text ?? '';
	let resumed = messages.length > 0;
	let text = kept();
	let wanted = files;
	let deciding: Promise<Fitted> | undefined;
	let news: ReturnType<Told['news']>;
	const decide: Told['decide'] = async () => {
		if (resumed || wanted.length === 0) return;
		const first = deciding === undefined;
		deciding ??= fitted(wanted, engine);
		const running = deciding;
		const found = await running;
		if (running !== deciding) return decide(); // Other files came meanwhile.
		text = found.text;
		if (first) news = { sentence: sentenceOf(found), cut: found.tokens < found.all };
	};
	return {
		get text() {
			return text;
		},
		decide,
		news() {
			const told = news;
			news = undefined;
			return told;
		},
		keep() {
			return text === kept() ? [] : [{ type: 'instructed', text }];
		},
		replace(others) {
			if (messages.length > 0) return false;
			resumed = false;
			wanted = others;
			deciding = undefined;
			text = '';
			return true;
		},
	};
}

/** `lines` is where a file was cut; undefined when it is whole. Tokens: `tokens` are told, of `all`. */
type Fitted = { text: string; tokens: number; all: number; files: { path: string; lines: number | undefined }[] };

/** Each token of the head is read before the first answer: 8 ms of the 0.5B, 20 ms of the 1.5B on two cores. */
const mostOfSmall = 400;
/** About 32 KiB of text. */
const mostOfAny = 9000;
const shareOfContext = 1 / 8;

async function fitted(files: readonly Instruction[], engine: Engine): Promise<Fitted> {
	const { tier, contextSize } = engine.model;
	const most = Math.min(tier === 'T0' ? mostOfSmall : mostOfAny, Math.floor(contextSize * shareOfContext));
	const measure = async (text: string) => {
		const [without, within] = await Promise.all(
			['', text].map(instructions => engine.measure({ system: ' ', instructions, messages: [], tools: [] })),
		);
		return Math.max(0, (within ?? 0) - (without ?? 0));
	};
	const whole = textOf(files.map(file => ({ ...file, lines: undefined })));
	const all = await measure(whole);
	if (all <= most) return { text: whole, tokens: all, all, files: files.map(({ path }) => ({ path, lines: undefined })) };
	const characters = files.reduce((sum, { text }) => sum + text.length, 0);
	for (let room = (characters * most) / all; ; room *= 0.9) {
		const cut = cutTo(files, room);
		const text = textOf(cut);
		const tokens = text === '' ? 0 : await measure(text);
		if (tokens <= most) return { text, tokens, all, files: cut };
	}
}

type Cut = Instruction & { lines: number | undefined };

/** The beginnings of the files, whole lines of them, in `room` characters: short files whole, long ones cut alike. */
function cutTo(files: readonly Instruction[], room: number): Cut[] {
	let left = room;
	let others = files.length;
	const shares = new Map<Instruction, number>();
	for (const file of [...files].sort((a, b) => a.text.length - b.text.length)) {
		const share = Math.min(file.text.length, left / others);
		shares.set(file, share);
		left -= share;
		others--;
	}
	return files.flatMap((file): Cut[] => {
		const share = shares.get(file) ?? 0;
		if (share >= file.text.length) return [{ ...file, lines: undefined }];
		const text = file.text.slice(0, Math.max(0, file.text.lastIndexOf('\n', share))).trimEnd();
		return text === '' ? [] : [{ path: file.path, text, lines: text.split('\n').length }];
	});
}

const textOf = (files: readonly Cut[]): string =>
	files
		.map(({ path, text, lines }) => {
			const part = say('system/instructions', { path, text });
			return lines === undefined ? part : `${part}\n${say('system/instructions#cut', { path })}`;
		})
		.join('\n\n');

function sentenceOf({ files, tokens, all }: Fitted): string {
	const names = files.map(({ path, lines }) => exactLine(path) + (lines === undefined ? '' : ` up to line ${lines}`)).join(', ');
	if (tokens === all) return `Instructions: ${names}, ${number(tokens)} tokens.`;
	return `Instructions: ${names || 'none'}, ${number(tokens)} of ${number(all)} tokens; this model has no room for more.`;
}

const number = (value: number) => value.toLocaleString('en-US');
