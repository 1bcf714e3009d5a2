import { isBlank, remove, rewrite } from './draft.js';
import { entryOf, type Facts, type Input, type Pressed, to, withDraft } from './input.js';

/** How long a key waits for its second press, in milliseconds. */
export const secondPressWithin = 2000;

/** Esc: stop, or clear on the second press, or the rewind menu when there is nothing to clear. */
export function stopOrClear(input: Input, facts: Facts): Pressed {
	const plain: Input = { ...input, armed: undefined, help: false };
	if (input.help) return to(plain);
	if (facts.busy) return to(plain, { type: 'stop' });
	if (input.draft.cells.length === 0 && input.shell) return to({ ...plain, shell: false });
	if (!isArmed(input, 'escape', facts)) return to({ ...plain, armed: { key: 'escape', until: facts.now + secondPressWithin } });
	return input.draft.cells.length === 0 ? to(plain, { type: 'rewind' }) : cleared(plain);
}

/** Ctrl-C: stop, or clear, or on an empty draft quit on the second press. */
export function interrupt(input: Input, facts: Facts): Pressed {
	const plain: Input = { ...input, armed: undefined, help: false };
	if (facts.busy) return to(plain, { type: 'stop' });
	if (input.draft.cells.length > 0) return cleared(plain);
	return isArmed(input, 'interrupt', facts)
		? to(plain, { type: 'quit' })
		: to({ ...plain, shell: false, armed: { key: 'interrupt', until: facts.now + secondPressWithin } });
}

/** Ctrl-D: delete to the right, or on an empty draft quit on the second press. */
export function endOfInput(input: Input, facts: Facts): Pressed {
	const plain: Input = { ...input, armed: undefined, help: false };
	if (input.draft.cells.length > 0) return to(withDraft(plain, remove(input.draft, 'right')));
	return isArmed(input, 'end-of-input', facts)
		? to(plain, { type: 'quit' })
		: to({ ...plain, armed: { key: 'end-of-input', until: facts.now + secondPressWithin } });
}

const isArmed = (input: Input, key: string, facts: Facts): boolean => input.armed?.key === key && facts.now <= input.armed.until;

/** The draft is emptied and kept in the history; undo brings it back too. */
function cleared(input: Input): Pressed {
	const empty = withDraft({ ...input, shell: false }, rewrite(input.draft, []));
	return isBlank(input.draft) ? to(empty) : to(empty, { type: 'remember', entry: entryOf(input) });
}
