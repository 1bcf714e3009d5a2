import type { Command, Word } from 'unbash';
import { isPlainBelow, isPrivate, matches, reach } from '../workspace/reach.js';
import { findWords, type Program, programs } from './programs.js';
import { isHarmless, type PlainWord, parseLine, plainWord, wordsOf } from './shell.js';

/** `because` is a sentence for the person: the part of the command that makes it ask, and why. */
export type Verdict = { reads: true } | { reads: false; because: string };

const mostBytes = 4096;
const mostCommands = 20;

/**
 * Whether a bash command provably only reads, and only inside the root, when run in the folder `from` (relative to the
 * root). An allow-list throughout: of syntax, programs, their options and where their operands lead. Never throws for
 * what a command says; in doubt it does not read.
 */
export async function readsOnly(command: string, root: string, from = '.'): Promise<Verdict> {
	if (command.length > mostBytes) return asks('the command is longer than 4 KiB');
	if (!/^[\t\n\x20-\x7e]*$/.test(command)) return asks('the command holds characters that are not plain ASCII');
	const line = parseLine(command);
	if (!line) return asks('the command cannot be parsed');
	if (!line.chain || line.functions) return asks('only simple commands joined by && || ; | are read through');
	if (line.chain.length === 0) return asks('the command is empty');
	if (line.background) return asks('`&` leaves a program running');
	if (line.chain.length > mostCommands) return asks(`there are more than ${mostCommands} commands`);
	const start = await reach(root, '.', from);
	if (start?.kind !== 'folder' || isPrivate(start.path)) return asks(`it runs in ${from}`);
	/** Where a command may be running: after a `cd` that may have failed, in either folder. */
	const folders = new Set([start.path]);
	for (const simple of line.chain) {
		const verdict = await judge(simple, command, { root, folders });
		if (!verdict.reads) return verdict;
	}
	return { reads: true };
}

type Scene = { root: string; folders: Set<string> };

async function judge(command: Command, source: string, scene: Scene): Promise<Verdict> {
	const assignment = command.prefix.find(part => part.type === 'Assignment') ?? command.args.find(part => part.type === 'Assignment');
	if (assignment) return asks(`\`${source.slice(assignment.pos, assignment.end)}\` sets a variable`);
	for (const redirect of command.redirects) {
		if (redirect.type !== 'Redirect' || !isHarmless(redirect))
			return asks(`\`${source.slice(redirect.pos, redirect.end)}\` redirects input or output`);
	}
	if (!command.name) return asks('there is no program');
	const name = command.name.text;
	const args: PlainWord[] = [];
	for (const word of wordsOf(command).slice(1)) {
		const plain = plainWord(word);
		if (!plain) return asks(`\`${word.text}\` is expanded by the shell`);
		if (plain.glob && !isSafeGlob(word)) return asks(`\`${word.text}\` may become an option`);
		args.push(plain);
	}
	if (name === 'cd') return await judgeCd(args, scene);
	if (name === 'find') return await judgeFind(args, scene);
	if (name === 'sed') return await judgeSed(args, scene);
	const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
	return program ? await judgeProgram(name, program, args, scene) : asks(`\`${name}\` is not one of the programs that only read`);
}

/** A pattern whose first character is written out, so that no file's name can make an option of it. */
const isSafeGlob = (word: Word): boolean => /^[\w./]/.test(word.text);

async function judgeProgram(name: string, program: Program, args: readonly PlainWord[], scene: Scene): Promise<Verdict> {
	const read = readOptions(program, args);
	if ('refused' in read) return asks(`\`${name}\` with \`${read.refused}\` may do more than read`);
	const { operands, given } = read;
	if (program.most !== undefined && operands.length > program.most)
		return asks(`\`${name}\` with ${operands.length} operands may do more than read`);
	if (program.operands instanceof RegExp) {
		const shape = program.operands;
		const odd = operands.find(word => word.glob || !shape.test(word.value));
		return odd ? asks(`\`${odd.value}\` is no plain word`) : { reads: true };
	}
	const patterned = program.operands !== 'paths' && !program.operands.pattern.some(option => given.has(option));
	if (patterned && operands[0]?.glob) return asks(`\`${operands[0].value}\` is expanded by the shell`);
	const paths = patterned ? operands.slice(1) : operands;
	const recursive = program.recursive?.some(option => given.has(option)) ?? false;
	return await judgePaths(recursive && paths.length === 0 ? [{ value: '.', glob: false }] : paths, scene, recursive);
}

type Options = { operands: PlainWord[]; given: Set<string> } | { refused: string };

function readOptions(program: Program, args: readonly PlainWord[]): Options {
	const operands: PlainWord[] = [];
	const given = new Set<string>();
	for (let index = 0; index < args.length; index++) {
		const word = args[index]!;
		const { value } = word;
		if (value === '--') {
			operands.push(...args.slice(index + 1));
			break;
		}
		if (program.count?.test(value)) continue;
		if (!value.startsWith('-') || value === '-') {
			operands.push(word);
			continue;
		}
		const option = value.startsWith('--') ? longOption(program, value.slice(2)) : letterOptions(program, value.slice(1));
		if (!option) return { refused: value };
		for (const one of option.given) given.add(one);
		if (option.next && !(args[index + 1] && !args[index + 1]!.glob && option.next.test(args[++index]!.value))) return { refused: value };
	}
	return { operands, given };
}

