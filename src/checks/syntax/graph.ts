import type { Workspace } from '../../workspace/workspace.js';
import { orNothing } from '../survey.js';
import { type Definition, definitions } from './definitions.js';
import { references } from './references.js';

/** Where something is called: in the function `inside`, or at the top of the file. Line from 1. */
export type Caller = { path: string; line: number; inside: string | undefined };

/** Files that are looked through for callers. */
const mostFiles = 5_000;

/** Where this name is called in the folder, at most `most` places. Which thing of that name is meant is not told apart. */
export async function callersOf(name: string, { files }: Pick<Workspace, 'files'>, most: number): Promise<Caller[]> {
	const found: Caller[] = [];
	for (const path of (await files.list({ limit: mostFiles })).paths) {
		if (found.length >= most) break;
		const text = await orNothing(async () => (await files.peek(path)).text);
		if (!text?.includes(name)) continue;
		const called = ((await references(path, text, name)) ?? []).filter(one => one.called);
		found.push(...called.map(({ line, inside }) => ({ path, line, inside: inside?.name })));
	}
	return found.slice(0, most);
}

/** What of this file's own functions and classes is called between two lines of it, in the order of the file. */
export async function calledIn(path: string, text: string, { from, to }: { from: number; to: number }): Promise<Definition[]> {
	const called: Definition[] = [];
	const lines = text
		.split('\n')
		.slice(from - 1, to)
		.join('\n');
	for (const one of (await definitions(path, text)) ?? []) {
		const isInside = from <= one.from && one.to <= to;
		if (isInside || !lines.includes(one.name) || called.some(({ name }) => name === one.name)) continue;
		const uses = (await references(path, text, one.name)) ?? [];
		if (uses.some(use => use.called && from <= use.line && use.line <= to)) called.push(one);
	}
	return called;
}
