import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { approvalModeFrom, type Options } from './options.js';
import { places } from './places.js';
import { merge, parseSettings, type Settings, settingsFrom, utf8 } from './settings.js';
import { digestOf, settingsFile, trusted } from './trust.js';
import { type ApprovalMode, Refusal } from './types.js';
import { codeOf } from './workspace/trouble.js';

/** The settings in force. Undefined means that nobody said: the program chooses. */
export type Config = {
	/** Catalogue id or path of a .gguf file; with `baseUrl`, the server's own name for it. */
	model: string | undefined;
	/** Where a server answers that is to be used instead of a model on this machine. */
	baseUrl: string | undefined;
	/** The environment variable that holds the server's key. */
	apiKeyEnv: string | undefined;
	approvalMode: ApprovalMode;
	/** Rules such as `Bash(npm test)`; deny goes before ask before allow. */
	permissions: { allow: readonly string[]; ask: readonly string[]; deny: readonly string[] };
	/** True: commands run in the sandbox or not at all. */
	sandbox: boolean | undefined;
	testCommand: string | undefined;
	lintCommand: string | undefined;
	theme: 'auto' | 'dark' | 'light';
	/** The trailer of commits whose message the model wrote. */
	attribution: { commit: 'assisted-by' | 'co-authored-by' | 'none' };
	/** Conversations are kept this long after they were last written. */
	cleanupPeriodDays: number;
	seed: number | undefined;
	offline: boolean;
	/** The words of --system-prompt and --append-system-prompt, read from their files. */
	system: { replace: string | undefined; append: string | undefined };
	/** One line each for the person: an unknown key, a setting that a project may not make. */
	notes: readonly string[];
};

/** `root` is the real path of the project folder; `env` the environment of the program. */
export type Sources = { root: string; env: Readonly<Record<string, string | undefined>>; options: Options };

/**
 * Built-in settings, the person's file, the project's file (trusted folders only, and it may only tighten), QWILL_*, flags;
 * later wins. Throws `Refusal`: 52 with file, line and key for a file that is wrong, 42 for a wrong variable or flag.
 */
export function loadConfig({ root, env, options }: Sources): Config {
	const notes: string[] = [];
	const user = options.bare ? {} : userSettings(notes);
	const project = options.bare ? {} : tightened(projectSettings(root, options.trust, notes), user, notes);
	const all = [project, fromEnvironment(env), settingsFrom(options.settings), fromFlags(options)].reduce(overlay, user);
	return {
		model: all.model,
		baseUrl: all.baseUrl || undefined,
		apiKeyEnv: all.apiKeyEnv,
		approvalMode: all.approvalMode ?? 'default',
		permissions: { allow: all.permissions?.allow ?? [], ask: all.permissions?.ask ?? [], deny: all.permissions?.deny ?? [] },
		sandbox: all.sandbox,
		testCommand: all.testCommand,
		lintCommand: all.lintCommand,
		theme: all.theme ?? 'auto',
		attribution: { commit: all.attribution?.commit ?? 'assisted-by' },
		cleanupPeriodDays: all.cleanupPeriodDays ?? 30,
		seed: all.seed,
		offline: isOffline(env, options),
		system: {
			replace: wordsOf(options.systemPrompt, '--system-prompt'),
			append: wordsOf(options.appendSystemPrompt, '--append-system-prompt'),
		},
		notes,
	};
}

/** A model is named for where it is: one named before another server has no meaning there. */
function overlay(under: Settings, over: Settings): Settings {
	const { model: _elsewhere, ...rest } = under;
	return merge(over.baseUrl === undefined ? under : rest, over);
}

/** Whether the person forbids the network. */
export const isOffline = (env: Sources['env'], options: Options): boolean =>
	options.offline || !/^(0|false|no|off|)$/i.test(env.QWILL_OFFLINE ?? '');

/** The config file of the person. */
export const userConfigPath = (): string => join(places.config(), 'config.json');

function userSettings(notes: string[]): Settings {
	const bytes = readRegular(userConfigPath(), 0);
	return bytes ? parseSettings(bytes, userConfigPath(), notes) : {};
}

/**
 * The project's settings, if the person trusts them: for this run, or by an earlier yes to exactly these bytes. Before that
 * the file is not even opened.
 */
function projectSettings(root: string, trustNow: boolean, notes: string[]): Settings {
	const path = join(root, settingsFile);
	if (!isThere(path)) return {};
	const known = trusted(root).filter(file => file.path === settingsFile);
	if (!trustNow && known.length === 0) return {};
	const bytes = readRegular(path, constants.O_NOFOLLOW);
	if (!bytes || !(trustNow || known.some(({ digest }) => digest === digestOf(bytes)))) return {};
	return parseSettings(bytes, path, notes);
}

