import { type Cell, textOf, typed, typedAt } from './cells.js';
import { type Names, type Offer, offerFor } from './completion.js';
import { type Draft, emptyDraft, rewrite } from './draft.js';
import type { Remembered, Search, Walk } from './recall.js';
import type { Submission } from './submission.js';

/** Everything the composer knows between two keys. Plain data. */
export type Input = {
	draft: Draft;
	/** Every line is a command for the shell, until `!` is sent again. */
	shell: boolean;
	/** Pastes folded in this message so far. */
	pastes: number;
	/** The item of the popup that Tab takes, and where the word begins whose popup was closed. */
	selected: number;
	closed: number | undefined;
	walk: Walk | undefined;
	search: Search | undefined;
	stash: readonly Cell[] | undefined;
	/** A key that does something when it is pressed again before `until` (milliseconds since the epoch). */
	armed: { key: 'interrupt' | 'end-of-input' | 'escape'; until: number } | undefined;
	/** Ctrl-X was pressed. */
	chord: boolean;
	help: boolean;
};

/** What a key is judged by besides the input itself. `width` is that of a row of text. */
export type Facts = { now: number; busy: boolean; queued: number; width: number; history: readonly Remembered[]; names: Names };

/** What a key leads to outside of the composer, in the order in which it is to be done. */
export type Effect =
	| { type: 'submit'; submission: Submission; remember: Remembered }
	| { type: 'remember'; entry: Remembered }
	| { type: 'note'; text: string }
	| { type: 'stop' | 'quit' | 'cycle-mode' | 'detail' | 'redraw' | 'rewind' | 'editor' | 'suspend' | 'take-back' };

export type Pressed = { input: Input; effects: Effect[] };

/** An input, and what is to be done besides. */
export const to = (input: Input, ...effects: Effect[]): Pressed => ({ input, effects });

export const emptyInput: Input = {
	draft: emptyDraft,
	shell: false,
	pastes: 0,
	selected: 0,
	closed: undefined,
	walk: undefined,
	search: undefined,
	stash: undefined,
	armed: undefined,
	chord: false,
	help: false,
};

/** Puts a text that comes from elsewhere (the editor, the queue) in the place of the draft. It can be undone. */
export const load = (input: Input, text: string): Input => withDraft(input, rewrite(input.draft, typed(text)));

/** The popup that is open, if one is. History, search and the shell have none. */
export function openOffer(input: Input, names: Names): Offer | undefined {
	if (input.search || input.walk || isShell(input)) return undefined;
	const offer = offerFor(input.draft, names);
	return offer && offer.start !== input.closed ? offer : undefined;
}

/** Whether Enter would hand a command to the shell. */
export const isShell = (input: Input): boolean => input.shell || typedAt(input.draft.cells, 0) === '!';

/** The entry for the history that stands for the draft as it is. */
export const entryOf = (input: Input): Remembered => {
	const cells: readonly Cell[] =
		input.shell && typedAt(input.draft.cells, 0) !== '!' ? [{ text: '!' }, ...input.draft.cells] : input.draft.cells;
	return { text: textOf(cells), cells };
};

/** The input with another draft: what was tied to the old one lets go. */
export function withDraft(input: Input, draft: Draft): Input {
	const isSame = draft.cells === input.draft.cells;
	return { ...input, draft, selected: isSame ? input.selected : 0, walk: isSame ? input.walk : undefined };
}
