import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { z } from 'zod';
import { jsonIn } from '../json.js';
import { type AgentEvent, Refusal } from '../types.js';
import { eventRecord, type Head, headRecord, rewoundRecord, type Summary, summaryRecord } from './records.js';

/**
 * A journal as it was read. `skipped` lines could not be understood. `torn`: the last line has no end, which the next append
 * must give it; `dropped`: that line was no whole record either.
 */
export type Past = { path: string; head: Head; events: AgentEvent[]; summary: Summary; skipped: number; torn: boolean; dropped: boolean };

const mostBytes = 256 * 1024 * 1024;

/** Reads a whole journal; `events` are those in force, without what was rewound. Lines that are no records are skipped and counted. Throws `Refusal` 42 when the file is no conversation. */
export function readJournal(path: string): Past {
	const lines = readText(path).split('\n');
	const tail = lines.pop() ?? '';
	const head = record(headRecord, lines[0] ?? '');
	if (!head) throw new Refusal(notOurs(path), 42);
	const past: Past = {
		path,
		head,
		events: [],
		summary: { type: 'summary', title: '', turns: 0 },
		skipped: 0,
		torn: tail !== '',
		dropped: false,
	};
	for (const line of lines.slice(1)) {
		if (line.trim() !== '' && !take(line, past)) past.skipped++;
	}
	// A last line without its end was never acknowledged; kept when it is whole nevertheless, since the next append ends it.
	past.dropped = past.torn && !take(tail, past);
	return past;
}

/** What the person is told of a file whose first line is not that of a conversation. */
export const notOurs = (path: string): string => `${path} is not a conversation of qwill, or of a newer version; it was left as it is.`;

/** The same past, ending before the person's message `asked` (the first is 0). */
export function upTo(past: Past, asked: number): Past {
	const { summary } = past;
	return {
		...past,
		events: eventsUpTo(past.events, asked),
		summary: { ...summary, ...summaryAt(summary.title, asked) },
	};
}

/**
 * The events before the person's message `asked` (the first is 0); all, when there is no such message. What the model was
 * told at the head of the conversation stays told.
 */
export function eventsUpTo(events: readonly AgentEvent[], asked: number): AgentEvent[] {
	const starts = events.flatMap((event, index) => (event.type === 'asked' ? [index] : []));
	const end = starts[asked] ?? events.length;
	return events.filter((event, index) => index < end || event.type === 'instructed');
}

/** What a list of conversations shows once only the first `asked` messages count. */
export const summaryAt = (title: string, asked: number): Pick<Summary, 'title' | 'turns'> => ({
	title: asked === 0 ? '' : title,
	turns: asked,
});

/** What the person is told about a journal that was not in order, one sentence each. */
export function complaints({ path, skipped, dropped }: Past): string[] {
	const name = basename(path);
	return [
		...(skipped > 0
			? [`${skipped} ${skipped === 1 ? 'line' : 'lines'} of ${name} could not be read and ${skipped === 1 ? 'was' : 'were'} left out.`]
			: []),
		...(dropped ? [`The last line of ${name} was not finished when the program ended; it was dropped.`] : []),
	];
}

/** One line as a record of this kind, or undefined. */
export function record<Shape extends z.ZodType>(shape: Shape, line: string): z.infer<Shape> | undefined {
	return shape.safeParse(jsonIn(line)).data;
}

function take(line: string, past: Past): boolean {
	const event = record(eventRecord, line);
	if (event) {
		past.events.push(event);
		if (event.type === 'asked' && past.summary.title === '') past.summary = { ...past.summary, title: event.text.slice(0, 80) };
		return true;
	}
	const rewound = record(rewoundRecord, line);
	if (rewound) Object.assign(past, upTo(past, rewound.asked));
	const summary = record(summaryRecord, line);
	if (summary) past.summary = summary;
	return rewound !== undefined || summary !== undefined;
}

/** The file's text; refuses what is no regular file, so that a pipe in its place hangs nobody. */
function readText(path: string): string {
	const fd = open(path);
	try {
		const stat = fstatSync(fd);
		if (!stat.isFile()) throw new Refusal(`${path} is not a file.`, 42);
		if (stat.size > mostBytes) throw new Refusal(`${path} is larger than qwill reads (${mostBytes / 1024 / 1024} MB).`, 42);
		return readFileSync(fd, 'utf8');
	} finally {
		closeSync(fd);
	}
}

function open(path: string): number {
	try {
		return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
	} catch (error) {
		throw new Refusal(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, 42);
	}
}