/** Whether something has this name; what cannot be looked at counts as there, so that opening it says why it cannot. */
function isThere(path: string): boolean {
	try {
		return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
	} catch (error) {
		return codeOf(error) !== 'ENOTDIR';
	}
}

const strictness: readonly ApprovalMode[] = ['yolo', 'auto-edit', 'default', 'plan'];

/** What is left of a project's settings when it may only tighten: rules, mode, sandbox and where a model comes from. */
function tightened(project: Settings, user: Settings, notes: string[]): Settings {
	const { approvalMode, permissions, sandbox, model, baseUrl, apiKeyEnv, cleanupPeriodDays, ...rest } = project;
	const refuse = (key: string): void => {
		notes.push(`.qwill/config.json: "${key}" is ignored; a project may only tighten what you allow. Set it in ${userConfigPath()}.`);
	};
	const stricter = approvalMode && strictness.indexOf(approvalMode) >= strictness.indexOf(user.approvalMode ?? 'default');
	const catalogued = model && !user.baseUrl && /^[a-z0-9][a-z0-9._-]*$/i.test(model) && !/\.gguf$/i.test(model);
	if (approvalMode && !stricter) refuse('approvalMode');
	if (permissions?.allow) refuse('permissions.allow');
	if (sandbox === false) refuse('sandbox');
	if (model && !catalogued) refuse('model');
	if (baseUrl !== undefined) refuse('baseUrl');
	if (apiKeyEnv !== undefined) refuse('apiKeyEnv');
	if (cleanupPeriodDays !== undefined) refuse('cleanupPeriodDays');
	return {
		...rest,
		...(stricter ? { approvalMode } : {}),
		...(sandbox ? { sandbox } : {}),
		...(catalogued ? { model } : {}),
		permissions: { ask: permissions?.ask ?? [], deny: permissions?.deny ?? [] },
	};
}

function fromEnvironment(env: Sources['env']): Settings {
	const { QWILL_MODEL: model, QWILL_BASE_URL: baseUrl, QWILL_APPROVAL_MODE: mode } = env;
	const server = baseUrl === undefined ? {} : { baseUrl };
	return { ...(model ? { model } : {}), ...server, ...(mode ? { approvalMode: approvalModeFrom(mode, 'QWILL_APPROVAL_MODE') } : {}) };
}

function fromFlags(options: Options): Settings {
	return {
		...(options.model === undefined ? {} : { model: options.model }),
		...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
		...(options.apiKeyEnv === undefined ? {} : { apiKeyEnv: options.apiKeyEnv }),
		...(options.approvalMode === undefined ? {} : { approvalMode: options.approvalMode }),
		...(options.seed === undefined ? {} : { seed: options.seed }),
		...(options.sandbox === undefined ? {} : { sandbox: options.sandbox }),
	};
}

/** The words of a flag, which with `@FILE` stand in that file. */
export function wordsOf(said: string | undefined, flag: string): string | undefined {
	if (!said?.startsWith('@')) return said;
	const path = said.slice(1);
	const bytes = readRegular(path, 0, flag);
	if (!bytes) throw new Refusal(`${flag}: there is no file ${path}.`, 42);
	return utf8(bytes, `${flag}: ${path}`, 42).trim();
}

const mostBytes = 1_000_000;

/**
 * The bytes of a regular file of sensible size, for the configuration or a flag; undefined when there is none. Never waits on a
 * pipe in its place.
 */
function readRegular(path: string, flags: number, flag?: string): Buffer | undefined {
	const refuse = (what: string, instead: string) =>
		flag
			? new Refusal(`${flag}: ${path} ${what}.`, 42)
			: new Refusal(`${path} ${what}. ${instead}, or leave it out of this run: --bare.`, 52);
	let fd: number;
	try {
		fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
	} catch (error) {
		const code = codeOf(error);
		if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
		throw refuse(code === 'ELOOP' ? 'cannot be read: it is a link' : `cannot be read (${code ?? String(error)})`, 'Correct that');
	}
	try {
		const stat = fstatSync(fd);
		if (!stat.isFile()) throw refuse('is not a file', 'Move it away');
		if (stat.size > mostBytes) throw refuse('is larger than 1 MB', 'Shorten it');
		return readFileSync(fd);
	} finally {
		closeSync(fd);
	}
}
