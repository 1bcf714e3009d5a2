import { isPrivate } from './reach.js';

/** A diff by git as a model may read it: of a file that may hold secrets only that it changed. */
export const withoutSecrets = (diff: string): string =>
	diff
		.split(/^(?=diff --git )/m)
		.map(section => (speaksOfSecrets(section) ? `${headOf(section)}\n[not shown, because it may hold secrets]\n` : section))
		.join('');

/** Names are not told apart from what stands around them: half of one that holds a blank counts as well. */
const speaksOfSecrets = (section: string): boolean =>
	section.startsWith('diff --git ') &&
	headOf(section)
		.split(' ')
		.some(word => isPrivate(word.replace(/^"?\w\//, '').replace(/"$/, '')));

const headOf = (section: string): string => section.split('\n', 1)[0] ?? '';
