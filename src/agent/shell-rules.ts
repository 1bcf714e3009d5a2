import { z } from 'zod';
import type { Call } from '../types.js';
import { reach } from '../workspace/reach.js';
import { type Member, membersDeep, membersOf, programOf, unwrapped } from './members.js';
import { pathMatches, pathPattern } from './path-rules.js';
import type { Rule } from './rules.js';
import { parseLine } from './shell.js';

const shellArgs = z.object({ command: z.string(), directory: z.string().exactOptional() });

/** The command of a shell call, and the folder it runs in. */
export function shellCall(call: Call): { command: string; directory: string } | undefined {
	const args = shellArgs.safeParse(call.args).data;
	return args && { command: args.command, directory: args.directory || '.' };
}

/** The rule among those of one effect that decides about a shell call. What cannot be parsed is asked about, never allowed. */
export async function decideShell(
	{ effect, rules }: { effect: Rule['effect']; rules: readonly Rule[] },
	call: Call,
	root: string,
): Promise<Rule | undefined> {
	const shell = shellCall(call);
	if (!shell) return undefined;
	const own = rules.filter(rule => rule.tools.includes('run_shell_command'));
	const bare = own.find(rule => rule.spec === undefined || rule.spec === '*');
	if (bare) return bare;
	return effect === 'allow' ? allowing(own, shell) : await forbidding(rules, shell, root);
}

/** All members must be allowed: as the exact line, or each plain command by a pattern. */
function allowing(rules: readonly Rule[], { command, directory }: { command: string; directory: string }): Rule | undefined {
	const exact = rules.find(rule => rule.spec === command && (!rule.exact || directory === '.'));
	if (exact) return exact;
	const line = parseLine(command);
	if (!line?.chain || line.functions || line.all.length === 0) return undefined;
	let last: Rule | undefined;
	for (const member of membersOf(line)) {
		if (!member.literal || !member.bare) return undefined;
		const words = unwrapped(member.words, true).words;
		last = rules.find(rule => !rule.exact && rule.spec !== undefined && matches(rule.spec, words));
		if (!last) return undefined;
	}
	return last;
}

/** One member is enough, looked for through every wrapper and by its base name; so is a file that other rules guard. */
async function forbidding(
	rules: readonly Rule[],
	{ command, directory }: { command: string; directory: string },
	root: string,
): Promise<Rule | undefined> {
	if (rules.length === 0) return undefined;
	const members = membersDeep(command);
	const own = rules.filter(rule => rule.tools.includes('run_shell_command'));
	const guards = rules.filter(rule => rule.spec !== undefined && rule.tools.some(tool => tool === 'read_file' || tool === 'edit'));
	if (!members) return own[0] && { ...own[0], effect: 'ask' };
	for (const member of members) {
		const found =
			own.find(rule => candidates(member).some(words => matches(rule.spec!, words))) ??
			(await guarding(guards, member, { directory, root }));
		if (found) return found;
	}
	return undefined;
}

/** A member as written, and what its wrappers end in; the program by its base name. */
function candidates({ words }: Member): string[][] {
	const inner = unwrapped(words, false).words;
	return [words, [programOf(words), ...words.slice(1)], [programOf(inner), ...inner.slice(1)]];
}

async function guarding(
	guards: readonly Rule[],
	member: Member,
	{ directory, root }: { directory: string; root: string },
): Promise<Rule | undefined> {
	const paths = [...member.words.slice(1), ...member.redirects.map(({ target }) => target)].flatMap(word => [
		word,
		...(word.includes('=') ? [word.slice(word.indexOf('=') + 1)] : []),
	]);
	for (const path of guards.length > 0 ? paths : []) {
		const real = (await reach(root, directory, path))?.path;
		const found = guards.find(rule =>
			[`${directory}/${path}`, path, real].some(one => one !== undefined && pathMatches(pathPattern(rule.spec!, root), one, root)),
		);
		if (found) return found;
	}
	return undefined;
}

/** Whether a pattern means this command: `npm run *` at a word's border, `*` anywhere, `:*` like ` *`, else the same words. */
export function matches(spec: string, words: readonly string[]): boolean {
	const normal = spec.trim().replace(/:\*$/, ' *').replace(/\s+/g, ' ');
	const text = words.map(quoted).join(' ');
	const open = normal.endsWith(' *');
	const body = (open ? normal.slice(0, -2) : normal)
		.split('*')
		.map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
		.join('[\\s\\S]*');
	return new RegExp(`^${body}${open ? '(?: [\\s\\S]*)?' : ''}$`).test(text);
}

/** A word as a rule would write it; one with blanks or signs is marked off, so that two words are never taken for one. */
const quoted = (word: string): string => (/^[\w@%+=:,./*?[\]{}~^!#-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
