import { acceptedCells, isComplete, type Offer } from './completion.js';
import { afterwards, exchange, insert, kill, move, moveTo, paste, remove, rewrite, undo, yank, yankPop } from './draft.js';
import { entryOf, type Facts, type Input, openOffer, type Pressed, to, withDraft } from './input.js';
import type { Action } from './keys.js';
import { cursorAt, placeOf, rowsOf } from './layout.js';
import { cellsOf, found, walk } from './recall.js';
import { endOfInput, interrupt, stopOrClear } from './second-press.js';
import { readSubmission } from './submission.js';

const pageRows = 10;

/** What one key does: the input after it, and what it asks of the program. Pure: two keys in one instant both count. */
export function press(input: Input, action: Action, facts: Facts): Pressed {
	const plain: Input = { ...input, armed: undefined, chord: false, help: false };
	const pressed =
		input.chord && action.type === 'move' && action.motion === 'line-end'
			? to(plain, { type: 'editor' })
			: (whileSearching(plain, action, facts) ??
				whileOffering(plain, action, facts) ??
				whileTyping({ ...plain, armed: input.armed, help: input.help }, action, facts));
	return { ...pressed, input: withoutStaleClosing(pressed.input, facts) };
}

/** A popup that was closed stays closed for its word only. */
function withoutStaleClosing(input: Input, facts: Facts): Input {
	if (input.closed === undefined) return input;
	const offer = openOffer({ ...input, closed: undefined }, facts.names);
	return offer?.start === input.closed ? input : { ...input, closed: undefined };
}

/** Ctrl-R: letters go to the query; Tab and the moving keys edit what was found, Enter sends it, Esc leaves. */
function whileSearching(input: Input, action: Action, facts: Facts): Pressed | undefined {
	const { search } = input;
	if (!search) return undefined;
	const over: Input = { ...input, search: undefined };
	const entry = found(facts.history, search);
	const taken = entry ? withDraft(over, rewrite(input.draft, cellsOf(entry))) : over;
	switch (action.type) {
		case 'insert':
		case 'paste':
			return to({ ...input, search: { query: search.query + action.text.replace(/\s*[\r\n][\s\S]*$/, ''), nth: 0 } });
		case 'search': {
			const older = { ...search, nth: search.nth + 1 };
			return to(found(facts.history, older) ? { ...input, search: older } : input);
		}
		case 'delete':
			return to({ ...input, search: { query: [...search.query].slice(0, -1).join(''), nth: 0 } });
		case 'enter':
			return entry ? enter(taken, facts) : to(over);
		case 'escape':
		case 'interrupt':
		case 'editor':
			return to(over);
		case 'tab':
			return to(taken);
		default:
			return press(taken, action, facts);
	}
}

/** An open popup takes Up, Down, Tab, Enter and Esc. */
function whileOffering(input: Input, action: Action, facts: Facts): Pressed | undefined {
	const offer = openOffer(input, facts.names);
	if (!offer) return undefined;
	const count = offer.items.length;
	switch (action.type) {
		case 'up':
			return to({ ...input, selected: (input.selected + count - 1) % count });
		case 'down':
			return to({ ...input, selected: (input.selected + 1) % count });
		case 'escape':
			return to({ ...input, closed: offer.start });
		case 'tab':
			return to(accept(input, offer));
		case 'enter':
			return accepting(input, offer, facts);
		default:
			return undefined;
	}
}

function accept(input: Input, offer: Offer): Input {
	const item = offer.items[Math.min(input.selected, offer.items.length - 1)]!;
	return withDraft(input, exchange(input.draft, offer, acceptedCells(item)));
}

/** Enter sends what is complete as it stands, and a command that was chosen and needs no words after it. A guess has to be chosen. */
function accepting(input: Input, offer: Offer, facts: Facts): Pressed {
	if (input.selected === 0 && (offer.guessed || isComplete(offer))) return enter(input, facts);
	const accepted = accept(input, offer);
	const item = offer.items[Math.min(input.selected, offer.items.length - 1)]!;
	const needsWords = item.kind !== 'command' || item.label !== item.insert;
	return needsWords ? to(accepted) : enter(accepted, facts);
}

