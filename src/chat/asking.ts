import type { Key } from 'ink';
import type { PersonAnswer, Question } from '../agent/conversation.js';
import { exactLine } from '../sanitise.js';
import { pages, type View } from './pages.js';
import { graphemes } from './text/width.js';

/** How far the person is with a question: the choice pointed at, the page in view, a reason being typed. */
export type Asking = { selected: number; view: View; reason: string | undefined };
export type Choice = { key: string; words: string; answer: PersonAnswer | 'reason' };
/** What a key came to. */
export type Step = { asking: Asking; answer?: PersonAnswer; printAll?: true };

export const unasked: Asking = { selected: 0, view: 'ends', reason: undefined };

export function choicesFor({ rule }: Question): Choice[] {
	return [
		{ key: 'y', words: 'Yes', answer: { kind: 'yes' } },
		...(rule === undefined ? [] : [{ key: 'a', words: `Always: ${exactLine(rule)}`, answer: { kind: 'always' } as const }]),
		{ key: 'n', words: 'No (Esc)', answer: { kind: 'no' } },
		{ key: 'tab', words: 'No, with a reason (Tab)', answer: 'reason' },
	];
}

type Facts = { choices: readonly Choice[]; lines: number; rows: number };

/** One key further. Only a key that stands alone answers: words typed for something else do not. */
export function press(asking: Asking, { input, key }: { input: string; key: Key }, facts: Facts): Step {
	if (asking.reason !== undefined) return pressInReason(asking, asking.reason, { input, key });
	const { choices, lines, rows } = facts;
	if (key.pageDown) return { asking: { ...asking, view: pages(lines, rows).after(asking.view) } };
	if (key.pageUp) return { asking: { ...asking, view: pages(lines, rows).before(asking.view) } };
	if (key.upArrow || key.downArrow)
		return { asking: { ...asking, selected: (asking.selected + (key.downArrow ? 1 : choices.length - 1)) % choices.length } };
	if (key.return) return take(asking, choices[asking.selected]);
	if (key.escape) return { asking, answer: { kind: 'no' } };
	if (key.tab && !key.shift) return { asking: { ...asking, reason: '' } };
	if (key.ctrl && input === 'o') return { asking, printAll: true };
	if (key.ctrl || key.meta) return { asking };
	return take(asking, choices[Number(input) - 1] ?? choices.find(choice => choice.key === input.toLowerCase()));
}

/** A paste never answers; it may be part of a reason. */
export const paste = (asking: Asking, text: string): Asking =>
	asking.reason === undefined ? asking : { ...asking, reason: asking.reason + oneLine(text) };

function pressInReason(asking: Asking, reason: string, { input, key }: { input: string; key: Key }): Step {
	if (key.return) return { asking, answer: reason.trim() === '' ? { kind: 'no' } : { kind: 'no', reason: reason.trim() } };
	if (key.escape) return { asking: { ...asking, reason: undefined } };
	if (key.backspace || key.delete) return { asking: { ...asking, reason: graphemes(reason).slice(0, -1).join('') } };
	if (key.ctrl || key.meta || key.tab) return { asking };
	return { asking: { ...asking, reason: reason + oneLine(input) } };
}

function take(asking: Asking, choice: Choice | undefined): Step {
	if (!choice) return { asking };
	return choice.answer === 'reason' ? { asking: { ...asking, reason: '' } } : { asking, answer: choice.answer };
}

const oneLine = (text: string) => text.replace(/[\r\n\t]+/g, ' ');
