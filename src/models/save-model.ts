import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { places, troubleIn } from '../places.js';
import { Refusal } from '../types.js';
import { writeWhole } from './verify.js';

/** Makes this model the person's own default, in their `config.json`. Gives its path. */
export const saveModel = (id: string): Promise<string> => saveKey('model', id, { what: 'The default', instead: 'give --model each time' });

/** What is kept, and what can be done without keeping it: for the sentence when it cannot be kept. */
type Saving = { what: string; instead: string };

/** Sets a key of the person's `config.json`. All else in it, comments too, stays as it was. Gives its path. */
export async function saveKey(key: string, value: unknown, { what, instead }: Saving): Promise<string> {
	const path = join(places.config(), 'config.json');
	const unusable = (error: unknown) => {
		if (!(error instanceof Error && 'code' in error)) return error;
		return new Refusal(`${what} is kept in ${path}, which cannot be used (${troubleIn(error)}). Mend that, or ${instead}.`, 52);
	};
	const text = await textOf(path).catch(error => Promise.reject(unusable(error)));
	const json = JSON.stringify(value);
	const changed = withKey(text, key, json);
	if (changed === undefined)
		throw new Refusal(`${path} cannot be read as JSON. Put "${key}": ${json} into it by hand, or mend it first.`, 52);
	await writeWhole(path, changed).catch(error => Promise.reject(unusable(error)));
	return path;
}

/** The words of a file, empty when there is none. Throws what the file system throws, and `Refusal` 52 for what is no text file. */
async function textOf(path: string): Promise<string> {
	// O_NONBLOCK: opening a named pipe must not wait for a writer.
	const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(error => {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
		throw error;
	});
	if (!file) return '';
	try {
		if (!(await file.stat()).isFile()) throw new Refusal(`${path} is not a file. Move it away.`, 52);
		const bytes = await file.readFile();
		if (!isUtf8(bytes)) throw new Refusal(`${path} is not UTF-8 text. Save it as UTF-8, for example with iconv -t utf-8.`, 52);
		return bytes.toString('utf8');
	} finally {
		await file.close();
	}
}

/**
 * The text of a JSON object (with comments) with `key` set to `value` at its top level. Undefined when the text is no object.
 * Only that value's own characters change.
 */
export function withKey(text: string, key: string, value: string): string | undefined {
	if (text.trim() === '') return `{\n\t${JSON.stringify(key)}: ${value}\n}\n`;
	const pieces = [...text.matchAll(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[{}[\],:]|[^\s{}[\],:"/]+|\s+|./g)];
	const tokens = pieces
		.filter(({ 0: piece }) => !/^(\s|\/\/|\/\*)/.test(piece))
		.map(({ 0: piece, index }) => ({ piece, start: index, end: index + piece.length }));
	if (tokens[0]?.piece !== '{' || tokens.at(-1)?.piece !== '}') return undefined;
	let depth = 0;
	for (const [at, { piece }] of tokens.entries()) {
		if (piece === '{' || piece === '[') depth++;
		if (piece === '}' || piece === ']') depth--;
		if (depth === 0 && at < tokens.length - 1) return undefined;
		const old = tokens[at + 2];
		if (depth !== 1 || piece !== JSON.stringify(key) || tokens[at + 1]?.piece !== ':' || !old) continue;
		if (/^[{[]$/.test(old.piece) && !value.startsWith('{')) return undefined;
		const end = endOf(tokens, at + 2);
		return end === undefined ? undefined : text.slice(0, old.start) + value + text.slice(end);
	}
	if (depth !== 0) return undefined;
	const comma = tokens.length > 2 ? ',' : '\n';
	return `${text.slice(0, tokens[0].end)}\n\t${JSON.stringify(key)}: ${value}${comma}${text.slice(tokens[0].end)}`;
}

/** Where the value that begins at this token ends; undefined when it never does. */
function endOf(tokens: readonly { piece: string; end: number }[], at: number): number | undefined {
	let depth = 0;
	for (const { piece, end } of tokens.slice(at)) {
		if (piece === '{' || piece === '[') depth++;
		if (piece === '}' || piece === ']') depth--;
		if (depth === 0) return end;
	}
	return undefined;
}
