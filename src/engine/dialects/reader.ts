import type { Call, ToolSpec } from '../../types.js';
import { blockAt } from './blocks.js';
import { fencedCall } from './calls-in.js';
import type { ReadEvent, Reader } from './dialect.js';
import { type Fence, fenceLine, openFence } from './fence.js';
import type { Found, Reading } from './found.js';
import { closers, jsonCall, openers, taggedCall } from './tagged.js';

/** `blocks`: whether fenced blocks are files and commands. `form`: how a call is written, for complaints. */
export type ReaderOptions = { tools: readonly ToolSpec[]; idPrefix: string; blocks: boolean; form: string };

/** The tolerant reader of all dialects. Without tools the whole reply is text. */
export function tolerantReader(options: ReaderOptions): Reader {
	return options.tools.length === 0 ? plainReader() : callReader(options);
}

function plainReader(): Reader {
	let text = '';
	return {
		read(piece) {
			text += piece;
			return piece ? [{ type: 'text', text: piece }] : [];
		},
		end: () => ({ events: [], text, calls: [] }),
	};
}

/** Where the reading stands: the text not yet decided, and what came just before it. */
type Place = { rest: string; lineStart: boolean; before: string; quoted: Fence | undefined };

function callReader({ tools, idPrefix, blocks, form }: ReaderOptions): Reader {
	const prose = proseOut();
	const calls: Call[] = [];
	const place: Place = { rest: '', lineStart: true, before: '', quoted: undefined };
	let malformed: string | undefined;
	let writing: string | undefined;

	function take(length: number): string {
		const taken = place.rest.slice(0, length);
		place.rest = place.rest.slice(length);
		place.before = taken.at(-1) ?? place.before;
		place.lineStart = place.before === '\n';
		return taken;
	}

	function advance(final: Reading['final']): void {
		const reading: Reading = { tools, final, form };
		writing = undefined;
		while (place.rest) {
			const found = look(place, { reading, blocks, afterCall: prose.afterCall() });
			if (found.kind === 'wait' && final === 'no') {
				writing = found.tool;
				return;
			}
			if (found.kind === 'calls') {
				take(found.length);
				place.lineStart = true;
				prose.part();
				for (const call of found.calls) calls.push({ id: `${idPrefix}-${calls.length + 1}`, ...call });
				malformed ??= found.malformed;
			} else {
				const text = take(found.kind === 'wait' ? place.rest.length : found.length);
				if (found.kind !== 'closer') prose.add(text);
			}
		}
	}

	return {
		read(piece) {
			place.rest += piece;
			// Inside a call only these can end it; nothing is looked at again for each token of a long file.
			if (writing === undefined || /[\n>}\]`"']/.test(piece)) advance('no');
			const events = prose.flush();
			return writing === undefined ? events : [...events, { type: 'writing-call', tool: writing, chars: place.rest.length }];
		},
		end(cut) {
			advance(cut ? 'cut' : 'end');
			return { events: prose.flush(), text: prose.text(), calls, ...(malformed === undefined ? {} : { malformed }) };
		},
	};
}

/** The text people read. Blanks around calls fall away; two calls or a call and its text are a paragraph apart. */
function proseOut() {
	let whole = '';
	let held = '';
	let flushed = 0;
	let parted = false;
	return {
		add(piece: string): void {
			const all = held + piece;
			const solid = all.trimEnd();
			held = all.slice(solid.length);
			if (!solid) return;
			whole += parted ? `${whole && '\n\n'}${solid.trimStart()}` : whole ? solid : solid.replace(/^(?:[ \t\r]*\n)+/, '');
			parted = false;
		},
		part(): void {
			parted = true;
			held = '';
		},
		/** Whether nothing but blanks came since the last call. */
		afterCall: (): boolean => parted,
		text: (): string => whole,
		flush(): ReadEvent[] {
			const text = whole.slice(flushed);
			flushed = whole.length;
			return text ? [{ type: 'text', text }] : [];
		},
	};
}

type Step = Found | { kind: 'closer'; length: number };

/** What comes next. Everything is decided from here on, never looked back at. */
function look(place: Place, { reading, blocks, afterCall }: { reading: Reading; blocks: boolean; afterCall: boolean }): Step {
	const { rest, lineStart, before } = place;
	const final = reading.final !== 'no';
	if (place.quoted) return quotedLine(place, final);
	if (afterCall) {
		const closer = closerAt(rest, final);
		if (closer) return closer;
	}
	if (lineStart) {
		const head = rest.trimStart();
		const blank = /^[ \t]*/.exec(rest)![0].length;
		if (blank === rest.length && !final) return { kind: 'wait' };
		const found = blocks ? blockAt(rest, reading) : /^[ \t]*[`~]/.test(rest) ? fencedCall(rest, reading) : undefined;
		if (found) return found;
		const fence = openFence(rest, final);
		if (fence === 'wait') return { kind: 'wait' };
		if (fence) {
			place.quoted = fence;
			return { kind: 'text', length: fence.bodyAt };
		}
		if (/^[[{]/.test(head) && blank + head.length === rest.length) {
			const mistral = '[TOOL_CALLS]'.startsWith(head.slice(0, 12));
			if (mistral && head.length < 12 && !final) return { kind: 'wait' };
			const call = mistral ? undefined : jsonCall(rest, { at: blank, strict: false, closer: '\n\n' }, reading);
			if (call) return call;
		}
	}
	return inline(rest, before, reading);
}

/** A line of a block that only shows something; the block's end ends the quoting. */
function quotedLine(place: Place, final: boolean): Found {
	const newline = place.rest.indexOf('\n');
	if (newline < 0 && !final && (!place.lineStart || /^[ \t]*[`~]*[ \t]*$/.test(place.rest)))
		return place.lineStart ? { kind: 'wait' } : { kind: 'text', length: place.rest.length };
	const line = newline < 0 ? place.rest : place.rest.slice(0, newline);
	if (place.lineStart && newline >= 0 && fenceLine(line, place.quoted!) === 'closes') place.quoted = undefined;
	return { kind: 'text', length: newline < 0 ? place.rest.length : newline + 1 };
}

function closerAt(rest: string, final: boolean): Step | undefined {
	const start = rest.length - rest.trimStart().length;
	const tag = rest.slice(start);
	const closer = closers.find(end => tag.startsWith(end));
	if (closer) return { kind: 'closer', length: start + closer.length };
	if (!closers.some(end => end.startsWith(tag))) return undefined;
	return final ? { kind: 'closer', length: rest.length } : { kind: 'wait' };
}

/** Text up to the next thing that may open a call, at most to the end of the line. */
function inline(rest: string, before: string, reading: Reading): Found {
	const newline = rest.indexOf('\n');
	const line = newline < 0 ? rest : rest.slice(0, newline + 1);
	const at = openers
		.map(tag => line.indexOf(tag))
		.filter(index => index >= 0)
		.reduce((first, index) => Math.min(first, index), line.length);
	if (at === 0) return before === '`' ? { kind: 'text', length: 1 } : taggedCall(rest, reading);
	if (at < line.length || newline >= 0 || reading.final !== 'no') return { kind: 'text', length: at };
	for (let held = Math.min(line.length, 16); held > 0; held--) {
		if (openers.some(tag => tag.startsWith(line.slice(-held))))
			return held === line.length ? { kind: 'wait' } : { kind: 'text', length: line.length - held };
	}
	return { kind: 'text', length: line.length };
}
