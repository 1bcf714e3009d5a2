import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { places } from '../places.js';
import { Refusal } from '../types.js';

/** What a person said "always" to in one project, outside the repository. Each text is meant byte for byte. */
const file = z.object({ root: z.string(), allow: z.array(z.string()) });
const pathOf = (root: string): string => join(places.project(root), 'rules.json');

/** The saved rules; none when nothing was saved yet. Throws `Refusal` 52 when the file is there and cannot be read. */
export function readSaved(root: string): string[] {
	let text: string;
	try {
		text = readFileSync(pathOf(root), 'utf8');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
		throw unusable(root);
	}
	let data: unknown;
	try {
		data = JSON.parse(text);
	} catch {
		throw unusable(root);
	}
	const parsed = file.safeParse(data);
	if (!parsed.success || parsed.data.root !== root) throw unusable(root);
	return parsed.data.allow;
}

/** Replaces them as a whole, readable for this user only. */
export function writeSaved(root: string, allow: readonly string[]): void {
	const path = pathOf(root);
	mkdirSync(places.project(root), { recursive: true, mode: 0o700 });
	const temporary = `${path}.${process.pid}.new`;
	writeFileSync(temporary, `${JSON.stringify({ root, allow }, null, '\t')}\n`, { mode: 0o600, flush: true });
	renameSync(temporary, path);
}

const unusable = (root: string): Refusal =>
	new Refusal(`The saved rules in ${pathOf(root)} cannot be read. Correct or delete that file.`, 52);
