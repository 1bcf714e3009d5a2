import { refuseContradictions } from './contradictions.js';
import { nearest } from './nearest.js';
import type { OutputFormat } from './oneshot/face.js';
import { echoed } from './sanitise.js';
import { type ApprovalMode, Refusal } from './types.js';
import { type Asked, askedAs, isAsked, type Verb, verbs } from './verb-list.js';
import { type Reader, reader, refuseNearVerb, splitWords, type Words } from './words.js';

/** What the person asked for on the command line. Undefined is "not said": configuration or a default decides. */
export type Options = {
	run: Run;
	/** The `@path` arguments, without the `@`; their text goes before the question. */
	paths: readonly string[];
	output: OutputFormat;
	/** As typed: a JSON Schema, or the path of one, that the answer has to follow. */
	jsonSchema: string | undefined;
	/** Deltas in stream-json. */
	partialMessages: boolean;
	/** Tell how likely each token of the last reply was. */
	logprobs: boolean;
	conversation: { kind: 'new' } | { kind: 'newest' } | { kind: 'pick' } | { kind: 'named'; name: string };
	fork: boolean;
	ephemeral: boolean;
	model: string | undefined;
	baseUrl: string | undefined;
	apiKeyEnv: string | undefined;
	approvalMode: ApprovalMode | undefined;
	/** Permission rules of this run. */
	allowedTools: readonly string[];
	disallowedTools: readonly string[];
	/** The only tools to offer. */
	tools: readonly string[] | undefined;
	/** As typed: `@FILE` is still to be read (config.ts does). */
	systemPrompt: string | undefined;
	appendSystemPrompt: string | undefined;
	/** Whole numbers ≥ 1. `seconds` is wall-clock time of a task. */
	limits: { turns: number | undefined; calls: number | undefined; seconds: number | undefined };
	seed: number | undefined;
	offline: boolean;
	/** Whether commands have to be boxed, must not be, or are where it works. */
	sandbox: boolean | undefined;
	/** Doors in the sandbox, as typed. */
	doors: { folders: readonly string[]; hosts: readonly string[] };
	trust: boolean;
	bare: boolean;
	/** KEY=VALUE pairs, in order. */
	settings: readonly { key: string; value: string }[];
	/** Verbs that list: as JSON. */
	json: boolean;
	color: boolean;
	verbose: boolean;
	/** True: on stderr; a text: into that file. */
	debug: boolean | string;
};

/** Which face or command runs. In a one-shot, `text` undefined means: stdin is the prompt. */
export type Run =
	| { kind: 'chat'; text: string | undefined }
	| { kind: 'oneshot'; text: string | undefined }
	| { kind: 'verb'; verb: Exclude<Verb, 'fim' | Asked>; args: readonly string[] }
	| { kind: 'fim'; place: Place | undefined }
	| { kind: 'help' }
	| { kind: 'version' };

/** A hole in a file. `line` and `column` count from 1; columns in UTF-16 units, as editors do. Without a column: the line's end. */
export type Place = { file: string; line: number; column: number | undefined };

/** Whether a person sits at either end. */
export type Terminals = { stdin: boolean; stdout: boolean };

const formats: readonly OutputFormat[] = ['text', 'json', 'stream-json', 'sarif'];

/** The modes in the spellings of all peers. */
const modes: Record<string, ApprovalMode> = {
	plan: 'plan',
	default: 'default',
	manual: 'default',
	'auto-edit': 'auto-edit',
	auto_edit: 'auto-edit',
	acceptEdits: 'auto-edit',
	yolo: 'yolo',
	bypassPermissions: 'yolo',
};

