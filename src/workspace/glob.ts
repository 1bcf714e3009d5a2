/**
 * File patterns (glob(7), with `**` and `{a,b}`), matched in time that is bounded by pattern times path: patterns come from
 * a model and names from a repository, and as regular expressions two such can keep a machine busy for ever.
 */
import { Refusal } from '../types.js';
import { shown } from './names.js';

const longest = 200;
const mostAlternatives = 64;

/**
 * Whether a path matches: `*` and `?` within one name, `**` over any folders, `[a-z]`, `[!a]`, `{a,b}`, `\` before a
 * character that is meant literally. A pattern without `/` is of names, one that ends in `/` of all below. Hidden files
 * match like others. Refuses patterns of more than 200 characters or 64 alternatives.
 */
export function glob(pattern: string): (path: string) => boolean {
	const alternatives = pattern.length <= longest ? expand(pattern) : undefined;
	if (!alternatives)
		throw new Refusal(
			`The pattern ${shown(pattern.slice(0, 60))} is too long: up to ${longest} characters and ${mostAlternatives} alternatives work.`,
		);
	const compiled = alternatives.map(compile);
	return path => {
		const names = path.split('/').map(name => [...name]);
		return compiled.some(folders => matches(folders, names, (tokens, name) => matches(tokens, name, fits)));
	};
}

type Token = (character: string) => boolean;
type Wild<T> = T | 'any number';

function compile(pattern: string): Wild<Wild<Token>[]>[] {
	const parts = pattern.replace(/^(?:\.?\/)+/, '').split('/');
	const whole = parts.at(-1) === '' ? [...parts.slice(0, -1), '**'] : parts;
	const anchored = whole.length > 1 || pattern.startsWith('/') || pattern.startsWith('./');
	return (anchored ? whole : ['**', ...whole]).map(part => (part === '**' ? 'any number' : tokensOf(part)));
}

function tokensOf(name: string): Wild<Token>[] {
	const tokens: Wild<Token>[] = [];
	for (let rest = name; rest !== ''; ) {
		const [found] = /^(?:\*+|\?|\[[!^]?\]?[^\]]*\]|\\.|.)/su.exec(rest) ?? [rest];
		rest = rest.slice(found.length);
		if (found.startsWith('*')) tokens.push('any number');
		else if (found === '?') tokens.push(() => true);
		else if (found.length > 1 && found.startsWith('[')) tokens.push(setOf(found.slice(1, -1)));
		else tokens.push(literal(found.length > 1 && found.startsWith('\\') ? found.slice(1) : found));
	}
	return tokens;
}

const literal =
	(wanted: string): Token =>
	character =>
		character === wanted;
const fits = (token: Token, character: string): boolean => token(character);

function setOf(inside: string): Token {
	const negated = /^[!^]/.test(inside);
	const members = [...(negated ? inside.slice(1) : inside)];
	const ranges: [string, string][] = [];
	for (let index = 0; index < members.length; index++) {
		const isRange = members[index + 1] === '-' && index + 2 < members.length;
		ranges.push([members[index]!, members[isRange ? index + 2 : index]!]);
		if (isRange) index += 2;
	}
	return character => ranges.some(([from, to]) => from <= character && character <= to) !== negated;
}

/** Only the last "any number" ever has to give way: what earlier ones could take, it can take too. */
function matches<T, I>(pattern: readonly Wild<T>[], items: readonly I[], fit: (one: T, item: I) => boolean): boolean {
	let at = 0;
	let giveWay: { at: number; item: number } | undefined;
	for (let item = 0; item < items.length; ) {
		const one = pattern[at];
		if (one === 'any number') {
			giveWay = { at: ++at, item };
		} else if (one !== undefined && fit(one, items[item]!)) {
			at++;
			item++;
		} else if (giveWay) {
			item = ++giveWay.item;
			at = giveWay.at;
		} else return false;
	}
	return pattern.slice(at).every(one => one === 'any number');
}

/** `a{b,c}` as `ab` and `ac`; undefined when there are too many. Braces without a comma are what they are. */
function expand(pattern: string): string[] | undefined {
	const braces = /^((?:[^\\{]|\\.|\{(?![^{}]*,[^{}]*\}))*)\{([^{}]*,[^{}]*)\}/su.exec(pattern);
	if (!braces) return [pattern];
	const [all, before = '', inside = ''] = braces;
	const results: string[] = [];
	for (const choice of inside.split(',')) {
		const rest = expand(before + choice + pattern.slice(all.length));
		if (!rest || results.length + rest.length > mostAlternatives) return undefined;
		results.push(...rest);
	}
	return results;
}
