import { useInput, usePaste } from 'ink';
import { useState } from 'react';
import { exactLine } from '../sanitise.js';
import { Lines } from './Lines.js';
import type { Choice } from './session/dialogue.js';
import { clip, graphemes, width } from './text/width.js';
import { type Line, run } from './text/wrap.js';

type Props = { title: string; choices: readonly Choice[]; columns: number; rows: number; onChoose(value: string | undefined): void };

/** A list to choose from: arrows or typing narrow it down, Enter takes, Esc leaves. */
export function Picker({ title, choices, columns, rows, onChoose }: Props) {
	const [filter, setFilter] = useState('');
	const [at, setAt] = useState(0);
	const found = choices.filter(choice => matches(choice, filter));
	const narrow = (change: (before: string) => string) => {
		setFilter(change);
		setAt(0);
	};
	useInput((input, key) => {
		if (key.escape) onChoose(undefined);
		else if (key.return) found[at] && onChoose(found[at].value);
		else if (key.upArrow || key.downArrow)
			setAt(before => (found.length > 0 ? (before + (key.downArrow ? 1 : found.length - 1)) % found.length : 0));
		else if (key.pageUp || key.pageDown)
			setAt(before => Math.min(Math.max(0, found.length - 1), Math.max(0, before + (key.pageDown ? rows : -rows))));
		else if (key.backspace || key.delete) narrow(before => graphemes(before).slice(0, -1).join(''));
		else if (!key.ctrl && !key.meta && !key.tab) narrow(before => before + input);
	});
	usePaste(text => narrow(before => before + text));

	const room = Math.max(1, rows - 5);
	const first = Math.max(0, Math.min(at - Math.floor(room / 2), found.length - room));
	const labels = Math.min(Math.floor(columns / 2), Math.max(...found.map(choice => width(exactLine(choice.label))), 0));
	const drawn: Line[] = [
		[],
		[run(clip(exactLine(title), columns), { bold: true })],
		[run(clip(filter === '' ? 'type to search' : `search: ${exactLine(filter)}`, columns), { dim: true })],
		...found.slice(first, first + room).map((choice, index) => choiceLine(choice, first + index === at, { labels, columns })),
		...(found.length === 0 ? [[run('  nothing of that name')]] : []),
		[run(clip(`${found.length} of ${choices.length} · Enter takes, Esc leaves`, columns), { dim: true })],
	];
	return <Lines lines={drawn} />;
}

function choiceLine({ label, detail }: Choice, selected: boolean, { labels, columns }: { labels: number; columns: number }): Line {
	const name = clip(exactLine(label), labels);
	const rest = clip(exactLine(detail), Math.max(0, columns - labels - 4));
	return [
		run(`${selected ? '›' : ' '} ${name}${' '.repeat(labels - width(name))}`, selected ? { colour: 'cyan', bold: true } : {}),
		run(rest ? `  ${rest}` : '', { dim: true }),
	];
}

/** Each word typed occurs somewhere in the label or the detail. */
const matches = ({ label, detail }: Choice, filter: string) => {
	const text = `${label} ${detail}`.toLowerCase();
	return filter
		.toLowerCase()
		.split(/\s+/)
		.every(word => text.includes(word));
};
