import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** Texts by their path, relative to the root of a folder. */
export type Files = Readonly<Record<string, string>>;

/** A person's home and the project in it, for one item alone. */
export type Place = { root: string; state: string; env: NodeJS.ProcessEnv; remove(): void };

const checkout = join(import.meta.dirname, '..', '..');

/** Nothing of the person's environment but where programs are found; Node is the one that the program itself runs on. */
export function bareEnvironment(home: string): NodeJS.ProcessEnv {
	const bin = join(checkout, 'node_modules', 'node', 'bin');
	return {
		PATH: [...(existsSync(bin) ? [bin] : []), process.env.PATH].join(delimiter),
		HOME: home,
		LANG: 'C.UTF-8',
		PYTHONDONTWRITEBYTECODE: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
		GIT_CONFIG_NOSYSTEM: '1',
	};
}

/** A git repository with these files, all committed. `cache` may be shared: what a person's machine has kept of earlier runs. */
export function newRepository(files: Files, cache: string): Place {
	const top = mkdtempSync(join(tmpdir(), 'qwill-eval-'));
	const root = join(top, 'project');
	const state = join(top, 'state');
	writeFiles(root, files);
	const env = { ...bareEnvironment(top), XDG_CONFIG_HOME: join(top, 'config'), XDG_STATE_HOME: state, XDG_CACHE_HOME: cache };
	const git = (...args: string[]) =>
		execFileSync('git', ['-c', 'user.name=eval', '-c', 'user.email=eval@localhost', ...args], { cwd: root, env });
	git('init', '-q', '-b', 'main');
	git('add', '-A');
	git('commit', '-q', '--allow-empty', '-m', 'Begin');
	return { root, state, env, remove: () => rmSync(top, { recursive: true, force: true }) };
}

export function writeFiles(root: string, files: Files): void {
	mkdirSync(root, { recursive: true });
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
}

/** The files under `root` by their path, without git's own and what Python leaves behind. */
export function readFiles(root: string): Files {
	const found: Record<string, string> = {};
	for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name).slice(root.length + 1);
		if (entry.isFile() && !/(^|\/)(\.git|__pycache__|node_modules)\//.test(path)) found[path] = readFileSync(join(root, path), 'utf8');
	}
	return found;
}

/** The paths whose text is not the same before and after. */
export function changed(before: Files, after: Files): string[] {
	return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(path => before[path] !== after[path]).sort();
}
