import { useInput, usePaste } from 'ink';
import { exactLine } from '../sanitise.js';
import { useDeafness } from './deaf.js';
import { useHeld } from './held.js';
import { Lines } from './Lines.js';
import type { Choice } from './session/dialogue.js';
import { clip, graphemes, width } from './text/width.js';
import { type Line, run } from './text/wrap.js';

type Props = {
	title: string;
	choices: readonly Choice[];
	columns: number;
	rows: number;
	onChoose(value: string | undefined): void;
	now(): number;
};

/** A list to choose from: arrows or typing narrow it down, Enter takes, Esc leaves, but neither when it comes too soon. */
export function Picker({ title, choices, columns, rows, onChoose, now }: Props) {
	const isDeaf = useDeafness(now);
	const room = Math.max(2, rows - 5);
	const held = useHeld({ filter: '', at: 0 });
	const found = () => choices.filter(choice => matches(choice, held.current().filter));
	const move = (by: number) => {
		const { filter, at } = held.current();
		const count = found().length;
		if (count > 0) held.set({ filter, at: Math.abs(by) === 1 ? (at + by + count) % count : Math.min(count - 1, Math.max(0, at + by)) });
	};
	const narrow = (filter: string) => held.set({ filter, at: 0 });
	const choose = (choice: Choice | undefined) => choice && onChoose(choice.value);
	useInput((input, key) => {
		const { filter, at } = held.current();
		if (isDeaf() && (key.escape || key.return)) return;
		if (key.escape) onChoose(undefined);
		else if (key.return) choose(found()[at]);
		else if (key.upArrow || key.downArrow) move(key.downArrow ? 1 : -1);
		else if (key.pageUp || key.pageDown) move(key.pageDown ? room : -room);
		else if (key.backspace || key.delete) narrow(graphemes(filter).slice(0, -1).join(''));
		else if (!key.ctrl && !key.meta && !key.tab) narrow(filter + input);
	});
	usePaste(text => narrow(held.current().filter + text));

	const { filter, at } = held.current();
	const seen = found();
	const first = Math.max(0, Math.min(at - Math.floor(room / 2), seen.length - room));
	const labels = Math.min(Math.floor(columns / 2), Math.max(...seen.map(choice => width(exactLine(choice.label))), 0));
	const drawn: Line[] = [
		[],
		[run(clip(exactLine(title), columns), { bold: true })],
		[run(clip(filter === '' ? 'type to search' : `search: ${exactLine(filter)}`, columns), { dim: true })],
		...seen.slice(first, first + room).map((choice, index) => choiceLine(choice, first + index === at, { labels, columns })),
		...(seen.length === 0 ? [[run('  nothing of that name')]] : []),
		[run(clip(`${seen.length} of ${choices.length} · Enter takes, Esc leaves`, columns), { dim: true })],
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
