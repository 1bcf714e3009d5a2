import { z } from 'zod';
import { echoed } from '../sanitise.js';
import type { Call } from '../types.js';
import { Refusal } from '../types.js';
import { reach } from '../workspace/reach.js';
import { pathMatches, pathOf, pathPattern } from './path-rules.js';
import { readSaved, writeSaved } from './saved-rules.js';
import { decideShell } from './shell-rules.js';

export type Effect = 'allow' | 'ask' | 'deny';
/** `exact`: the text between the brackets is meant byte for byte, whatever stars it holds. `from` says who made the rule. */
export type Rule = {
	rule: string;
	effect: Effect;
	from: string;
	removable: boolean;
	tools: readonly string[];
	spec: string | undefined;
	exact: boolean;
};
export type Lists = { allow?: readonly string[]; ask?: readonly string[]; deny?: readonly string[] };

/** The rules in force for one project. A decision is the strictest rule that matches: deny, then ask, then allow. */
export type RuleBook = {
	list(): Rule[];
	/** Allows from now on exactly what `rule` says, kept for this project outside the repository. */
	add(rule: string): void;
	/** Forgets a rule that was added. Throws `Refusal` for one from the configuration. */
	remove(rule: string): void;
	decide(call: Call): Promise<{ effect: Effect; rule: string } | undefined>;
};

const known = [
	'read_file',
	'write_file',
	'edit',
	'glob',
	'grep_search',
	'list_directory',
	'run_shell_command',
	'run_tests',
	'run_checks',
	'git',
	'todo_write',
	'skill',
	'ask_user',
];
const aliases: Record<string, readonly string[]> = {
	Bash: ['run_shell_command'],
	Read: ['read_file', 'glob', 'grep_search', 'list_directory'],
	...Object.fromEntries(['Edit', 'Write', 'MultiEdit', 'replace'].map(name => [name, ['edit', 'write_file']])),
	Glob: ['glob'],
	Grep: ['grep_search'],
	LS: ['list_directory'],
	TodoWrite: ['todo_write'],
	Skill: ['skill'],
};
const pathTools = new Set(['read_file', 'glob', 'grep_search', 'list_directory', 'edit', 'write_file']);

export type AboutRule = { effect: Effect; from: string; removable?: boolean; exact?: boolean; exitCode?: 42 | 52 };

/** The rule that a text states. Throws `Refusal` (52, or the `exitCode` given) naming the text when it states none. */
export function parseRule(text: string, about: AboutRule): Rule {
	const [, name = '', spec] = /^([A-Za-z_][\w-]*)(?:\(([\s\S]*)\))?$/.exec(text.trim()) ?? [];
	const tools = Object.hasOwn(aliases, name) ? aliases[name]! : known.includes(name) || name.startsWith('mcp__') ? [name] : undefined;
	const refuse = (why: string) => new Refusal(`The rule "${echoed(text)}" (${about.from}) ${why}.`, about.exitCode ?? 52);
	if (!tools) throw refuse('names no tool. Write for example Bash(npm test), Read(.env) or Edit(/src/**)');
	const takesSpec = tools.every(tool => pathTools.has(tool) || tool === 'run_shell_command' || tool === 'git' || tool === 'skill');
	if (spec !== undefined && (spec.trim() === '' || !takesSpec))
		throw refuse(
			takesSpec ? `has nothing between its brackets; ${name} alone means all of it` : `has brackets, which ${name} does not take`,
		);
	return {
		rule: text,
		effect: about.effect,
		from: about.from,
		removable: about.removable ?? false,
		tools,
		spec,
		exact: about.exact ?? false,
	};
}

/** The rule book of a project: the configuration's lists, the flags of this run, and what the person said "always" to. */
export function ruleBook({ root, config, session = {} }: { root: string; config: Lists; session?: Lists }): RuleBook {
	const fixed = [...rulesOf(config, { from: 'configuration' }), ...rulesOf(session, { from: 'this run', exitCode: 42 })];
	let saved = readSaved(root).map(text => savedRule(text));
	return {
		list: () => [...fixed, ...saved],
		add(text) {
			const rule = savedRule(text);
			writeSaved(root, [...new Set([...readSaved(root), rule.rule])]);
			saved = readSaved(root).map(one => savedRule(one));
		},
		remove(text) {
			const stored = readSaved(root);
			if (!stored.includes(text))
				throw new Refusal(`"${text}" was not saved by an answer; remove it where it was written: in the configuration or the flags.`, 42);
			writeSaved(
				root,
				stored.filter(one => one !== text),
			);
			saved = readSaved(root).map(one => savedRule(one));
		},
		async decide(call) {
			const rules = [...fixed, ...saved];
			for (const effect of ['deny', 'ask', 'allow'] as const) {
				const matching = rules.filter(rule => rule.effect === effect);
				const found =
					call.tool === 'run_shell_command'
						? await decideShell({ effect, rules: matching }, call, root)
						: await decideOther(matching, call, root);
				if (found) return { effect: found.effect, rule: found.rule };
			}
			return undefined;
		},
	};
}

const savedRule = (text: string): Rule => parseRule(text, { effect: 'allow', from: 'your answers', removable: true, exact: true });

function rulesOf(lists: Lists, about: Omit<AboutRule, 'effect'>): Rule[] {
	return (['deny', 'ask', 'allow'] as const).flatMap(effect => (lists[effect] ?? []).map(text => parseRule(text, { ...about, effect })));
}

const gitArgs = z.object({ action: z.string() });

async function decideOther(rules: readonly Rule[], call: Call, root: string): Promise<Rule | undefined> {
	const own = rules.filter(
		rule => rule.tools.includes(call.tool) || rule.tools.some(tool => tool.startsWith('mcp__') && call.tool.startsWith(`${tool}__`)),
	);
	const bare = own.find(rule => rule.spec === undefined);
	if (bare || own.length === 0) return bare;
	if (!pathTools.has(call.tool)) return own.find(rule => rule.spec === gitArgs.safeParse(call.args).data?.action);
	const path = pathOf(call);
	if (path === undefined) return own.find(rule => rule.effect !== 'allow');
	const real = (await reach(root, '.', path))?.path;
	return own.find(rule => {
		const pattern = pathPattern(rule.spec!, root);
		const named = pathMatches(pattern, path, root);
		// A link must not lead around a refusal, nor a permission to another file.
		return rule.effect === 'allow'
			? named && real !== undefined && pathMatches(pattern, real, root)
			: named || (real !== undefined && pathMatches(pattern, real, root));
	});
}