/** The approval mode spelled `text`, in any peer's spelling. Throws `Refusal` 42 that names `where` it was said. */
export function approvalModeFrom(text: string, where: string): ApprovalMode {
	const mode = Object.hasOwn(modes, text) ? modes[text] : undefined;
	if (mode) return mode;
	const near = nearest(text, Object.keys(modes));
	throw new Refusal(
		`${where} is plan, default, auto-edit or yolo, not "${echoed(text)}"${near ? `; did you mean ${modes[near]}?` : '.'}`,
		42,
	);
}

/** Reads the command line (without program and script). Throws `Refusal` 42 for what is wrong or contradictory. */
export function parseOptions(argv: readonly string[], terminals: Terminals): Options {
	const split = splitWords(argv);
	const read = reader(split.given);
	if (read.on('help')) return { ...blank, run: { kind: 'help' } };
	if (read.on('version')) return { ...blank, run: { kind: 'version' } };
	const verb = verbOf(read, split);
	refuseContradictions(read, verb, split.words);
	const output = read.one('output-format', formats);
	const isPath = (word: string): boolean => /^@\S/.test(word) && !/\s/.test(word);
	return {
		...blank,
		run: runOf(read, split, terminals),
		paths: verb ? [] : split.words.filter(isPath).map(word => word.slice(1)),
		output: output ?? 'text',
		jsonSchema: read.text('json-schema'),
		partialMessages: read.on('include-partial-messages'),
		logprobs: read.on('logprobs'),
		conversation: conversationOf(read),
		fork: read.on('fork-session'),
		ephemeral: read.on('ephemeral'),
		model: read.text('model'),
		baseUrl: read.text('base-url'),
		apiKeyEnv: read.text('api-key-env'),
		approvalMode: modeOf(read),
		// Who types `qwill fix` wants the tests to be run.
		allowedTools: [...read.all('allowed-tools'), ...(verb === 'fix' ? ['run_tests'] : [])],
		disallowedTools: read.all('disallowed-tools'),
		tools: split.given.get('tools'),
		systemPrompt: read.text('system-prompt'),
		appendSystemPrompt: read.text('append-system-prompt'),
		limits: { turns: read.whole('max-turns', 1), calls: read.whole('max-tool-calls', 1), seconds: secondsOf(read.text('max-wall-time')) },
		seed: read.whole('seed', 0),
		offline: read.on('offline'),
		sandbox: read.on('sandbox') ? true : read.on('no-sandbox') ? false : undefined,
		doors: { folders: read.all('add-dir'), hosts: read.all('allow-host') },
		trust: read.on('trust'),
		bare: read.on('bare'),
		settings: read.all('set').map(settingOf),
		json: read.on('json'),
		color: !read.on('no-color'),
		verbose: read.on('verbose'),
		debug: read.on('debug') && (read.text('debug') || true),
	};
}

/** The output format asked for, as far as it can be told from a command line that may be wrong elsewhere. Never throws. */
export function formatOf(argv: readonly string[]): OutputFormat {
	const joined = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length).join('\0');
	const said = /(?:^|\0)(?:-o|--output-format)[\0=]([^\0]*)/.exec(joined)?.[1];
	return formats.find(format => format === said) ?? 'text';
}

const blank: Options = {
	run: { kind: 'chat', text: undefined },
	paths: [],
	output: 'text',
	jsonSchema: undefined,
	partialMessages: false,
	logprobs: false,
	conversation: { kind: 'new' },
	fork: false,
	ephemeral: false,
	model: undefined,
	baseUrl: undefined,
	apiKeyEnv: undefined,
	approvalMode: undefined,
	allowedTools: [],
	disallowedTools: [],
	tools: undefined,
	systemPrompt: undefined,
	appendSystemPrompt: undefined,
	limits: { turns: undefined, calls: undefined, seconds: undefined },
	seed: undefined,
	offline: false,
	sandbox: undefined,
	doors: { folders: [], hosts: [] },
	trust: false,
	bare: false,
	settings: [],
	json: false,
	color: true,
	verbose: false,
	debug: false,
};

