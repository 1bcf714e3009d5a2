/**
 * What keeps a hostile repository from running anything through git: an environment made from nothing, and settings that
 * win over the repository's own. Which settings start programs: git-config(1), gitattributes(5), githooks(5).
 */
import type { Repository } from './git-place.js';

/** One line of `git config --list --show-scope -z`. */
export type Setting = { scope: string; key: string; value: string };

export function parseSettings(output: string): Setting[] {
	const fields = output.split('\0');
	const settings: Setting[] = [];
	for (let index = 0; index + 1 < fields.length; index += 2) {
		const [key = '', ...value] = fields[index + 1]!.split('\n');
		settings.push({ scope: fields[index]!, key, value: value.join('\n') });
	}
	return settings;
}

/** The variables that git starts with; nothing of the person's environment but these. */
export function baseEnvironment(path: readonly string[], { dir, top }: Repository): Record<string, string> {
	return {
		PATH: path.join(':'),
		HOME: process.env.HOME ?? '/',
		LANG: 'C.UTF-8',
		LC_ALL: 'C.UTF-8',
		GIT_DIR: dir,
		GIT_WORK_TREE: top,
		...(process.env.XDG_CONFIG_HOME && { XDG_CONFIG_HOME: process.env.XDG_CONFIG_HOME }),
	};
}

/** The guarded environment: `base`, no settings of person or machine but the harmless ones, and the pins. */
export function guardedEnvironment(base: Record<string, string>, settings: readonly Setting[]): Record<string, string> {
	const pinned: [string, string][] = [...harmless(settings), ...pins, ...drivers(settings)];
	return {
		...base,
		GIT_CONFIG_GLOBAL: '/dev/null',
		GIT_CONFIG_SYSTEM: '/dev/null',
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_TERMINAL_PROMPT: '0',
		GIT_OPTIONAL_LOCKS: '0',
		GIT_LITERAL_PATHSPECS: '1',
		GIT_ALLOW_PROTOCOL: 'none',
		GIT_NO_LAZY_FETCH: '1',
		GIT_NO_REPLACE_OBJECTS: '1',
		GIT_PAGER: 'cat',
		GIT_EDITOR: 'true',
		GIT_SEQUENCE_EDITOR: 'true',
		GIT_ASKPASS: 'true',
		SSH_ASKPASS: 'true',
		GIT_SSH_COMMAND: 'false',
		GIT_CONFIG_COUNT: String(pinned.length),
		...Object.fromEntries(
			pinned.flatMap(([key, value], index) => [
				[`GIT_CONFIG_KEY_${index}`, key],
				[`GIT_CONFIG_VALUE_${index}`, value],
			]),
		),
	};
}

/** Who commits: the person's own settings, else the variables git itself would take. Undefined when git would have to guess. */
export function identityOf(settings: readonly Setting[]): { name: string; email: string } | undefined {
	const last = (key: string) => settings.findLast(setting => setting.key === key)?.value;
	const name = process.env.GIT_AUTHOR_NAME || last('author.name') || last('user.name');
	const email = process.env.GIT_AUTHOR_EMAIL || last('author.email') || last('user.email');
	return name?.trim() && email?.trim() ? { name: name.trim(), email: email.trim() } : undefined;
}

/** Settings of the person and the machine that decide what is stored or listed and start nothing. */
function harmless(settings: readonly Setting[]): [string, string][] {
	const own = settings.filter(({ scope, key }) => (scope === 'global' || scope === 'system') && carried.has(key));
	const local = new Set(settings.filter(({ scope }) => scope === 'local' || scope === 'worktree').map(({ key }) => key));
	return own.filter(({ key }) => !local.has(key)).map(({ key, value }) => [key, value === '' ? 'true' : value]);
}
const carried = new Set(['core.autocrlf', 'core.eol', 'core.safecrlf', 'core.excludesfile', 'core.precomposeunicode', 'core.filemode']);

/** Filter and merge drivers have names that only the repository knows; an empty command is none (git's convert.c). */
function drivers(settings: readonly Setting[]): [string, string][] {
	const filters = namesOf(settings, 'filter');
	const merges = namesOf(settings, 'merge');
	return [
		...filters.flatMap((name): [string, string][] => [
			[`filter.${name}.clean`, ''],
			[`filter.${name}.smudge`, ''],
			[`filter.${name}.process`, ''],
			[`filter.${name}.required`, 'false'],
		]),
		...merges.map((name): [string, string] => [`merge.${name}.driver`, 'git merge-file --marker-size=%L %A %O %B']),
	];
}

const namesOf = (settings: readonly Setting[], section: string): string[] => [
	...new Set(
		settings
			.filter(({ key }) => key.startsWith(`${section}.`) && key.indexOf('.') !== key.lastIndexOf('.'))
			.map(({ key }) => key.slice(section.length + 1, key.lastIndexOf('.'))),
	),
];

const pins: [string, string][] = [
	['core.fsmonitor', 'false'],
	['core.hooksPath', '/dev/null'],
	['core.pager', 'cat'],
	['core.editor', 'true'],
	['sequence.editor', 'true'],
	['core.askPass', ''],
	['core.gitProxy', ''],
	['core.sshCommand', 'false'],
	['core.alternateRefsCommand', ''],
	['core.attributesFile', '/dev/null'],
	['core.quotePath', 'false'],
	['core.bigFileThreshold', '16m'],
	['credential.helper', ''],
	['commit.gpgSign', 'false'],
	['tag.gpgSign', 'false'],
	['log.showSignature', 'false'],
	['gpg.program', 'false'],
	['gpg.ssh.program', 'false'],
	['gpg.ssh.defaultKeyCommand', 'false'],
	['safe.bareRepository', 'explicit'],
	['protocol.allow', 'never'],
	['submodule.recurse', 'false'],
	['diff.submodule', 'short'],
	['diff.ignoreSubmodules', 'dirty'],
	['status.submoduleSummary', 'false'],
	['uploadpack.packObjectsHook', ''],
	['interactive.diffFilter', 'cat'],
	['blame.ignoreRevsFile', ''],
	['commit.template', ''],
	['gc.auto', '0'],
	['maintenance.auto', 'false'],
	['fetch.writeCommitGraph', 'false'],
];