/** What an option word gives, and the shape of the next word when that is its value; undefined when it is not allowed. */
type Option = { given: string[]; next?: RegExp } | undefined;

function longOption(program: Program, text: string): Option {
	const equals = text.indexOf('=');
	const name = equals < 0 ? text : text.slice(0, equals);
	const shape = program.longValued && Object.hasOwn(program.longValued, name) ? program.longValued[name] : undefined;
	if (equals >= 0) return shape?.test(text.slice(equals + 1)) ? { given: [name] } : undefined;
	if (program.long?.includes(name)) return { given: [name] };
	return shape ? { given: [name], next: shape } : undefined;
}

function letterOptions(program: Program, letters: string): Option {
	const given: string[] = [];
	for (const [index, letter] of [...letters].entries()) {
		given.push(letter);
		if (program.letters?.includes(letter)) continue;
		const shape = program.valued && Object.hasOwn(program.valued, letter) ? program.valued[letter] : undefined;
		if (!shape) return undefined;
		const rest = letters.slice(index + 1);
		if (rest === '') return { given, next: shape };
		return shape.test(rest) ? { given } : undefined;
	}
	return { given };
}

/** Only the form that prints lines of one file. */
async function judgeSed(args: readonly PlainWord[], scene: Scene): Promise<Verdict> {
	const [option, script, ...files] = args;
	const prints =
		option?.value === '-n' &&
		/^\d+(?:,(?:\d+|\$))?p$/.test(script?.value ?? '') &&
		files.length <= 1 &&
		!files.some(file => file.value.startsWith('-'));
	return prints ? await judgePaths(files, scene) : asks('only `sed -n N,Mp FILE` is known to read');
}

async function judgeFind(args: readonly PlainWord[], scene: Scene): Promise<Verdict> {
	const start = args.findIndex(word => word.value.startsWith('-') || word.value === '(' || word.value === '!');
	const tests = start < 0 ? [] : args.slice(start);
	for (let index = 0; index < tests.length; index++) {
		const { value, glob } = tests[index]!;
		const known = findWords.alone.has(value) || (findWords.valued.has(value) && ++index < tests.length && !tests[index]!.glob);
		if (!known || glob) return asks(`\`find\` with \`${value}\` may do more than read`);
	}
	return await judgePaths(start < 0 ? args : args.slice(0, start), scene);
}

async function judgeCd(args: readonly PlainWord[], { root, folders }: Scene): Promise<Verdict> {
	const [folder] = args;
	if (!folder || args.length > 1 || folder.glob || folder.value.startsWith('-')) return asks('`cd` goes somewhere that is not written out');
	for (const from of [...folders]) {
		const reached = await reach(root, from, folder.value);
		// Bash takes the last `..` off the name it was given, the system off the real one; where no link is, they agree.
		const plain = folder.value.startsWith('/') || reached?.path === inside(from, folder.value);
		if (!reached || isPrivate(reached.path) || !plain) return asks(`\`cd ${folder.value}\` leads outside the workspace or through a link`);
		folders.add(reached.path);
	}
	return { reads: true };
}

/** The path of `path` seen from `from`, by its text alone. */
function inside(from: string, path: string): string {
	const parts: string[] = [];
	for (const part of `${from}/${path}`.split('/')) {
		if (part === '..') parts.pop();
		else if (part !== '' && part !== '.') parts.push(part);
	}
	return parts.join('/') || '.';
}

async function judgePaths(words: readonly PlainWord[], { root, folders }: Scene, recursive = false): Promise<Verdict> {
	for (const { value, glob } of words) {
		if (value === '-') continue;
		for (const from of folders) {
			const paths = glob ? await matches(root, from, value) : [value];
			if (!paths) return asks(`\`${value}\` stands for too many files`);
			for (const path of paths) {
				const complaint = await judgePath(path, { root, from, recursive });
				if (complaint) return asks(complaint);
			}
		}
	}
	return { reads: true };
}

async function judgePath(
	path: string,
	{ root, from, recursive }: { root: string; from: string; recursive: boolean },
): Promise<string | undefined> {
	const reached = await reach(root, from, path);
	if (!reached) return `\`${path}\` leads outside the workspace`;
	if (isPrivate(reached.path)) return `\`${path}\` may hold secrets`;
	if (reached.kind === 'other') return `\`${path}\` is not a regular file`;
	return recursive && reached.kind === 'folder' && !isPlainBelow(root, reached.path)
		? `below \`${path}\` there are files that may hold secrets`
		: undefined;
}

const asks = (because: string): Verdict => ({ reads: false, because });
