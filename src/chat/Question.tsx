import { useInput, usePaste } from 'ink';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Question as Asked, PersonAnswer } from '../agent/conversation.js';
import { exactLine } from '../sanitise.js';
import { exactLines, wholeLines } from './display.js';
import { Lines } from './Lines.js';
import { pages, type View, windowOf } from './pages.js';
import { clip, graphemes } from './text/width.js';
import { type Line, run, wrap } from './text/wrap.js';

type Props = {
	question: Asked;
	columns: number;
	rows: number;
	onAnswer(answer: PersonAnswer): void;
	onPrintAll(): void;
	now?: () => number;
};
type Choice = { key: string; words: string; answer: PersonAnswer | 'reason' };

/** Keys pressed this soon after the question appeared were meant for something else. */
const deafMs = 250;

/** Asks before something is done: what exactly, why, and whether. Nothing of it is hidden without a count. */
export function Question({ question, columns, rows, onAnswer, onPrintAll, now = () => performance.now() }: Props) {
	const [selected, setSelected] = useState(0);
	const [view, setView] = useState<View>('ends');
	const [reason, setReason] = useState<string | undefined>();
	const choices = useMemo(() => choicesFor(question), [question]);
	const body = useMemo(() => bodyLines(question, columns), [question, columns]);
	const room = Math.max(3, rows - choices.length - 4);
	const isDeaf = useDeafness(now);

	const take = (choice: Choice | undefined) => {
		if (choice?.answer === 'reason') setReason('');
		else if (choice) onAnswer(choice.answer);
	};
	useInput(
		(input, key) => {
			if (isDeaf()) return;
			if (key.pageDown || key.pageUp) setView(before => pages(body.length, room)[key.pageDown ? 'after' : 'before'](before));
			else if (key.upArrow || key.downArrow) setSelected(before => (before + (key.downArrow ? 1 : choices.length - 1)) % choices.length);
			else if (key.return) take(choices[selected]);
			else if (key.escape) onAnswer({ kind: 'no' });
			else if (key.tab && !key.shift) setReason('');
			else if (key.ctrl && input === 'o') onPrintAll();
			else if (!key.ctrl && !key.meta) take(choices[Number(input) - 1] ?? choices.find(choice => choice.key === input.toLowerCase()));
		},
		{ isActive: reason === undefined },
	);
	useInput(
		(input, key) => {
			if (key.return) onAnswer(reason ? { kind: 'no', reason } : { kind: 'no' });
			else if (key.escape) setReason(undefined);
			else if (key.backspace || key.delete)
				setReason(before =>
					graphemes(before ?? '')
						.slice(0, -1)
						.join(''),
				);
			else if (!key.ctrl && !key.meta && !key.tab) setReason(before => (before ?? '') + oneLine(input));
		},
		{ isActive: reason !== undefined },
	);
	usePaste(text => setReason(before => (before === undefined ? before : before + oneLine(text))));

	const drawn: Line[] = [
		[],
		[run(heading(question), { bold: true, colour: 'yellow' })],
		...windowOf(body, view, room),
		...becauseLine(question, columns),
		...(reason === undefined
			? choices.map((choice, index) => choiceLine(choice, index, index === selected, columns))
			: reasonLines(reason, columns)),
	];
	return <Lines lines={drawn} />;
}

/** True until a quarter of a second has gone by without a key since the question was drawn. */
function useDeafness(now: () => number): () => boolean {
	const hearsFrom = useRef(Number.POSITIVE_INFINITY);
	useEffect(() => {
		hearsFrom.current = now() + deafMs;
	}, [now]);
	return () => {
		if (now() >= hearsFrom.current) return false;
		hearsFrom.current = now() + deafMs;
		return true;
	};
}

function choicesFor({ rule }: Asked): Choice[] {
	return [
		{ key: 'y', words: 'Yes', answer: { kind: 'yes' } },
		...(rule === undefined ? [] : [{ key: 'a', words: `Always: ${exactLine(rule)}`, answer: { kind: 'always' } as const }]),
		{ key: 'n', words: 'No (Esc)', answer: { kind: 'no' } },
		{ key: 'tab', words: 'No, with a reason (Tab)', answer: 'reason' },
	];
}

function choiceLine({ key, words }: Choice, index: number, selected: boolean, columns: number): Line {
	const letter = key.length === 1 ? ` (${key})` : '';
	return [run(clip(`${selected ? '›' : ' '} ${index + 1} ${words}${letter}`, columns), selected ? { colour: 'cyan', bold: true } : {})];
}

function heading({ risk }: Asked): string {
	if (risk === 'writes') return 'Make this change?';
	return risk === 'runs' ? 'Run this?' : 'Read this?';
}

const bodyLines = ({ title, preview }: Asked, columns: number): Line[] => [
	...exactLines(title, columns),
	...(preview ? wholeLines(preview, columns) : []),
];

/** The words that led to the call: an instruction from a file may be behind it. */
function becauseLine({ because }: Asked, columns: number): Line[] {
	const words = exactLine(because.trim().split('\n').at(-1) ?? '');
	return words === '' ? [] : [[run(clip(`The model wrote: ${words}`, columns), { dim: true })]];
}

const reasonLines = (reason: string, columns: number): Line[] => [
	...wrap([run('No, because: ', { bold: true }), run(`${exactLine(reason)}▏`)], columns),
	[run('Enter sends it, Esc goes back', { dim: true })],
];
const oneLine = (text: string) => text.replace(/[\r\n\t]+/g, ' ');
