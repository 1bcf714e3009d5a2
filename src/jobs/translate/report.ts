import { type Kind, piecesIn } from './pieces.js';
import type { Done } from './translate.js';

/** Texts of a file that are named one by one. */
const mostNamed = 5;

/** "34 of 36 segments translated, 2 left as they were (line 12: a placeholder was lost); 5 placeholders, 7 links intact." */
export function reportOf(done: readonly Done[]): string {
	if (done.length === 0) return 'nothing in it is to be translated.';
	const left = done.filter(({ words }) => words === undefined);
	const odd = done.filter(one => one.odd).map(({ line }) => line);
	const why = left.slice(0, mostNamed).map(({ line, why }) => `line ${line}: ${why}`);
	const more = left.length > mostNamed ? `, and ${left.length - mostNamed} more` : '';
	const stayed =
		left.length === 0 ? '' : `, ${left.length} left as ${left.length === 1 ? 'it was' : 'they were'} (${why.join(', ')}${more})`;
	const warned = odd.length === 0 ? '' : ` Much longer or shorter than before, so worth a look: line ${odd.join(', ')}.`;
	return `${done.length - left.length} of ${done.length} segments translated${stayed}; ${intact(done)}.${warned}`;
}

const plurals: Readonly<Record<Kind, [one: string, several: string]>> = {
	placeholder: ['placeholder', 'placeholders'],
	link: ['link', 'links'],
	'piece of code': ['piece of code', 'pieces of code'],
	tag: ['tag', 'tags'],
	URL: ['URL', 'URLs'],
	'mail address': ['mail address', 'mail addresses'],
	name: ['name of a file or an option', 'names of files and options'],
	'line break': ['line break', 'line breaks'],
	number: ['number', 'numbers'],
	term: ['term of the glossary', 'terms of the glossary'],
};

/** What was proven to be there as before: "5 placeholders, 7 links intact; the file is built as before". */
export function intact(done: readonly Done[]): string {
	const kinds = done.flatMap(({ segment, words, terms }): Kind[] => [
		...piecesIn(segment.words).map(({ kind }) => kind),
		...Array.from({ length: words === undefined ? 0 : terms }, () => 'term' as const),
	]);
	const counts = Object.entries(plurals).flatMap(([kind, [one, several]]) => {
		const count = kinds.filter(other => other === kind).length;
		return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`];
	});
	return `${counts.length > 0 ? `${counts.join(', ')} intact, ` : ''}the file is built as before`;
}
