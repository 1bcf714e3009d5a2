/** Throw-away folders for the tests of the workspace. */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { Refusal } from '../../src/types.js';
import { openFiles } from '../../src/workspace/files.js';

export type World = { base: string; root: string; state: string };

const made: string[] = [];
after(() => {
	for (const base of made) rmSync(base, { recursive: true, force: true });
});

/** A folder with a root, the given files in it, and a place for undo data beside it. */
export function world(files: Record<string, string | Buffer> = {}): World {
	const base = mkdtempSync(join(tmpdir(), 'qwill-ws-'));
	made.push(base);
	const root = join(base, 'ws');
	mkdirSync(root);
	for (const [path, content] of Object.entries(files)) put(root, path, content);
	return { base, root, state: join(base, 'state') };
}

export function put(root: string, path: string, content: string | Buffer): void {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), content);
}

export const filesIn = ({ root, state }: World, conversation = 'c') => openFiles({ root, state, conversation });

export const shell = (cwd: string, script: string, env: Record<string, string> = {}): string =>
	execFileSync('bash', ['--norc', '-c', script], {
		cwd,
		encoding: 'utf8',
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});

/** Every entry below `root`: its content, and its permission bits. */
export function tree(root: string): Record<string, string> {
	const found: Record<string, string> = {};
	const visit = (path: string) => {
		for (const name of readdirSync(join(root, path))) {
			const child = path === '' ? name : `${path}/${name}`;
			const stat = lstatSync(join(root, child));
			const mode = (stat.mode & 0o7777).toString(8);
			if (stat.isDirectory()) {
				found[`${child}/`] = mode;
				visit(child);
			} else found[child] = stat.isFile() ? `${mode} ${readFileSync(join(root, child)).toString('base64')}` : 'special';
		}
	};
	visit('');
	return found;
}

/** Is refused with a sentence that `pattern` finds, and that is one line without a stack. */
export const refusedWith =
	(pattern: RegExp) =>
	(error: unknown): boolean => {
		if (!(error instanceof Refusal)) return false;
		return pattern.test(error.message) && !error.message.includes('\n') && error.message.endsWith('.');
	};
