import { isPrivate, reach } from '../workspace/reach.js';
import { type Member, membersDeep, programOf, shells, unwrapped } from './members.js';

/** Programs that act on the whole machine. */
const machine = /^(?:sudo|doas|su|pkexec|mkfs(?:\..+)?|fdisk|sfdisk|parted|wipefs|shutdown|reboot|halt|poweroff|mkswap|init)$/;
const removers = new Set(['rm', 'rmdir', 'unlink', 'shred']);
const movers = new Set(['mv', 'truncate', 'chmod', 'chown', 'chgrp', 'rsync']);
const readers = new Set([
	'cat',
	'cd',
	'cut',
	'echo',
	'find',
	'grep',
	'head',
	'ls',
	'nl',
	'pwd',
	'rg',
	'sort',
	'stat',
	'tail',
	'wc',
	'diff',
	'file',
	'du',
	'tree',
	'less',
	'git',
	'printf',
	'test',
	'[',
]);
const fetchers = /^(?:curl|wget|fetch|aria2c|http|https)$/;
const interpreters = /^(?:python[\d.]*|node|deno|bun|perl|ruby|php|lua)$/;
/** Files that a shell runs by itself, and the folders that are qwill's and git's own. */
const shellFiles =
	'bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|kshrc|cshrc|tcshrc|inputrc|ssh';
