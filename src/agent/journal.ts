import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { places } from '../places.js';
import type { AgentEvent, ApprovalMode } from '../types.js';
import { type Appender, openAppender } from './appender.js';
import { takeLock } from './lock.js';
import { type Past, readJournal, summaryAt, upTo } from './past.js';
import type { Head, rewoundRecord, Summary } from './records.js';

/**
 * The record of one conversation on disk. What `append` has returned from survives a kill of the program, except for the last
 * second (or 2 kB) and word of the text that is just being written, and the last line of a command's output; what `sync` has returned from survives a power cut.
 * Nothing here throws because of the disk: the person is warned once and the conversation goes on unkept.
 */
export type Journal = {
	readonly id: string;
	/** Undefined when nothing is kept. */
	readonly path: string | undefined;
	append(event: AgentEvent): void;
	sync(): void;
	rename(name: string): void;
	/** From now on only the person's first `asked` messages count, and what followed each. */
	rewind(asked: number): void;
	/** Gives the conversation free for other programs. */
	close(): void;
};

/** `root` is the real path of the project folder; `warn` takes a sentence for the person. */
export type NewJournal = {
	id?: string;
	root: string;
	model: string;
	mode: ApprovalMode;
	branch?: string | undefined;
	warn(sentence: string): void;
};

/** Begins a conversation in its project's folder under the state folder. */
export function createJournal(about: NewJournal): Journal {
	return begin({ ...headOf(about) }, undefined, about);
}

/** A journal that keeps nothing, for `--ephemeral`. */
export function ephemeralJournal(id: string = randomUUID()): Journal {
	return { id, path: undefined, append() {}, sync() {}, rename() {}, rewind() {}, close() {} };
}

/** `past` is what was read; `forked` when the journal is a copy with a new id, since asked for or since another program has the old one. */
export type Reopened = { journal: Journal; past: Past; forked: boolean };

/**
 * Opens a conversation to go on with it. Where another program has it open, or with `fork`, the old file stays untouched and
 * the conversation goes on in a copy, which with `upTo` ends before that message of the person (the first is 0). Throws
 * `Refusal` 42 when the file is no conversation.
 */
export function openJournal(path: string, about: NewJournal & { fork?: boolean; upTo?: number | undefined }): Reopened {
	const release = about.fork ? undefined : takeLock(path);
	try {
		const whole = readJournal(path);
		const past = about.upTo === undefined ? whole : upTo(whole, about.upTo);
		if (!release) return { journal: begin({ ...headOf(about), parent: past.head.id }, past, about), past, forked: true };
		const appender = openAppender(path, { fresh: false, torn: past.torn, warn: about.warn });
		return { journal: journalOn({ id: past.head.id, path, appender, release }, past.summary), past, forked: false };
	} catch (error) {
		release?.();
		throw error;
	}
}

const headOf = (about: NewJournal): Head => ({
	type: 'conversation',
	version: 1,
	id: about.id ?? randomUUID(),
	cwd: about.root,
	model: about.model,
	mode: about.mode,
	started: new Date().toISOString(),
	...(about.branch === undefined ? {} : { branch: about.branch }),
});

function begin(head: Head, past: Past | undefined, about: NewJournal): Journal {
	const path = join(places.project(about.root), `${head.id}.jsonl`);
	try {
		mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
		chmodSync(dirname(path), 0o700);
		const appender = openAppender(path, { fresh: true, warn: about.warn });
		const release = takeLock(path);
		appender.line(head);
		for (const event of past?.events ?? []) appender.line(event);
		if (past) appender.line(past.summary);
		return journalOn(
			{ id: head.id, path, appender, release: () => release?.() },
			past?.summary ?? { type: 'summary', title: '', turns: 0 },
		);
	} catch (error) {
		about.warn(`No journal of this conversation is kept: ${error instanceof Error ? error.message : String(error)}`);
		return ephemeralJournal(head.id);
	}
}

/** Longest wait and largest amount of unwritten text; and how much of the output of one command is kept. */
const textDelayMs = 1000;
const textLimit = 2000;
const outputLimit = 64_000;

type Open = { id: string; path: string; appender: Appender; release(): void };

function journalOn({ id, path, appender, release }: Open, last: Summary): Journal {
	let summary = last;
	const text = keptText(appender);
	const output = keptOutput(appender);
	const flush = (): void => {
		text.flush();
		output.flush();
	};
	const summarise = (change: Partial<Summary>): void => {
		summary = { ...summary, ...change };
		appender.line(summary);
	};
	return {
		id,
		path,
		append(event) {
			if (event.type === 'reading' || event.type === 'loading' || event.type === 'writing-call') return;
			if (event.type !== 'output') output.flush();
			if (event.type === 'text') return text.hear(event.text);
			text.flush();
			if (event.type === 'output') return output.hear(event);
			appender.line(event);
			if (event.type === 'asked') summarise({ title: summary.title || titleOf(event.text), turns: summary.turns + 1 });
			// Again at the end, where a list of conversations finds it without reading the whole.
			if (event.type === 'done') summarise({});
		},
		sync() {
			flush();
			appender.sync();
		},
		rename(name) {
			flush();
			summarise({ name });
		},
		rewind(asked) {
			flush();
			appender.line({ type: 'rewound', asked } satisfies z.infer<typeof rewoundRecord>);
			summarise(summaryAt(summary.title, asked));
		},
		close() {
			flush();
			appender.close();
			release();
		},
	};
}

// A secret that is cut in two would not be known for one: what comes in pieces is cut behind a word or a line.

/** Text of the model, written together; a word that is still growing waits. */
function keptText(appender: Appender) {
	let unwritten = '';
	let waited = '';
	let timer: NodeJS.Timeout | undefined;
	const lastWord = () => /\S*$/.exec(unwritten)![0];
	const flush = (length = unwritten.length): void => {
		clearTimeout(timer);
		timer = undefined;
		if (length > 0) appender.line({ type: 'text', text: unwritten.slice(0, length) });
		unwritten = unwritten.slice(length);
	};
	const flushWords = (): void => {
		const word = lastWord();
		flush(word === waited || word.length >= textLimit ? unwritten.length : unwritten.length - word.length);
		if (unwritten !== '') wait();
	};
	const wait = (): void => {
		waited = lastWord();
		timer ??= setTimeout(flushWords, textDelayMs).unref();
	};
	return {
		flush: () => flush(),
		hear(text: string): void {
			unwritten += text;
			if (unwritten.length >= textLimit) flushWords();
			else if (!timer) wait();
		},
	};
}

/** Output of commands, line by line, of each as much as is kept. */
function keptOutput(appender: Appender) {
	let last = { callId: '', chars: 0, line: '' };
	const keep = (text: string): void => {
		const { callId, chars: before } = last;
		if (text === '') return;
		last.chars += text.length;
		if (last.chars <= outputLimit) appender.line({ type: 'output', callId, text });
		else if (before <= outputLimit) appender.line({ type: 'output', callId, text: '\n(The rest of this output was not kept.)\n' });
	};
	const flush = (): void => {
		const { line } = last;
		last.line = '';
		keep(line);
	};
	return {
		flush,
		hear({ callId, text }: AgentEvent & { type: 'output' }): void {
			if (callId !== last.callId) {
				flush();
				last = { callId, chars: 0, line: '' };
			}
			const whole = last.line + text;
			const end = whole.length < 2 * textLimit ? whole.lastIndexOf('\n') + 1 : whole.length;
			last.line = whole.slice(end);
			keep(whole.slice(0, end));
		},
	};
}

const titleOf = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 80);
