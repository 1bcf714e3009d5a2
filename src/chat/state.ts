import type { AgentEvent, AssistantMessage, CheckedClaim, Display, Ending, Remark, Usage } from '../types.js';
import { flush, grow } from './markdown/split.js';

/** Something that has happened and is never drawn again. Plain data, untrusted: drawing makes it safe. */
export type Entry =
	| { kind: 'user'; text: string; material: string }
	| { kind: 'prose'; text: string }
	| { kind: 'call'; title: string; ok: boolean; refused: boolean; show: Display }
	| { kind: 'told'; text: string }
	/** Something that the reply above says of the repository, and what is true. */
	| { kind: 'wrong'; text: string; truth: string }
	| { kind: 'remark'; remark: Remark }
	| { kind: 'note'; text: string }
	| { kind: 'compacted'; before: number; after: number }
	| { kind: 'ending'; ending: Ending; spent: Usage }
	/** Something shown in full because the person asked to see it. */
	| { kind: 'shown'; title: string; display: Display; exact: boolean };

export type Progress =
	| { kind: 'loading'; fraction: number; what?: string }
	| { kind: 'reading'; done: number; total: number; reused: number }
	| { kind: 'writing-call'; tool: string; chars: number };

/** `tail` is the end of what the call has said so far, `lines` how many line ends there were in all. */
export type LiveCall = { id: string; title: string; tail: string; lines: number };

/** At most one block of a reply and one running call. `streamed`: some of this reply's text came as it was written. */
export type Live = { text: string; streamed: boolean; call?: LiveCall; progress?: Progress };

/**
 * `past` never changes once written (Ink prints it once); `live` is redrawn. Tokens: `context` in the model's sight,
 * `spent` on this task.
 */
export type ChatState = {
	past: readonly Entry[];
	live: Live;
	busy: boolean;
	context: number;
	spent: Usage;
	/** Usage of the last reply, for the speed. */
	last?: Usage;
	/** What the last answer said of the repository: how much was checked, and how much was wrong. */
	claims?: { checked: number; wrong: number };
	/** What Ctrl-O expands. */
	expandable?: { title: string; display: Display };
};

const nothing: Live = { text: '', streamed: false };
const free: Usage = { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 };

export const start: ChatState = { past: [], live: nothing, busy: false, context: 0, spent: free };

/** What happens on the screen alone, beside what happens in the conversation. `exact`: it is about to be approved. */
export type ScreenEvent = { type: 'shown'; title: string; display: Display; exact?: true };

/** One event further. Folding a recorded stream rebuilds the screen, whatever the pieces in which its text came. */
export function reduce(state: ChatState, event: AgentEvent | ScreenEvent): ChatState {
	const { live } = state;
	switch (event.type) {
		case 'asked':
			return asked(state, event);
		case 'instructed':
		case 'writer':
			return state;
		case 'turn':
			return { ...state, live: nothing };
		case 'loading':
			return {
				...state,
				live: { ...live, progress: { kind: 'loading', fraction: event.fraction, ...(event.what ? { what: event.what } : {}) } },
			};
		case 'reading':
			return { ...state, live: { ...live, progress: { kind: 'reading', done: event.done, total: event.total, reused: event.reused } } };
		case 'text':
			return wrote(state, event.text);
		case 'writing-call':
			return { ...state, live: { ...live, progress: { kind: 'writing-call', tool: event.tool, chars: event.chars } } };
		case 'replied':
			return replied(state, event.message, event.usage);
		case 'claim':
			return claimed(state, event);
		case 'call':
			return { ...state, live: { ...nothing, call: { id: event.call.id, title: event.title, tail: '', lines: 0 } } };
		case 'output':
			return live.call?.id === event.callId ? { ...state, live: { ...live, call: said(live.call, event.text) } } : state;
		case 'candidate':
			return tried(state, event);
		case 'result':
			return ended(state, event);
		case 'remark': {
			const { type: _, ...remark } = event;
			return add(state, { kind: 'remark', remark });
		}
		case 'told':
			return add(state, { kind: 'told', text: event.text });
		case 'note':
			return add(state, { kind: 'note', text: event.text });
		case 'compacted':
			return { ...add(state, { kind: 'compacted', before: event.before, after: event.after }), context: event.after };
		case 'done':
			return { ...add(atRest(state), { kind: 'ending', ending: event.ending, spent: state.spent }) };
		case 'shown':
			return add(state, { kind: 'shown', title: event.title, display: event.display, exact: event.exact ?? false });
		default:
			return event satisfies never;
	}
}

/** The state when nothing runs any more, as after a stream that was cut off: what was written is kept. */
export function atRest(state: ChatState): ChatState {
	return { ...add(state, ...flush(state.live.text).map(prose)), live: nothing, busy: false };
}

function tried(state: ChatState, { callId, state: how, what, why = '' }: AgentEvent & { type: 'candidate' }): ChatState {
	const { live } = state;
	if (live.call?.id !== callId || how === 'proposed') return state;
	return { ...state, live: { ...live, call: said(live.call, `${how === 'verified' ? '✓' : '✗'} ${what}  (${why})\n`) } };
}

function ended(state: ChatState, { outcome: { ok, refused, show, text } }: AgentEvent & { type: 'result' }): ChatState {
	const title = state.live.call?.title ?? '';
	const display = show ?? ({ kind: 'text', text } as const);
	const call: Entry = { kind: 'call', title, ok, refused: refused !== undefined, show: display };
	return { ...add(state, call), live: nothing, expandable: { title, display } };
}

const add = (state: ChatState, ...entries: Entry[]): ChatState =>
	entries.length > 0 ? { ...state, past: [...state.past, ...entries] } : state;
const prose = (text: string): Entry => ({ kind: 'prose', text });

function asked({ claims: _past, ...state }: ChatState, { text, material }: AgentEvent & { type: 'asked' }): ChatState {
	return { ...add(state, { kind: 'user', text, material }), busy: true, spent: free };
}

function claimed(state: ChatState, { text, ok, truth = '' }: CheckedClaim): ChatState {
	const { checked, wrong } = state.claims ?? { checked: 0, wrong: 0 };
	const claims = { checked: checked + 1, wrong: wrong + (ok ? 0 : 1) };
	return { ...(ok ? state : add(state, { kind: 'wrong', text, truth })), claims };
}

/** Finished blocks move to the past at once, so that the live part stays small. */
function wrote(state: ChatState, text: string): ChatState {
	const { finished, rest } = grow(state.live.text, text);
	const { progress: _over, ...live } = state.live;
	return { ...add(state, ...finished.map(prose)), live: { ...live, text: rest, streamed: true } };
}

function replied(state: ChatState, message: AssistantMessage, usage: Usage): ChatState {
	const written = state.live.streamed ? state : wrote(state, message.text);
	const { spent } = state;
	return {
		...add(written, ...flush(written.live.text).map(prose)),
		live: nothing,
		context: usage.prompt + usage.output,
		last: usage,
		spent: {
			prompt: spent.prompt + usage.prompt,
			reused: spent.reused + usage.reused,
			output: spent.output + usage.output,
			readMs: spent.readMs + usage.readMs,
			writeMs: spent.writeMs + usage.writeMs,
		},
	};
}

/** Characters of a running call's output that are kept for the few lines drawn of it. */
const tailKept = 16_000;

const said = (call: LiveCall, text: string): LiveCall => ({
	...call,
	tail: (call.tail + text).slice(-tailKept),
	lines: call.lines + lineEnds(text),
});

/** How many; counted one by one, since a list of them would be larger than the text. */
function lineEnds(text: string): number {
	let count = 0;
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
	return count;
}
