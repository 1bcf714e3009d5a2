import { jsonIn } from '../../../json.js';
import { echoed } from '../../../sanitise.js';
import { Refusal } from '../../../types.js';
import type { Format } from '../format.js';
import { tagged } from '../language.js';

/** Strings of a text that is JSON, with the colon behind those that are keys. */
const strings = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** The string values of a JSON file; keys, numbers and layout stay. */
export const json: Format = {
	segments(text, path) {
		if (jsonIn(text) === undefined)
			throw new Refusal(`${echoed(path)} is not JSON as it stands, so nobody could tell its values from its keys: mend it first.`, 42);
		return [...text.matchAll(strings)]
			.filter(([, colon]) => colon === undefined)
			.map(({ 0: whole, index }) => ({
				from: index,
				to: index + whole.length,
				words: String(JSON.parse(whole)),
				spell: (words: string) => JSON.stringify(words),
			}));
	},
	skeleton: text => JSON.stringify(jsonIn(text), (_key, value: unknown) => (typeof value === 'string' ? '' : value)) ?? '',
	named: (stem, tag, ext) => `${tagged(stem) ? tag : `${stem}.${tag}`}${ext}`,
};
