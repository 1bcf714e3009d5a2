import { type Definition, definitions } from '../checks/syntax/definitions.js';
import { nearest } from '../nearest.js';
import { echoed } from '../sanitise.js';
import { Refusal } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';

/**
 * What `FILE`, `FILE:LINE`, `FILE:FROM-TO` or `FILE:NAME` means: lines from 1, both inside. `definition` is the one of that name,
 * or the innermost at that line. A leading `@` is passed over.
 */
export type Spot = { path: string; text: string; from: number; to: number; definition: Definition | undefined };

/** The one place that these words name. Throws `Refusal` 42 for none and for more, with the `forms` that the job of this name takes. */
export function onePlace([word, stray]: readonly string[], { job, forms }: { job: string; forms: readonly string[] }): string {
	if (word !== undefined && stray === undefined) return word;
	const shown = forms.map(form => (form === forms[0] ? `/${job} ${form}` : form));
	throw new Refusal(`${job} takes one place: ${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`, 42);
}

/** Reads the place that a word names. Throws `Refusal` 42 that says what there is instead. */
export async function spotOf(word: string, { files }: Pick<Workspace, 'files'>): Promise<Spot> {
	const [, path = '', from, to, name] = /^@?(.+?)(?::(?:(\d+)(?:-(\d+))?|([^\d:/\s][^:/\s]*)))?$/.exec(word) ?? [];
	const { text } = await files.read(path);
	const all = (await definitions(path, text)) ?? [];
	const last = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
	if (name !== undefined) return { path, text, ...named(all, name, path) };
	if (from === undefined) return { path, text, from: 1, to: last, definition: undefined };
	const [first, end] = [Number(from), Number(to ?? from)];
	if (first < 1 || end > last || end < first)
		throw new Refusal(`${echoed(path)} has ${last} lines; the place must be in 1 to ${last}.`, 42);
	const definition = to === undefined ? all.findLast(one => one.from <= first && first <= one.to) : undefined;
	return { path, text, from: definition?.from ?? first, to: definition?.to ?? end, definition };
}

/** `total`, `Box.total`: the owner may be left out where the name is clear. */
function named(all: readonly Definition[], name: string, path: string): Omit<Spot, 'path' | 'text'> {
	const whole = ({ owner, name }: Definition) => (owner === undefined ? name : `${owner}.${name}`);
	const definition = all.find(one => whole(one) === name) ?? all.find(one => one.name === name);
	if (definition) return { from: definition.from, to: definition.to, definition };
	const near = nearest(
		name,
		all.flatMap(one => [one.name, whole(one)]),
	);
	const instead =
		near !== undefined ? `did you mean ${near}?` : all.length > 0 ? `it has ${list(all.map(whole))}.` : 'nothing is found in it.';
	throw new Refusal(`${echoed(path)} defines no ${echoed(name)}; ${instead}`, 42);
}

const mostListed = 8;
const list = (names: readonly string[]): string => [...names.slice(0, mostListed), ...(names.length > mostListed ? ['…'] : [])].join(', ');
