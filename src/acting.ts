import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { mentions } from './agent/mentions.js';
import { places } from './places.js';
import { exactLine } from './sanitise.js';
import { digestOf, settingsFile, type TrustedFile, trusted } from './trust.js';
import { Refusal } from './types.js';
import { findRepository } from './workspace/git-place.js';
import { rootAt, withSpot } from './workspace/inside.js';
import { isPrivate, reach } from './workspace/reach.js';
import { readRegular } from './workspace/regular.js';
import { decode } from './workspace/text.js';
import { codeOf } from './workspace/trouble.js';
import { listFiles } from './workspace/walk.js';

export type Kind = 'settings' | 'instructions' | 'command';
/**
 * A file that acts on what qwill does, once it is trusted. `path` is how the person knows it: from the project folder, or from
 * their home. `changed`: other bytes of it were trusted.
 */
export type Acting = { path: string; kind: Kind; bytes: Buffer; text: string; state: 'trusted' | 'changed' | 'new' };
/** A file that was not opened. */
export type Unopened = { path: string; kind: Kind; size: number };
/** `notes` are sentences for the person about files that cannot be used. */
export type Found = { files: Acting[]; unopened: Unopened[]; notes: string[] };

/** `all`: opens and follows what is not trusted too, to show it. `trustNow`: all of it is trusted, for this run. */
export type Looking = { all?: boolean; trustNow?: boolean };

/**
 * What acts in the project folder `root` (a real path): its settings; for each folder from the top of the repository down to
 * it, the instructions and what they import; its commands. Where nothing was ever trusted, no file is opened.
 */
export async function actingIn(root: string, { all = false, trustNow = false }: Looking): Promise<Found> {
	const top = topOf(root);
	const known = trusted(root);
	const here = candidatesIn(root, top);
	const name = (path: string) => relative(root, join(top, path));
	if (!all && !trustNow && known.length === 0) {
		return { files: [], unopened: here.map(({ path, kind, size }) => ({ path: name(path), kind, size })), notes: [] };
	}
	const walk: Walk = { top, name, stateOf: trustNow ? () => 'trusted' : stateIn(known), all, seen: new Set(), files: [], notes: [] };
	for (const { path, kind } of here) {
		if (kind !== 'command') await take(walk, path, kind);
		else for (const file of await markdownBelow(top, path)) await take(walk, file, kind);
	}
	return { files: walk.files, unopened: [], notes: walk.notes };
}

/** The person's own instructions and commands, from their config folder: they always count. */
export async function actingForUser(): Promise<Found> {
	const own = join(places.config(), instructionNames[1]);
	const files: Acting[] = [];
	const notes: string[] = [];
	const walk = (top: string): Walk => ({ top, name: homely(top), stateOf: () => 'trusted', all: false, seen: new Set(), files, notes });
	if (existsSync(own)) {
		const real = realpathSync(own); // Where people keep such files together, this is a link to there.
		await take(walk(dirname(real)), basename(real), 'instructions');
	}
	if (existsSync(join(places.config(), 'commands')))
		for (const file of await markdownBelow(places.config(), 'commands')) await take(walk(places.config()), file, 'command');
	return { files, unopened: [], notes };
}

/** Of each folder the first of these that is there. */
const instructionNames = ['AGENTS.override.md', 'AGENTS.md', 'QWEN.md', 'CLAUDE.md'] as const;
const commandsFolder = join('.qwill', 'commands');

const mostCommands = 200;
const mostBytes = 1_000_000;
const deepestImport = 4;

/** By name alone; paths from `top`. */
function candidatesIn(root: string, top: string): Unopened[] {
	const inner = relative(top, root);
	const parts = inner === '' ? [] : inner.split('/');
	const folders = [...parts.keys(), parts.length].map(depth => parts.slice(0, depth).join('/'));
	const there = (path: string, kind: Kind): Unopened[] => {
		const size = sizeOf(join(top, path), kind);
		return size === undefined ? [] : [{ path, kind, size }];
	};
	return [
		...folders.flatMap(folder => instructionNames.flatMap(name => there(join(folder, name), 'instructions')).slice(0, 1)),
		...there(join(inner, settingsFile), 'settings'),
		...there(join(inner, commandsFolder), 'command'),
	];
}

