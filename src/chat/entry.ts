import { endingSentence } from '../agent/endings.js';
import { remarkParts } from '../agent/remark.js';
import { exactLine, display as safe } from '../sanitise.js';
import type { Remark, Usage } from '../types.js';
import { displayLines, wholeLines } from './display.js';
import { markdownLines } from './markdown/markdown.js';
import type { Entry } from './state.js';
import type { Style } from './text/colour.js';
import { clip } from './text/width.js';
import { hang, type Line, run, wrap } from './text/wrap.js';

/** An entry of the past as lines for the terminal, an empty one before it where it begins something new. */
export function entryLines(entry: Entry, previous: Entry | undefined, columns: number): Line[] {
	const lines = linesOf(entry, columns);
	return previous && isApart(entry, previous) ? [[], ...lines] : lines;
}

const isApart = (entry: Entry, previous: Entry) =>
	!(entry.kind === previous.kind && entry.kind !== 'prose' && entry.kind !== 'shown' && entry.kind !== 'user');

/** Lines drawn of a result; the rest is counted, and Ctrl-O shows it. */
const most = { text: 6, terminal: 10, paths: 6, diff: 40 } as const;

function linesOf(entry: Entry, columns: number): Line[] {
	switch (entry.kind) {
		case 'user':
			return [
				...hang(run('> ', { bold: true }), wrap([run(safe(entry.text), { bold: true })], columns - 2)),
				...materialLine(entry.material, columns),
			];
		case 'prose':
			return markdownLines(entry.text, columns);
		case 'call': {
			const sign = entry.ok ? run('✔ ', { colour: 'green' }) : run('✘ ', { colour: 'red' });
			const title = hang(sign, wrap([run(exactLine(entry.title))], columns - 2));
			return [...title, ...indent(displayLines(entry.show, { columns: columns - 2, most: most[entry.show.kind] }))];
		}
		case 'told':
			return hang(run('↳ ', { dim: true }), displayLines({ kind: 'text', text: entry.text }, { columns: columns - 2, most: 4 }, ''));
		case 'remark':
			return remarkLines(entry.remark, columns);
		case 'note':
			return hang(run('· ', { colour: 'yellow' }), wrap([run(safe(entry.text))], columns - 2));
		case 'wrong':
			return hang(
				run('! ', { colour: 'yellow' }),
				wrap([run(exactLine(entry.text), { colour: 'yellow' }), run(` — ${exactLine(entry.truth)}`)], columns - 2),
			);
		case 'compacted':
			return hang(
				run('· ', { colour: 'yellow' }),
				wrap([run(`The conversation was shortened from ${number(entry.before)} to ${number(entry.after)} tokens.`)], columns - 2),
			);
		case 'ending': {
			const fine = entry.ending.reason === 'answered' || entry.ending.reason === 'remarked';
			return hang(
				run('— ', { dim: true }),
				wrap(
					[run(safe(endingSentence(entry.ending, 'chat')) + (fine ? cost(entry.spent) : ''), fine ? { dim: true } : { colour: 'yellow' })],
					columns - 2,
				),
			);
		}
		case 'shown':
			return [
				...wrap([run(exactLine(entry.title), { bold: true })], columns),
				...(entry.exact
					? wholeLines(entry.display, columns)
					: displayLines(entry.display, { columns, most: 2000 }, 'the middle was left out')),
			];
		default:
			return entry satisfies never;
	}
}

function remarkLines(remark: Remark, columns: number): Line[] {
	const [place, certainty, text] = remarkParts(remark);
	const style: Style = remark.certainty === 'verified' ? { colour: 'red' } : { dim: true };
	return wrap([run(place, { bold: true }), run(`  ${certainty}  `, style), run(text)], columns);
}

/** Tokens written a second, or undefined when nothing was written. */
export const speedOf = (usage: Usage): number | undefined =>
	usage.output > 0 && usage.writeMs > 0 ? (usage.output * 1000) / usage.writeMs : undefined;

function cost(spent: Usage): string {
	const speed = speedOf(spent);
	return speed === undefined ? '' : ` ${number(spent.output)} tokens, ${speed.toFixed(1)} tokens/s.`;
}

function materialLine(material: string, columns: number): Line[] {
	const lines = material === '' ? 0 : material.split('\n').length;
	return lines === 0 ? [] : [[run(clip(`  with ${number(lines)} ${lines === 1 ? 'line' : 'lines'} of material`, columns), { dim: true })]];
}

const indent = (lines: readonly Line[]): Line[] => lines.map(line => (line.length > 0 ? [run('  '), ...line] : line));
const number = (value: number) => value.toLocaleString('en-US');
