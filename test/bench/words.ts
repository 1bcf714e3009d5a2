import { Refusal } from '../../src/types.js';

/** Text without meaning, for prompts of a wanted length. */

const common =
	'the old house stands near a river and every morning light falls on its garden where people walk with open books while small birds sing about rain wind stone bread water paper music winter summer roads hills boats lamps doors'.split(
		' ',
	);

/** So many words in sentences; another seed gives another text from the first word on. */
export function prose(words: number, seed: number): string {
	let state = (seed * 2_654_435_761 + 1) % 2 ** 32;
	const next = (below: number) => {
		// A linear congruential generator (constants of Numerical Recipes): the same text on every machine.
		state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
		return Math.floor((state / 2 ** 32) * below);
	};
	const text: string[] = [];
	for (let left = words; left > 0; ) {
		const length = Math.min(left, 6 + next(7));
		const sentence = Array.from({ length }, () => common[next(common.length)]!).join(' ');
		text.push(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`);
		left -= length;
	}
	return text.join(' ');
}

/**
 * The text for which `count` gives `wanted` tokens, made of `prose` and a few short words after it; fewer only where even those
 * are longer than a token. Throws `Refusal` when `wanted` is less than what comes with any text.
 */
export async function proseOf(wanted: number, seed: number, count: (text: string) => Promise<number>): Promise<string> {
	// The text always ends in such a word: what the end of a sentence becomes one token with is counted once and for all.
	const filler = ' on';
	const nothing = await count('');
	let words = Math.max(1, wanted - nothing);
	for (let tries = 0; tries < 12; tries++) {
		const text = prose(words, seed) + filler;
		const tokens = await count(text);
		const missing = wanted - tokens;
		const each = (await count(text + filler)) - tokens;
		if (missing >= 0 && missing < 20 * each) return text + filler.repeat(Math.floor(missing / each));
		words = Math.max(1, Math.floor(words + (missing * words) / Math.max(1, tokens - nothing)) - 1);
	}
	throw new Refusal(`No text of ${wanted} tokens was found.`);
}
