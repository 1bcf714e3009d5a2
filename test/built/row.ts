import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after } from 'node:test';
import { places } from '../../src/places.js';
import { echoed } from '../../src/sanitise.js';

/** The folders of one run: `work`, where it is started, and beside it `home`, `config`, `cache` and `state`. */
export type Place = {
	/** A path in the folder of the place. */
	at(...names: string[]): string;
	/** A path among what is kept of `work`: conversations, rules, undo. */
	kept(...names: string[]): string;
	/** Writes a file, with the folders above it. */
	file(path: string, content: string | Uint8Array): void;
	/** Makes a folder, with those above it. */
	folder(path: string): void;
	/** Runs git in `work`, as somebody. */
	git(...words: string[]): void;
	/** Runs another program in `work`. */
	tool(name: string, ...words: string[]): void;
};

/** A bad input, and what comes of it: `says` is all of standard error, `answers` all of standard output (nothing, when not given). */
export type Row = {
	name: string;
	words: readonly string[];
	code: number;
	/** In a text, `HERE` stands for the folder of the place, `ID` for the digest in the name of a state folder. */
	says: string | RegExp;
	answers?: RegExp;
	prepare?(place: Place): void;
	env?: Readonly<Record<string, string | undefined>>;
	/** Where it is started, relative to the place; `work` when not given. */
	cwd?: string;
	stdin?: string | Uint8Array;
	/** A line of shell in which `"$@"` is the program. */
	shell?: string;
	/** Looks at what the run has left, before it is removed. */
	done?(place: Place): void;
	/** Run by somebody who is not root, who may read and write everything: permissions count for nothing there. */
	plain?: true;
};

export type Ran = { code: number | null; stdout: string; stderr: string };

/** What V8 compiled is kept from one run to the next, which makes them a third faster. */
const compiled = mkdtempSync(join(tmpdir(), 'qwill-compiled-'));
after(() => rmSync(compiled, { recursive: true, force: true }));

const program = join(import.meta.dirname, '..', '..', 'bin', 'qwill.js');

/** A conversation with one reply, so that no model is needed. */
export const script = `replies:${join(import.meta.dirname, 'hello.md')}`;
/** A question that is answered with `Hello.` where nothing is wrong, and these words behind it. */
export const ask = (...words: string[]): string[] => ['-m', script, '-p', 'hi', ...words];
export const answered = /^Hello\.\n$/;
/** The command line as the name of a row. */
export const typed = (words: readonly string[]): string => `qwill ${words.map(echoed).join(' ')}`;
/** Text that would do something to a terminal. */
export const hostile = '\x1b]0;owned\x07\x1b[31mred\x9b2J';

const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
/** Whether rows for a plain person can run: always, but by root only where such a person can read the program. */
export const plainWorks =
	nobody === undefined || spawnSync(process.execPath, [program, '--version'], { uid: nobody, gid: nobody }).status === 0;

/** Prepares a place, runs the program in it, and removes it. A run of more than 60 s hangs, and is killed. */
export async function run(row: Omit<Row, 'name' | 'code' | 'says'>): Promise<Ran> {
	const top = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-bad-')));
	try {
		const place = placeIn(top);
		row.prepare?.(place);
		if (row.plain && nobody !== undefined) execFileSync('chown', ['-R', `${nobody}:${nobody}`, top]);
		const { code, stdout, stderr } = await start(place, row);
		row.done?.(place);
		const named = (text: string) => text.replaceAll(top, 'HERE').replace(/(?<=projects\/\w+-)[0-9a-f]{12}/g, 'ID');
		return { code, stdout: named(stdout), stderr: named(stderr) };
	} finally {
		execFileSync('chmod', ['-R', 'u+rwX', top]);
		rmSync(top, { recursive: true, force: true });
	}
}

function placeIn(top: string): Place {
	const at = (...names: string[]) => join(top, ...names);
	const tool = (name: string, ...words: string[]) =>
		void execFileSync(name, words, { cwd: at('work'), stdio: 'ignore', env: { PATH: process.env.PATH, HOME: at('home') } });
	chmodSync(top, 0o755);
	for (const name of ['home', 'config', 'cache', 'state', 'work']) mkdirSync(at(name));
	return {
		at,
		tool,
		kept: (...names) => at('state/qwill/projects', basename(places.project(at('work'))), ...names),
		folder: path => void mkdirSync(path, { recursive: true }),
		file(path, content) {
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, content);
		},
		git: (...words) => tool('git', '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...words),
	};
}

function start(place: Place, { words, env, cwd = 'work', stdin = '', shell, plain }: Omit<Row, 'name' | 'code' | 'says'>): Promise<Ran> {
	const usual = [process.execPath, program, ...words];
	const [file = '', ...rest] = shell === undefined ? usual : ['sh', '-c', shell, 'sh', ...usual];
	const child = spawn(file, rest, {
		cwd: join(place.at(), cwd),
		env: {
			PATH: process.env.PATH,
			HOME: place.at('home'),
			XDG_CONFIG_HOME: place.at('config'),
			XDG_CACHE_HOME: place.at('cache'),
			XDG_STATE_HOME: place.at('state'),
			LANG: 'C.UTF-8',
			QWILL_OFFLINE: '1',
			NODE_COMPILE_CACHE: compiled,
			...env,
		},
		timeout: 60_000,
		killSignal: 'SIGKILL',
		...(plain && nobody !== undefined ? { uid: nobody, gid: nobody } : {}),
	});
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
	// A program that refuses what it reads closes the pipe.
	child.stdin.on('error', () => {});
	child.stdin.end(stdin);
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', code => resolve({ code, stdout, stderr }));
	});
}