function verbOf(read: Reader, { words }: Words): Verb | undefined {
	if (read.on('print') || read.on('prompt-interactive')) return undefined;
	return verbs.find(verb => verb.name === words[0])?.name;
}

function runOf(read: Reader, split: Words, terminals: Terminals): Run {
	const verb = verbOf(read, split);
	const args = [...valuesFor(read), ...split.words.slice(1), ...split.afterDashes];
	if (verb === 'fim') return { kind: 'fim', place: placeOf(read, args) };
	const isSplit = verb === 'commit' && read.on('split');
	if (verb && !isAsked(verb) && !isSplit) return { kind: 'verb', verb, args };
	if (!verb && !read.on('print') && !read.on('prompt-interactive')) refuseNearVerb(split);
	const words = split.words.filter(word => !/^@\S+$/.test(word));
	const said = verb
		? [askedAs(verb, isSplit ? ['--split', ...args] : args)]
		: [...read.all('print'), ...words, ...split.afterDashes].filter(Boolean);
	const text = said.length === 1 && said[0] === '-' ? undefined : said.join(' ') || undefined;
	if (read.on('prompt-interactive')) return { kind: 'chat', text: read.text('prompt-interactive') };
	const asked = read.on('print') || read.on('output-format') || read.on('json-schema') || said.includes('-');
	if (!asked && terminals.stdin && terminals.stdout) return { kind: 'chat', text };
	if (text === undefined && terminals.stdin)
		throw new Refusal('There is no prompt. Give one: qwill -p "your question", or pipe it in.', 42);
	if (read.on('resume') && !read.text('resume'))
		throw new Refusal(
			'-r needs the id or name of a conversation here, where nobody can choose; qwill sessions lists them, -c takes the newest.',
			42,
		);
	return { kind: 'oneshot', text };
}

/** The flags of a verb that is said to the agent, as words of it. */
const valuesFor = (read: Reader): string[] =>
	(['to', 'glossary'] as const).flatMap(name => (read.on(name) ? [`--${name}`, read.text(name) ?? ''] : []));

function placeOf(read: Reader, [stray]: readonly string[]): Place | undefined {
	if (stray !== undefined) throw new Refusal(`"${echoed(stray)}" is one word too many for: qwill fim; a file goes as --file FILE.`, 42);
	const file = read.text('file');
	const line = read.whole('line', 1);
	return file === undefined || line === undefined ? undefined : { file, line, column: read.whole('column', 1) };
}

function conversationOf(read: Reader): Options['conversation'] {
	const name = read.text('resume');
	if (name) return { kind: 'named', name };
	if (read.on('resume')) return { kind: 'pick' };
	return { kind: read.on('continue') ? 'newest' : 'new' };
}

function modeOf(read: Reader): ApprovalMode | undefined {
	const said = read.text('approval-mode');
	const mode = said === undefined ? undefined : approvalModeFrom(said, '--approval-mode');
	if (!read.on('yolo')) return mode;
	if (mode && mode !== 'yolo') throw new Refusal(`--yolo and --approval-mode ${mode} contradict each other; keep one.`, 42);
	return 'yolo';
}

function secondsOf(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const parts = /^(\d{1,7})(s|m|h)?$/.exec(text);
	const seconds = parts ? Number(parts[1]) * { s: 1, m: 60, h: 3600 }[(parts[2] ?? 's') as 's' | 'm' | 'h'] : 0;
	if (seconds > 0) return seconds;
	throw new Refusal(`--max-wall-time is a time such as 90, 30s or 5m, not "${echoed(text)}".`, 42);
}

function settingOf(pair: string): { key: string; value: string } {
	const [, key, value] = /^([A-Za-z][\w.]*)=([\s\S]*)$/.exec(pair) ?? [];
	if (key === undefined || value === undefined) throw new Refusal(`--set takes KEY=VALUE, such as theme=light, not "${echoed(pair)}".`, 42);
	return { key, value };
}
