import { pythonFile } from './python.js';
import { scriptFile } from './script.js';
import type { Place } from './where.js';

/** A test to be written. An error is `does` `! ` and its name; `waits`: the call gives a promise. `title` is what it is called there. */
export type Case = { call: string; does: string; kind: 'value' | 'error'; waits: boolean; title: string };

/** `imports` are the names that the tests use, alone where the file is itself (`whole`) what is called; `specifier` is what the file is called there. */
export type Rendering = { cases: readonly Case[]; imports: readonly string[]; whole: boolean; specifier: string };

export const isPython = ({ framework }: Pick<Place, 'framework'>): boolean => framework === 'pytest' || framework === 'unittest';

/** The whole text of the test file with these cases. What was in it stays as it was. */
export const rendered = (place: Place, rendering: Rendering): string =>
	isPython(place) ? pythonFile(place, rendering) : scriptFile(place, rendering);

const longest = 60;

/** What the tests of these titles are called: no two alike, and none as in the file already. */
export function named(titles: readonly string[], place: Place): string[] {
	const taken = new Set<string>();
	const isFree = (name: string) => !taken.has(name) && !(place.text ?? '').includes(isPython(place) ? `test_${name}(` : name);
	return titles.map(title => {
		const base = isPython(place) ? snake(title) : title;
		let name = base;
		for (let number = 2; !isFree(name); number++) name = isPython(place) ? `${base}_${number}` : `${base} (${number})`;
		taken.add(name);
		return name;
	});
}

function snake(title: string): string {
	const words = title
		.replace(/-(?=[\d.])/g, ' minus ')
		.replace(/\[\]|\{\}|""|''/g, ' empty ')
		.replace(/[^A-Za-z0-9]+/g, ' ')
		.trim()
		.toLowerCase()
		.split(' ');
	return words.reduce((name, word) => (`${name}_${word}`.length <= longest ? `${name}_${word}` : name)).slice(0, longest) || 'case';
}