/** Undefined where nothing is. In the folder's own settings, what cannot be looked at counts as there: opening it says why it cannot. */
function sizeOf(path: string, kind: Kind): number | undefined {
	try {
		return lstatSync(path, { throwIfNoEntry: false })?.size;
	} catch (error) {
		const code = codeOf(error);
		if (code === undefined) throw error;
		return kind !== 'settings' || code === 'ENOTDIR' ? undefined : 0;
	}
}

/** The top of the repository; the folder itself where it is in none, or in one that qwill does not use. */
function topOf(root: string): string {
	try {
		return findRepository(root)?.top ?? root;
	} catch (error) {
		if (error instanceof Refusal || codeOf(error) !== undefined) return root;
		throw error;
	}
}

/** One walk; paths are from `top`, outside of which nothing is opened. */
type Walk = Pick<Found, 'files' | 'notes'> & {
	top: string;
	name(path: string): string;
	stateOf(path: string, bytes: Buffer): Acting['state'];
	all: boolean;
	seen: Set<string>;
};

async function take(walk: Walk, path: string, kind: Kind, depth = 0): Promise<void> {
	if (walk.seen.has(path)) return;
	walk.seen.add(path);
	const name = walk.name(path);
	try {
		const root = rootAt(walk.top);
		const bytes = await withSpot(root, path, spot => readRegular(root, spot)?.bytes);
		if (!bytes) return;
		if (bytes.length > mostBytes) throw new Refusal('it is larger than 1 MB.');
		const state = walk.stateOf(name, bytes);
		const text = state === 'trusted' || walk.all ? decode(bytes, name).text : '';
		walk.files.push({ path: name, kind, bytes, text, state });
		if (kind === 'instructions' && text !== '' && depth < deepestImport) await takeImports(walk, path, text, depth);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		walk.notes.push(`${exactLine(name)} is not used: ${error.message}`);
	}
}

/** Files that the text of `path` names with `@`; what is no file is just a word. */
async function takeImports(walk: Walk, path: string, text: string, depth: number): Promise<void> {
	for (const target of mentions(withoutComments(text))) {
		if (/^[a-z]+:/i.test(target)) continue;
		const reached = await reach(walk.top, dirname(path), target);
		if (!reached || isPrivate(reached.path))
			walk.notes.push(`@${exactLine(target)} in ${exactLine(walk.name(path))} leads outside this project, or is private; it is left out.`);
		else if (reached.kind === 'file') await take(walk, reached.path, 'instructions', depth + 1);
	}
}

/** Text without HTML comments, which are for people; those in code stay. */
export const withoutComments = (text: string): string =>
	text.replace(/^(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\1|$(?![\s\S]))|<!--[\s\S]*?(?:-->\n?|$(?![\s\S]))/gm, (found, fence?: string) =>
		fence ? found : '',
	);

async function markdownBelow(top: string, folder: string): Promise<string[]> {
	try {
		return (await listFiles(rootAt(top), { under: folder, limit: mostCommands })).paths.filter(path => path.endsWith('.md'));
	} catch (error) {
		if (error instanceof Refusal) return []; // It went away, or leads elsewhere.
		throw error;
	}
}

const stateIn =
	(known: readonly TrustedFile[]) =>
	(path: string, bytes: Buffer): Acting['state'] => {
		const before = known.filter(file => file.path === path);
		if (before.length === 0) return 'new';
		return before.some(file => file.digest === digestOf(bytes)) ? 'trusted' : 'changed';
	};

/** Below the home folder with `~`. */
const homely = (top: string) => (path: string) => {
	const whole = join(top, path);
	const home = process.env.HOME;
	return home && whole.startsWith(`${home}/`) ? `~${whole.slice(home.length)}` : whole;
};