function whileTyping(input: Input, action: Action, facts: Facts): Pressed {
	const { draft } = input;
	const plain: Input = { ...input, armed: undefined, help: false };
	const edit = (next: typeof draft): Pressed => to(withDraft(plain, next));
	switch (action.type) {
		case 'insert': {
			if (action.text === '?' && draft.cells.length === 0 && !input.shell) return to({ ...plain, help: !input.help });
			return edit(insert(draft, action.text));
		}
		case 'paste': {
			const { draft: next, folded } = paste(draft, action.text, input.pastes + 1);
			return to(withDraft({ ...plain, pastes: input.pastes + (folded ? 1 : 0) }, next));
		}
		case 'newline':
			return edit(insert(draft, '\n'));
		case 'move':
			return edit(move(draft, action.motion));
		case 'delete':
			return draft.cells.length === 0 && input.shell ? to({ ...plain, shell: false }) : edit(remove(draft, action.motion));
		case 'kill':
			return edit(kill(draft, action.motion));
		case 'yank':
			return edit(yank(draft));
		case 'yank-pop':
			return edit(yankPop(draft));
		case 'undo':
			return edit(undo(draft));
		case 'up':
		case 'down':
			return upOrDown(plain, action.type, facts);
		case 'page-up':
			return to(vertical(plain, -pageRows, facts) ?? withDraft(plain, move(draft, 'start')));
		case 'page-down':
			return to(vertical(plain, pageRows, facts) ?? withDraft(plain, move(draft, 'end')));
		case 'enter':
			return enter(plain, facts);
		case 'escape':
			return stopOrClear(input, facts);
		case 'interrupt':
			return interrupt(input, facts);
		case 'end-of-input':
			return endOfInput(input, facts);
		case 'search':
			return to({ ...plain, search: { query: '', nth: 0 } });
		case 'stash':
			return to(stash(plain));
		case 'chord':
			return to({ ...plain, chord: true });
		case 'tab':
			return to(plain);
		case 'cycle-mode':
		case 'detail':
		case 'editor':
		case 'redraw':
		case 'suspend':
			return to(plain, { type: action.type });
		default:
			return action satisfies never;
	}
}

function enter(input: Input, facts: Facts): Pressed {
	const { draft } = input;
	if (draft.cells[draft.cursor - 1]?.text === '\\' && !draft.cells[draft.cursor - 1]?.pasted) {
		return to(withDraft(input, exchange(draft, { start: draft.cursor - 1, end: draft.cursor }, [{ text: '\n' }])));
	}
	const reading = readSubmission(draft.cells, input.shell, facts.names.commands);
	const after = withDraft(
		{ ...input, pastes: 0, stash: undefined },
		input.stash ? rewrite(afterwards(draft), input.stash) : afterwards(draft),
	);
	switch (reading.kind) {
		case 'nothing':
			return to(input);
		case 'kept':
			return to({ ...input, closed: 0 }, { type: 'note', text: reading.why });
		case 'toggle-shell':
			return to({ ...input, draft: afterwards(draft), shell: !input.shell });
		case 'command':
			if (reading.name === 'editor') return to(after, { type: 'editor' });
			return to(after, { type: 'submit', submission: reading, remember: entryOf(input) });
		case 'message':
		case 'shell':
			return to(after, { type: 'submit', submission: reading, remember: entryOf(input) });
		default:
			return reading satisfies never;
	}
}

/** Ctrl-S: the draft goes aside, and what was aside comes back. What is aside also comes back after the next Enter. */
function stash(input: Input): Input {
	if (input.draft.cells.length === 0 && !input.stash) return input;
	const aside = input.draft.cells.length === 0 ? undefined : input.draft.cells;
	return { ...withDraft(input, rewrite(input.draft, input.stash ?? [])), stash: aside };
}

/** A line, then the history; on an empty draft, what waits in the queue comes back first. */
function upOrDown(input: Input, key: 'up' | 'down', facts: Facts): Pressed {
	if (key === 'up' && input.draft.cells.length === 0 && facts.queued > 0) return to(input, { type: 'take-back' });
	const moved = vertical(input, key === 'up' ? -1 : 1, facts);
	if (moved) return to(moved);
	const from = input.walk ?? { before: entryOf(input).cells ?? [], index: facts.history.length };
	const next = walk(facts.history, from, key === 'up' ? 'older' : 'newer');
	if (!next) return to(input);
	return to({ ...withDraft(input, rewrite(input.draft, next.cells)), walk: next.walk, shell: false });
}

/** The cursor some rows further, in the column it began in; undefined when there is no such row. */
function vertical(input: Input, by: number, { width }: Facts): Input | undefined {
	const { draft } = input;
	const rows = rowsOf(draft.cells, width);
	const place = placeOf(draft, rows, width);
	const row = place.row + by;
	if (!rows[row]) return undefined;
	const goal = draft.goal ?? place.x;
	return { ...input, draft: moveTo(draft, cursorAt(draft.cells, rows, { row, x: goal }, width), goal) };
}
