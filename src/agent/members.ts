import { basename } from 'node:path';
import type { Command } from 'unbash';
import { isHarmless, parseLine, plainWord, type ShellLine, wordsOf } from './shell.js';

/**
 * One command of a line, as rules and dangers look at it. `words` as the program gets them; a word that the shell would
 * expand has its source instead and makes `literal` false. `bare`: no variables set, nothing redirected.
 */
export type Member = {
	words: string[];
	sources: string[];
	literal: boolean;
	bare: boolean;
	redirects: { target: string; literal: boolean }[];
};

/** Every command of the line, those inside substitutions, loops and functions too. */
export const membersOf = (line: ShellLine): Member[] => line.all.map(memberOf);

function memberOf(command: Command): Member {
	const words = wordsOf(command).map(word => ({ source: word.text, plain: plainWord(word) }));
	const writes = command.redirects.filter(redirect => redirect.type !== 'Redirect' || !isHarmless(redirect));
	return {
		words: words.map(({ source, plain }) => plain?.value ?? source),
		sources: words.map(({ source }) => source),
		literal: words.every(({ plain }) => plain !== undefined && !plain.glob),
		bare: writes.length === 0 && ![...command.prefix, ...command.args].some(part => part.type === 'Assignment'),
		redirects: writes.flatMap(redirect =>
			redirect.type === 'Redirect' && redirect.operator !== '<' && redirect.target
				? [{ target: plainWord(redirect.target)?.value ?? redirect.target.text, literal: plainWord(redirect.target)?.glob === false }]
				: [],
		),
	};
}

/** The program's name without its folder. */
export const programOf = (words: readonly string[]): string => basename(words[0] ?? '');

/** Words of a wrapper before the command it runs: options, and so many operands. */
const wrappers: Record<string, { valued: RegExp; operands: number; assigns?: true }> = {
	timeout: { valued: /^(?:-[ks]|--kill-after|--signal)$/, operands: 1 },
	time: { valued: /^-[fo]$/, operands: 0 },
	nice: { valued: /^(?:-n|--adjustment)$/, operands: 0 },
	nohup: { valued: /^$/, operands: 0 },
	xargs: { valued: /^-[IiLnPsEdaR]$/, operands: 0 },
	env: { valued: /^(?:-[uCS]|--unset|--chdir|--split-string)$/, operands: 0, assigns: true },
	command: { valued: /^$/, operands: 0 },
	builtin: { valued: /^$/, operands: 0 },
	exec: { valued: /^-a$/, operands: 0 },
	setsid: { valued: /^$/, operands: 0 },
	stdbuf: { valued: /^-[ioe]$/, operands: 0 },
	ionice: { valued: /^-[cnpPu]$/, operands: 0 },
	busybox: { valued: /^$/, operands: 0 },
};
/** Those that a rule looks through when it allows; xargs only without options. */
const transparent = new Set(['timeout', 'time', 'nice', 'nohup', 'xargs']);

/** The command that wrappers such as `timeout 5` end in. With `trusting` only those that change nothing about it. */
export function unwrapped(words: readonly string[], trusting: boolean): { words: string[]; through: string[] } {
	let rest = [...words];
	const through: string[] = [];
	for (;;) {
		const name = trusting ? (rest[0] ?? '') : programOf(rest);
		const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
		if (!wrapper || (trusting && (!transparent.has(name) || (name === 'xargs' && rest[1]?.startsWith('-')))))
			return { words: rest, through };
		let at = 1;
		while (rest[at]?.startsWith('-')) at += wrapper.valued.test(rest[at]!) ? 2 : 1;
		while (wrapper.assigns && /^\w+=/.test(rest[at] ?? '')) at++;
		at += wrapper.operands;
		if (at >= rest.length) return { words: rest, through };
		through.push(name);
		rest = rest.slice(at);
	}
}

/** The members of a line and of those that `bash -c '…'` and `eval …` run inside it; undefined when one cannot be parsed. */
export function membersDeep(command: string, depth = 0): Member[] | undefined {
	const line = depth > 3 ? undefined : parseLine(command);
	if (!line) return undefined;
	const members = membersOf(line);
	for (const member of [...members]) {
		const inner = innerCommand(unwrapped(member.words, false).words);
		if (inner === undefined) continue;
		const deeper = member.literal ? membersDeep(inner, depth + 1) : undefined;
		if (!deeper) return undefined;
		members.push(...deeper);
	}
	return members;
}

export const shells = /^(?:ba|da|z|k|a|fi|c|tc)?sh$/;

function innerCommand(words: readonly string[]): string | undefined {
	const name = programOf(words);
	if (name === 'eval') return words.slice(1).join(' ');
	if (!shells.test(name)) return undefined;
	const option = words.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
	return option < 0 ? undefined : (words[option + 1] ?? '');
}
