import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { places } from '../places.js';
import { Refusal } from '../types.js';
import { writeWhole } from './verify.js';

/** Makes this model the person's own default, in their `config.json`. All else in it, comments too, stays as it was. Gives its path. */
export async function saveModel(id: string): Promise<string> {
	const path = join(places.config(), 'config.json');
	const text = await readFile(path, 'utf8').catch(error => {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
		throw error;
	});
	const changed = withKey(text, 'model', JSON.stringify(id));
	if (changed === undefined)
		throw new Refusal(`${path} cannot be read as JSON. Put "model": ${JSON.stringify(id)} into it by hand, or mend it first.`, 52);
	await writeWhole(path, changed);
	return path;
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
		if (/^[{[]$/.test(old.piece)) return undefined;
		return text.slice(0, old.start) + value + text.slice(old.end);
	}
	if (depth !== 0) return undefined;
	const comma = tokens.length > 2 ? ',' : '\n';
	return `${text.slice(0, tokens[0].end)}\n\t${JSON.stringify(key)}: ${value}${comma}${text.slice(tokens[0].end)}`;
}