const shellFolders = '/etc/(?:profile|bash|zsh|environment)|\\.config/(?:fish|autostart)';
const startUp = new RegExp(`(?:^|[/\\s"'=:~])\\.(?:${shellFiles})(?![\\w-])|${shellFolders}`);
const control = /(?:^|[/\s"'=:])\.(?:git|qwill)(?:\/|$|["'\s])/i;

/**
 * Why a command must be asked about in every mode, for the person; undefined when nothing speaks for it. It cannot prove
 * a command harmless (the sandbox is for that): it finds what loses work, reaches beyond the root, or acts later.
 */
export async function alwaysAsked(command: string, root: string, from = '.'): Promise<string | undefined> {
	if (command.includes('\0')) return 'the command holds a NUL character';
	const members = membersDeep(command);
	if (!members) return 'the command cannot be parsed';
	const moves = members.some(({ words }) => programOf(words) === 'cd' || programOf(words) === 'pushd');
	if (members.some(({ words }) => fetchers.test(programOf(unwrapped(words, false).words))) && members.some(takesProgramFromInput))
		return 'it runs what it fetches from the network';
	for (const member of members) {
		const danger = ofProgram(member) ?? ofWrites(member) ?? (await ofPaths(member, { root, from, moves }));
		if (danger) return danger;
	}
	return undefined;
}

function takesProgramFromInput({ words }: Member): boolean {
	const { words: inner } = unwrapped(words, false);
	const name = programOf(inner);
	if (shells.test(name)) return true;
	return interpreters.test(name) && inner.slice(1).every(word => word === '-' || word.startsWith('-'));
}

function ofProgram(member: Member): string | undefined {
	const { words, through } = unwrapped(member.words, false);
	const name = programOf(words);
	const everything = [...through, name];
	const high = everything.find(program => machine.test(program));
	if (high !== undefined) return `\`${high}\` acts on the whole machine`;
	if (words[0] && /[$`*?{]/.test(words[0])) return `\`${words[0]}\` is a program whose name the shell makes up`;
	if (name === 'dd' && words.some(word => word.startsWith('of='))) return '`dd of=` overwrites a file or a device';
	if (through.includes('xargs') && removers.has(name)) return `\`xargs ${name}\` removes what is not written out`;
	return name === 'git' ? ofGit(words) : undefined;
}

/** git that loses work which no reflog keeps, or rewrites what others have. Long options may be abbreviated. */
function ofGit(words: readonly string[]): string | undefined {
	let at = 1;
	while (words[at]?.startsWith('-')) at += /^-[cC]$|^--(?:git-dir|work-tree|namespace|exec-path)$/.test(words[at]!) ? 2 : 1;
	const verb = words[at];
	const rest = words.slice(at + 1);
	const long = (name: string) => rest.some(word => word.length > 3 && `--${name}`.startsWith(word.split('=')[0]!));
	const letter = (name: string) => rest.some(word => new RegExp(`^-[A-Za-z]*${name}`).test(word));
	const loses: Record<string, () => boolean> = {
		reset: () => long('hard') || long('merge') || long('keep'),
		checkout: () =>
			long('force') || letter('f') || rest.some(word => word === '--' || word === '.' || word.startsWith('./') || word.startsWith(':')),
		switch: () => long('force') || long('discard-changes') || letter('f'),
		restore: () => !long('staged') || long('worktree') || letter('W'),
		clean: () => !long('dry-run') && !letter('n'),
		stash: () => rest[0] === 'drop' || rest[0] === 'clear',
		push: () =>
			long('force') ||
			long('force-with-lease') ||
			long('mirror') ||
			long('delete') ||
			long('prune') ||
			letter('[fd]') ||
			rest.some(word => word.startsWith('+') || word.startsWith(':')),
		branch: () => letter('D') || long('force'),
		rm: () => long('force') || letter('f'),
		reflog: () => rest[0] === 'expire' || rest[0] === 'delete',
		gc: () => long('prune'),
		prune: () => true,
		worktree: () => rest[0] === 'remove' && (long('force') || letter('f')),
		'update-ref': () => letter('d'),
		'filter-branch': () => true,
		'filter-repo': () => true,
		config: () => !long('get') && !long('list') && !letter('l'),
	};
	return verb !== undefined && Object.hasOwn(loses, verb) && loses[verb]!()
		? `\`git ${[verb, ...rest].join(' ')}\` may lose work`
		: undefined;
}

/** Control files: written by a redirection, or named to a program that is not known to only read. */
function ofWrites({ words, redirects }: Member): string | undefined {
	const { words: inner } = unwrapped(words, false);
	const redirected = redirects.find(
		({ target }) => startUp.test(target) || control.test(target) || /^\/dev\/(?!null$|stdout$|stderr$|tty$|fd\/)/.test(target),
	);
	if (redirected) return `\`> ${redirected.target}\` writes a file that others act on`;
	if (readers.has(programOf(inner))) return undefined;
	const named = inner.slice(1).find(word => !/^--(?:exclude|ignore)/.test(word) && (startUp.test(word) || control.test(word)));
	return named === undefined ? undefined : `\`${named}\` is a file that others act on`;
}

type Scene = { root: string; from: string; moves: boolean };

/** Removing or moving the root, what is outside, git's and qwill's own, or what is not written out. */
async function ofPaths(member: Member, scene: Scene): Promise<string | undefined> {
	const { words } = unwrapped(member.words, false);
	const name = programOf(words);
	if (name === 'git') return await ofCheckout(words, scene);
	const found = name === 'find' ? ofFind(words) : undefined;
	if (found?.danger) return found.danger;
	const removes = removers.has(name) || found !== undefined;
	if (!removes && !movers.has(name)) return undefined;
	for (const word of found?.paths ?? words.slice(1).filter(part => !part.startsWith('-'))) {
		if (!(await isOrdinary(word, removes, scene))) return `\`${name} ${word}\` reaches the whole workspace or beyond it`;
	}
	return undefined;
}

/** `git checkout FILE` throws away what was not committed of it, also without the `--` that makes it plain. */
async function ofCheckout(words: readonly string[], { root, from }: Scene): Promise<string | undefined> {
	const at = words.indexOf('checkout');
	for (const word of at < 0 || words.includes('-b') ? [] : words.slice(at + 1).filter(part => !part.startsWith('-'))) {
		const kind = (await reach(root, from, word))?.kind;
		if (kind === 'file' || kind === 'folder') return `\`git checkout ${word}\` may lose work`;
	}
	return undefined;
}

/** A `find` that removes: where it starts. Without any test it removes everything there. */
function ofFind(words: readonly string[]): { paths: readonly string[]; danger?: string } | undefined {
	const removes =
		words.includes('-delete') ||
		words.some((word, index) => /^-(?:exec|execdir|ok|okdir)$/.test(word) && removers.has(programOf(words.slice(index + 1))));
	if (!removes) return undefined;
	const start = words.findIndex((word, index) => index > 0 && /^[-(!]/.test(word));
	const tested = words.some(word => /^-(?:i?name|i?path|i?regex|empty|mtime|mmin|size|newer)$/.test(word));
	return tested ? { paths: words.slice(1, start).map(path => `${path}/x`) } : { paths: [], danger: '`find` removes everything it finds' };
}

async function isOrdinary(word: string, removes: boolean, { root, from, moves }: Scene): Promise<boolean> {
	if (/[$`~{]/.test(word)) return false;
	const glob = /[*?[]/.test(word);
	if (glob && (word.split('/').includes('..') || (removes && /^(?:\.\/)?\.?\*+$/.test(word)))) return false;
	if (moves && (word.startsWith('/') || word.split('/').includes('..') || word === '.')) return false;
	const reached = await reach(root, from, glob ? word.slice(0, word.search(/[*?[]/)).replace(/[^/]*$/, '') || '.' : word);
	if (!reached || isPrivate(reached.path)) return false;
	return glob || reached.path !== '.';
}
