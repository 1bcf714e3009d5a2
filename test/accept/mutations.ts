import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readsOnly } from '../../src/agent/commands.js';
import { attacks } from './attacks.js';
import { digest, makeWorld, removeWorld, type Surface, type World } from './play.js';

const wanted = 100_000;
const seed = 7;
/** Of what is let through so many are run. */
const mostRun = 400;
const longest = 1_000;

/** What the shell, or a program's options, may find a meaning in. */
const pieces = [
	...' \t\n;&|<>(){}[]$`\'"\\*?~!#=-/.,:+%@^',
	...['&&', '||', '$(', '>>', '<(', '--', ' -', '..', 'p', '.env', '{a,b}', ' -exec ', ' -o', '\u00a0', '\r', '\0'],
];
const joints = [' && ', '; ', ' | ', '\n', ' || ', ' '];

/** Programs that only read, as SECURITY.md means it, and those that start them here. */
const readers = new Set(
	'bash node cat cut echo false find grep head id ls nl pwd rg sed sort stat tail tr true uname uniq wc which whoami sh dash'.split(' '),
);
/** What no command that only reads inside the folder opens. */
const forbidden = (line: string, { home, outside }: World): boolean =>
	[`"${home}/`, `"${outside}`, '"/etc/shadow', '"out_link', '"file_link', '"../', '"/root'].some(path => line.includes(path)) ||
	/"(?:[^"]*\/)?(?:\.env|\.ssh|\.git\/)/.test(line) ||
	(/O_WRONLY|O_RDWR|O_CREAT/.test(line) && !/"\/dev\/(?:null|tty)"/.test(line));

/**
 * Hostile commands, changed at a hundred thousand places by a fixed lot, as the program's own decision sees them, called in this process.
 * Of what it lets through a part is run in a world of its own, in a box and under a trace: no other program is started, nothing is
 * opened that lies outside or holds secrets, and nothing changes. Without bubblewrap or strace that part is not run.
 */
export async function mutations(): Promise<Surface> {
	const surface: Surface = { name: 'shell, mutated', hostile: wanted, broken: [], benign: 0, needless: [] };
	const world = makeWorld();
	const corpus = attacks('shell')
		.filter(({ kind }) => kind === 'hostile')
		.map(({ input }) => String(input))
		.filter(({ length }) => length <= longest);
	const pick = drawn(seed);
	const known = new Set(corpus);
	const through = new Set<string>();
	for (let i = 0; i < wanted; i++) {
		const text = mutated(corpus, pick);
		if (!through.has(text) && !known.has(text) && (await readsOnly(text, world.ws)).reads) through.add(text);
	}
	const step = Math.max(1, Math.floor(through.size / mostRun));
	const chosen = [...through].filter((_, i) => i % step === 0);
	surface.broken.push(...ran(chosen, world));
	removeWorld(world);
	return surface;
}

/** Numbers below `most`, the same for the same seed (mulberry32). */
function drawn(from: number): (most: number) => number {
	let state = from;
	return most => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
	};
}

function mutated(corpus: readonly string[], pick: (most: number) => number): string {
	const one = (all: readonly string[]): string => all[pick(all.length)] ?? '';
	let text = one(corpus);
	for (let times = 1 + pick(3); times > 0; times--) {
		const at = pick(text.length + 1);
		const to = Math.min(text.length, at + 1 + pick(4));
		const other = one(corpus);
		const words = text.split(' ');
		const word = pick(words.length);
		const quote = one(["'", '"']);
		const ways = [
			() => text.slice(0, at) + one(pieces) + text.slice(at),
			() => text.slice(0, at) + text.slice(to),
			() => text.slice(0, at) + one(pieces) + text.slice(to),
			() => text.slice(0, at) + other.slice(pick(other.length + 1)),
			() => text + one(joints) + other,
			() => words.toSpliced(word, 1).join(' '),
			() => words.toSpliced(word, 1, one(other.split(' '))).join(' '),
			() => words.toSpliced(word, 0, one(other.split(' '))).join(' '),
			() => words.toSpliced(word, 1, quote + words[word] + quote).join(' '),
		];
		text = ways[pick(ways.length)]?.() ?? text;
	}
	return text;
}

/** What went wrong when these commands were run. */
function ran(commands: readonly string[], world: World): string[] {
	const { base, ws, home, outside } = world;
	const [list, trace] = [join(base, 'commands.json'), join(base, 'trace')];
	if (!existsSync('/usr/bin/bwrap') || !existsSync('/usr/bin/strace')) return [];
	writeFileSync(list, JSON.stringify(commands));
	for (const name of ['p', 'f', 'a.txt', 'x']) writeFileSync(join(ws, name), 'touch p\n', { mode: 0o755 });
	const before = digest(ws, home, outside);
	const driver = `
		for (const command of JSON.parse(require('fs').readFileSync('${list}', 'utf8'))) {
			require('child_process').spawnSync('/bin/bash', ['--norc', '--noprofile', '-c', command], { stdio: 'ignore', timeout: 5000 });
		}`;
	const box = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--bind', base, base, '--unshare-all', '--chdir', ws];
	execFileSync(
		'/usr/bin/strace',
		[
			'-f',
			'-qq',
			'-s',
			'4096',
			'-e',
			'trace=execve,open,openat,connect',
			'-o',
			trace,
			'/usr/bin/bwrap',
			...box,
			process.execPath,
			'-e',
			driver,
		],
		{ env: { PATH: process.env.PATH, HOME: home }, stdio: 'ignore' },
	);
	const lines = readFileSync(trace, 'utf8').split('\n');
	const first = lines.findIndex(line => line.includes('execve("/bin/bash"'));
	const run = first < 0 ? [] : lines.slice(first).filter(line => !/ = -1 /.test(line));
	const programs = run.flatMap(line => /execve\("([^"]+)"/.exec(line)?.[1] ?? []);
	const started = programs.filter(path => path === '/bin/bash').length;
	return [
		...programs.filter(path => !readers.has(basename(path)) || !/^(?:\/usr|\/bin)/.test(path)).map(path => `${path} was started`),
		...run.filter(line => /\bopen(?:at)?\(/.test(line) && forbidden(line, world)).map(line => `opened: ${line}`),
		...run.filter(line => /connect\(.*AF_INET/.test(line)).map(line => `called: ${line}`),
		...(digest(ws, home, outside) === before ? [] : ['a file changed']),
		...(started >= commands.length && commands.length >= 300 ? [] : [`only ${started} of ${commands.length} were run`]),
	];
}
