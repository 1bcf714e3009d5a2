import { z } from 'zod';

/** Other names under which small models write an argument, by the name it has here. */
export type Aliases = Record<string, readonly string[]>;

const pathAliases = ['path', 'file', 'filename', 'file_name'];

/** Names that mean the same in every tool with such an argument. */
export const aliases = {
	file_path: pathAliases,
	path: ['dir', 'directory', 'folder', 'file_path', 'dir_path'],
	offset: ['from', 'start', 'start_line', 'line'],
	limit: ['lines', 'count', 'max_results', 'num_lines'],
	pattern: ['query', 'regex', 'search', 'glob', 'text'],
	content: ['contents', 'text', 'file_text', 'code', 'new_content'],
	old_string: ['old_str', 'old', 'old_text', 'search', 'find'],
	new_string: ['new_str', 'new', 'new_text', 'replace', 'replacement'],
} satisfies Aliases;

/**
 * An object whose keys may come under other names and in other spellings (`filePath`, `file-path`); the JSON Schema shows
 * only the right ones. A key that is there under its right name is never replaced. `missing` fills in what was left out.
 */
export function looseObject<Shape extends z.ZodRawShape>(shape: Shape, other: Aliases = {}, missing: Record<string, unknown> = {}) {
	const renamed = new Map<string, string>();
	for (const name of Object.keys(shape)) for (const alias of other[name] ?? []) if (!(alias in shape)) renamed.set(plain(alias), name);
	for (const name of Object.keys(shape)) renamed.set(plain(name), name);
	return z.preprocess(raw => {
		if (!isRecord(raw)) return raw;
		const args: Record<string, unknown> = {};
		for (const [key, value] of Object.entries(raw)) if (!(key in shape)) args[renamed.get(plain(key)) ?? key] ??= value ?? undefined;
		for (const key of Object.keys(shape)) if (raw[key] !== undefined && raw[key] !== null) args[key] = raw[key];
		for (const key of Object.keys(missing)) args[key] ??= missing[key];
		for (const key of ['file_path', 'path']) if (typeof args[key] === 'string') args[key] = unmarked(args[key]);
		return args;
	}, z.object(shape));
}

/** A whole number, also as text or as `72.0`; without bounds, so that its schema stays short. */
export const wholeNumber = z.preprocess(value => {
	const number = typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
	return typeof number === 'number' ? Math.trunc(number) : number;
}, z.number());

/** True or false, also as text. */
export const truth = z.preprocess(value => {
	if (typeof value !== 'string') return value;
	const word = value.trim().toLowerCase();
	return word === 'true' ? true : word === 'false' ? false : value;
}, z.boolean());

/** A path without the quotes, backticks or stars that models put around it as they do in prose. */
const unmarked = (path: string): string => /^\s*(`|\*\*|"|')([^`*"'\n]+)\1\s*$/.exec(path)?.[2]?.trim() ?? path;

const plain = (key: string): string => key.toLowerCase().replace(/[-_ ]/g, '');
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
