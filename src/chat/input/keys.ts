import type { Key } from 'ink';
import type { Motion } from './cells.js';

/** What a key asks of the composer. Which key it was is forgotten here. */
export type Action = { type: 'insert' | 'paste'; text: string } | { type: 'move' | 'delete' | 'kill'; motion: Motion } | { type: Plain };
type Plain =
	| 'enter'
	| 'newline'
	| 'escape'
	| 'interrupt'
	| 'end-of-input'
	| 'tab'
	| 'cycle-mode'
	| 'up'
	| 'down'
	| 'page-up'
	| 'page-down'
	| 'yank'
	| 'yank-pop'
	| 'undo'
	| 'search'
	| 'detail'
	| 'editor'
	| 'chord'
	| 'redraw'
	| 'stash'
	| 'suspend';

/** Ctrl with a letter, as readline and the table of the conventions, section 9, have it. */
const withCtrl: Record<string, Action> = {
	a: { type: 'move', motion: 'line-start' },
	b: { type: 'move', motion: 'left' },
	c: { type: 'interrupt' },
	d: { type: 'end-of-input' },
	e: { type: 'move', motion: 'line-end' },
	f: { type: 'move', motion: 'right' },
	g: { type: 'editor' },
	h: { type: 'delete', motion: 'left' },
	i: { type: 'tab' },
	j: { type: 'newline' },
	k: { type: 'kill', motion: 'line-end' },
	l: { type: 'redraw' },
	m: { type: 'enter' },
	n: { type: 'down' },
	o: { type: 'detail' },
	p: { type: 'up' },
	r: { type: 'search' },
	s: { type: 'stash' },
	u: { type: 'kill', motion: 'line-start' },
	w: { type: 'kill', motion: 'space-word-left' },
	x: { type: 'chord' },
	y: { type: 'yank' },
	z: { type: 'suspend' },
	// Terminals without the kitty protocol send the byte 0x1f for Ctrl-_, Ctrl-/ and Ctrl--.
	_: { type: 'undo' },
	'-': { type: 'undo' },
	'/': { type: 'undo' },
};

const withAlt: Record<string, Action> = {
	b: { type: 'move', motion: 'word-left' },
	f: { type: 'move', motion: 'word-right' },
	d: { type: 'kill', motion: 'word-right' },
	y: { type: 'yank-pop' },
	'<': { type: 'move', motion: 'start' },
	'>': { type: 'move', motion: 'end' },
};

/**
 * The actions that one event of Ink's `useInput` stands for, in order. Ink hands over a run of plain bytes as one event,
 * so an event can hold several keys: letters and Enter typed fast, or a paste of a terminal without bracketed paste.
 */
export function actionsOf(input: string, key: Key): Action[] {
	if (key.eventType === 'release' || key.super || key.hyper) return [];
	const named = namedKey(input, key);
	if (named) return named;
	if (key.ctrl) return one(withCtrl[input.toLowerCase()]);
	if (key.meta && [...input].length === 1) return one(withAlt[input.toLowerCase()]);
	return actionsOfRun(input);
}

function namedKey(input: string, key: Key): Action[] | undefined {
	const { ctrl, meta, shift } = key;
	const byWord = ctrl || meta;
	if (key.return) return [{ type: meta || shift ? 'newline' : ctrl ? 'newline' : 'enter' }];
	// Two Esc in one chunk arrive as Esc with Alt.
	if (key.escape) return meta ? [{ type: 'escape' }, { type: 'escape' }] : [{ type: 'escape' }];
	if (key.tab) return [{ type: shift ? 'cycle-mode' : 'tab' }];
	if (key.backspace) return [byWord ? { type: 'kill', motion: 'word-left' } : { type: 'delete', motion: 'left' }];
	if (key.delete) return [byWord ? { type: 'kill', motion: 'word-right' } : { type: 'delete', motion: 'right' }];
	if (key.leftArrow) return [{ type: 'move', motion: byWord ? 'word-left' : 'left' }];
	if (key.rightArrow) return [{ type: 'move', motion: byWord ? 'word-right' : 'right' }];
	if (key.upArrow) return [{ type: 'up' }];
	if (key.downArrow) return [{ type: 'down' }];
	if (key.pageUp) return [{ type: 'page-up' }];
	if (key.pageDown) return [{ type: 'page-down' }];
	if (key.home) return [{ type: 'move', motion: ctrl ? 'start' : 'line-start' }];
	if (key.end) return [{ type: 'move', motion: ctrl ? 'end' : 'line-end' }];
	return input === '\n' ? [{ type: 'newline' }] : undefined;
}

/** A run of bytes without escape sequences. */
function actionsOfRun(run: string): Action[] {
	if (run === '') return [];
	// Line ends before the end of a chunk are how a terminal without bracketed paste delivers a paste: it must not submit.
	if (/[\r\n](?=[\s\S])/.test(run) && !/[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(run)) return [{ type: 'paste', text: run }];
	const actions: Action[] = [];
	for (const [part] of run.matchAll(/[^\x00-\x1f\x7f]+|[\s\S]/g)) {
		if (part === '\r') actions.push({ type: 'enter' });
		else if (part === '\n') actions.push({ type: 'newline' });
		else if (part === '\x7f') actions.push({ type: 'delete', motion: 'left' });
		else if (part < ' ') actions.push(...one(withCtrl[String.fromCharCode(part.charCodeAt(0) + (part > '\x1a' ? 64 : 96))]));
		else actions.push({ type: 'insert', text: part });
	}
	return actions.map((action, index) => (isTabInText(action, actions[index + 1]) ? { type: 'insert', text: '\t' } : action));
}

/** Nobody types a Tab key and the next letter within one chunk: that is a tab of a pasted text. */
const isTabInText = (action: Action, next: Action | undefined): boolean => action.type === 'tab' && next?.type === 'insert';

const one = (action: Action | undefined): Action[] => (action ? [action] : []);
