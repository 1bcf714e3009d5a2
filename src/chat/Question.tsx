import { useInput, usePaste } from 'ink';
import { useMemo } from 'react';
import type { Question as Asked, PersonAnswer } from '../agent/conversation.js';
import { exactLine } from '../sanitise.js';
import { type Choice, choicesFor, paste, press, unasked } from './asking.js';
import { useDeafness } from './deaf.js';
import { exactLines, wholeLines } from './display.js';
import { useHeld } from './held.js';
import { Lines } from './Lines.js';
import { windowOf } from './pages.js';
import type { Style } from './text/colour.js';
import { clip } from './text/width.js';
import { type Line, run, wrap } from './text/wrap.js';

type Props = { question: Asked; columns: number; rows: number; onAnswer(answer: PersonAnswer): void; onPrintAll(): void; now(): number };

/** Asks before something is done: what exactly, why, and whether. Nothing of it is hidden without a count. */
export function Question({ question, columns, rows, onAnswer, onPrintAll, now }: Props) {
	const asking = useHeld(unasked);
	const isDeaf = useDeafness(now);
	const choices = useMemo(() => choicesFor(question), [question]);
	const body = useMemo(() => bodyLines(question, columns), [question, columns]);
	const reasons = useMemo(() => reasonsFor(question, columns), [question, columns]);
	const room = Math.max(3, rows - choices.length - reasons.length - 3);

	useInput((input, key) => {
		if (isDeaf()) return;
		const step = press(asking.current(), { input, key }, { choices, lines: body.length, rows: room });
		asking.set(step.asking);
		if (step.answer) onAnswer(step.answer);
		if (step.printAll) onPrintAll();
	});
	usePaste(text => asking.set(paste(asking.current(), text)));

	const { selected, view, reason } = asking.current();
	const drawn: Line[] = [
		[],
		[run(heading(question), { bold: true, colour: 'yellow' })],
		...windowOf(body, view, { columns, rows: room }),
		...reasons,
		...(reason === undefined
			? choices.map((choice, index) => choiceLine(choice, index, { selected: index === selected, columns }))
			: reasonLines(reason, columns)),
	];
	return <Lines lines={drawn} />;
}

function choiceLine({ key, words }: Choice, index: number, { selected, columns }: { selected: boolean; columns: number }): Line {
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

/** Why it asks, what the program itself found out, and the words that led to it: an instruction from a file may be behind them. */
function reasonsFor({ why, verified, because }: Asked, columns: number): Line[] {
	const wrote = because.trim().split('\n').at(-1) ?? '';
	const line = (words: string, style: Style): Line[] => [[run(clip(exactLine(words), columns), style)]];
	return [
		...(why ? line(`It asks because of: ${why}`, { colour: 'yellow' }) : []),
		...(verified ? line(`Verified: ${verified}`, { colour: 'green' }) : []),
		...(wrote ? line(`The model wrote: ${wrote}`, { dim: true }) : []),
	];
}

const reasonLines = (reason: string, columns: number): Line[] => [
	...wrap([run('No, because: ', { bold: true }), run(`${exactLine(reason)}▏`)], columns),
	[run('Enter sends it, Esc goes back', { dim: true })],
];
