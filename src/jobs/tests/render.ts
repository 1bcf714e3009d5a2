import { goFile } from './go.js';
import { javaFile } from './java.js';
import { pythonFile } from './python.js';
import { rustFile } from './rust.js';
import { scriptFile } from './script.js';
import type { Place } from './where.js';

/** A test to be written. An error is `does` `! ` and its name; `waits`: the call gives a promise. `title` is what it is called there. */
export type Case = { call: string; does: string; kind: 'value' | 'error'; waits: boolean; title: string };

/** `imports` are the names that the tests use, alone where the file is itself (`whole`) what is called; `specifier` is what the file is called there. */
export type Rendering = { cases: readonly Case[]; imports: readonly string[]; whole: boolean; specifier: string };

export const isPython = ({ framework }: Pick<Place, 'framework'>): boolean => framework === 'pytest' || framework === 'unittest';

/** The whole text of the test file with these cases. What was in it stays as it was. */
export const rendered = (place: Place, rendering: Rendering): string => writers[kindOf(place)](place, rendering);

/** Languages that tests are written in, as far as they differ in it. */
type TestLanguage = 'go' | 'rust' | 'java' | 'python' | 'script';

function kindOf({ framework }: Pick<Place, 'framework'>): TestLanguage {
	if (framework === 'go') return 'go';
	if (framework === 'junit4' || framework === 'junit5') return 'java';
	return framework === 'cargo' ? 'rust' : isPython({ framework }) ? 'python' : 'script';
}

const writers: Readonly<Record<TestLanguage, (place: Place, rendering: Rendering) => string>> = {
	go: goFile,
	rust: rustFile,
	java: javaFile,
	python: pythonFile,
	script: scriptFile,
};

const longest = 60;

/** What the tests of these titles are called: no two alike, and none as in the file already. */
export function named(titles: readonly string[], place: Place): string[] {
	const { plain, numbered, asFound } = namings[kindOf(place)];
	const taken = new Set<string>();
	const isFree = (name: string) => !taken.has(name) && !(place.text ?? '').includes(asFound(name));
	return titles.map(title => {
		const base = plain(title);
		let name = base;
		for (let number = 2; !isFree(name); number++) name = numbered(base, number);
		taken.add(name);
		return name;
	});
}

/** What a title becomes; the same with a number; and how it stands in a file. */
type Naming = { plain(title: string): string; numbered(name: string, number: number): string; asFound(name: string): string };

const namings: Readonly<Record<TestLanguage, Naming>> = {
	go: {
		plain: title => `Test${camel(title)}`,
		numbered: (name, number) => `${name}${/\d$/.test(name) ? '_' : ''}${number}`,
		asFound: name => `${name}(`,
	},
	java: {
		plain: title =>
			camel(title)
				.replace(/^\w/, letter => letter.toLowerCase())
				.replace(/^(?=\d)/, 'case'),
		numbered: (name, number) => `${name}_${number}`,
		asFound: name => ` ${name}(`,
	},
	rust: {
		plain: title => snake(title).replace(/^(?=\d)/, 'case_'),
		numbered: (name, number) => `${name}_${number}`,
		asFound: name => `fn ${name}(`,
	},
	python: { plain: snake, numbered: (name, number) => `${name}_${number}`, asFound: name => `test_${name}(` },
	script: { plain: title => title, numbered: (name, number) => `${name} (${number})`, asFound: name => name },
};

function snake(title: string): string {
	return fitting(wordsOf(title.toLowerCase()), '_');
}

/** `Total of 2 items` as `TotalOf2Items`; numbers stay apart. */
function camel(title: string): string {
	const words = wordsOf(title).map(word => word.slice(0, 1).toUpperCase() + word.slice(1));
	return fitting(
		words.map((word, i) => (/^\d/.test(word) && /\d$/.test(words[i - 1] ?? '') ? `_${word}` : word)),
		'',
	);
}

const wordsOf = (title: string): string[] =>
	title
		.replace(/(?:\[\]|map\[\w+\])[\w*.]+(?=\{)|\bvec!|\.to_string\(\)/g, '')
		.replace(/-(?=[\d.])/g, ' minus ')
		.replace(/\[\]|\{\}|""|''/g, ' empty ')
		.replace(/[^A-Za-z0-9]+/g, ' ')
		.trim()
		.split(' ');

const fitting = (words: readonly string[], between: string): string =>
	words.reduce((name, word) => (`${name}${between}${word}`.length <= longest ? `${name}${between}${word}` : name)).slice(0, longest) ||
	'case';
