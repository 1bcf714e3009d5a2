/** The flags as data, as verb-list.ts has the verbs: parsing (options.ts) and --help (help.ts) both read these tables and nothing else. */

/**
 * How a flag takes its value: `switch` none · `attached` only as `--k=v` · `optional` the next word, where `takes` likes it ·
 * `value` exactly one · `list` split at commas, repeats join · `each` repeats join.
 */
export type Kind = 'switch' | 'attached' | 'optional' | 'value' | 'list' | 'each';

/** One flag. `also` are accepted spellings that --help does not show: those of Qwen Code, Claude Code, Codex, Gemini CLI, pi. */
export type Flag = {
	name: string;
	short?: string;
	also?: readonly string[];
	kind: Kind;
	/** Stands for the value in --help. */
	shown?: string;
	/** Whether an optional value may be this next word. */
	takes?: (word: string) => boolean;
	group:
		| 'What to do'
		| 'Translating'
		| 'Filling a hole (qwill fim)'
		| 'Conversations'
		| 'What the model may do'
		| 'Limits'
		| 'The model'
		| 'Other';
	meaning: string;
};

const anyWord = (): boolean => true;
/** A path, so that `--debug "why does it fail"` keeps its text. */
const logFile = (word: string): boolean => /^\S+$/.test(word) && (word.includes('/') || /\.\w+$/.test(word));

export const flags = [
	{
		name: 'print',
		short: 'p',
		also: ['prompt'],
		kind: 'attached',
		group: 'What to do',
		meaning: 'answer the text and end; piped stdin goes before it',
	},
	{
		name: 'prompt-interactive',
		short: 'i',
		kind: 'value',
		shown: 'TEXT',
		group: 'What to do',
		meaning: 'open the chat with TEXT as the first message',
	},
	{ name: 'output-format', short: 'o', kind: 'value', shown: 'FORMAT', group: 'What to do', meaning: 'text, json, stream-json, sarif' },
	{
		name: 'json-schema',
		also: ['output-schema'],
		kind: 'value',
		shown: 'FILE|JSON',
		group: 'What to do',
		meaning: 'answer with one JSON value of this schema, or fail; a .ts or .js file may export one of zod',
	},
	{
		name: 'include-partial-messages',
		kind: 'switch',
		group: 'What to do',
		meaning: 'with stream-json: the reply while it is being written',
	},
	{ name: 'split', kind: 'switch', group: 'What to do', meaning: 'with commit: in parts that each build and pass (-y: unasked)' },

	{ name: 'to', kind: 'value', shown: 'LANG', group: 'Translating', meaning: 'into this language: de, pt-BR, zh-Hant' },
	{ name: 'glossary', kind: 'value', shown: 'FILE', group: 'Translating', meaning: 'lines "term = translation", or a term that stays' },

	{ name: 'file', kind: 'value', shown: 'FILE', group: 'Filling a hole (qwill fim)', meaning: 'the file with the hole' },
	{ name: 'line', kind: 'value', shown: 'N', group: 'Filling a hole (qwill fim)', meaning: 'its line, from 1' },
	{
		name: 'column',
		kind: 'value',
		shown: 'N',
		group: 'Filling a hole (qwill fim)',
		meaning: 'the text goes before this column, from 1, in UTF-16 units; else to the end of the line',
	},

	{ name: 'continue', short: 'c', kind: 'switch', group: 'Conversations', meaning: 'go on with the newest conversation of this folder' },
	{
		name: 'resume',
		short: 'r',
		kind: 'optional',
		shown: '[ID|NAME]',
		takes: anyWord,
		group: 'Conversations',
		meaning: 'go on with that one; without a value, choose from a list',
	},
	{
		name: 'fork-session',
		also: ['fork'],
		kind: 'switch',
		group: 'Conversations',
		meaning: 'with -c or -r: go on in a copy, the old one stays as it is',
	},
	{
		name: 'ephemeral',
		also: ['no-session-persistence', 'no-session'],
		kind: 'switch',
		group: 'Conversations',
		meaning: 'keep no journal of this conversation',
	},

	{
		name: 'approval-mode',
		also: ['permission-mode'],
		kind: 'value',
		shown: 'MODE',
		group: 'What the model may do',
		meaning: 'plan, default, auto-edit or yolo',
	},
	{
		name: 'yolo',
		short: 'y',
		also: ['dangerously-skip-permissions'],
		kind: 'switch',
		group: 'What the model may do',
		meaning: 'approval mode yolo: asks only before what cannot be taken back',
	},
	{
		name: 'allowed-tools',
		also: ['allowedTools'],
		kind: 'list',
		shown: 'RULE,..',
		group: 'What the model may do',
		meaning: 'allowed unasked in this run, such as "Bash(npm test)"',
	},
	{
		name: 'disallowed-tools',
		also: ['disallowedTools', 'exclude-tools'],
		kind: 'list',
		shown: 'RULE,..',
		group: 'What the model may do',
		meaning: 'never allowed in this run',
	},
	{
		name: 'tools',
		also: ['core-tools'],
		kind: 'list',
		shown: 'NAME,..',
		group: 'What the model may do',
		meaning: 'offer the model only these tools',
	},
	{
		name: 'sandbox',
		short: 's',
		kind: 'switch',
		group: 'What the model may do',
		meaning: 'run commands in the sandbox or not at all: without one, end (44)',
	},
	{ name: 'add-dir', kind: 'each', shown: 'DIR', group: 'What the model may do', meaning: 'boxed commands write in this folder too' },
	{
		name: 'allow-host',
		kind: 'each',
		shown: 'HOST[:PORT]',
		group: 'What the model may do',
		meaning: 'boxed commands reach this host too, by HTTP(S)',
	},
	{ name: 'no-sandbox', kind: 'switch', group: 'What the model may do', meaning: 'run commands without the sandbox; every one asks first' },
	{
		name: 'trust',
		also: ['skip-trust'],
		kind: 'switch',
		group: 'What the model may do',
		meaning: 'trust this folder for this run: its settings, AGENTS.md and commands count',
	},

	{
		name: 'max-turns',
		also: ['max-session-turns'],
		kind: 'value',
		shown: 'N',
		group: 'Limits',
		meaning: 'replies for one task; then exit code 53',
	},
	{ name: 'max-tool-calls', kind: 'value', shown: 'N', group: 'Limits', meaning: 'tool calls for one task; then exit code 55' },
	{ name: 'max-wall-time', kind: 'value', shown: 'TIME', group: 'Limits', meaning: 'such as 90, 30s or 5m; then exit code 55' },

	{
		name: 'model',
		short: 'm',
		kind: 'value',
		shown: 'ID|PATH',
		group: 'The model',
		meaning: 'a model of the catalogue (qwill models) or a .gguf file; with --base-url, one of the server',
	},
	{
		name: 'base-url',
		kind: 'value',
		shown: 'URL',
		group: 'The model',
		meaning: 'a server with an OpenAI interface (vLLM, SGLang, llama-server), such as http://localhost:8000/v1',
	},
	{
		name: 'api-key-env',
		kind: 'value',
		shown: 'NAME',
		group: 'The model',
		meaning: 'the environment variable with the key for it; QWILL_API_KEY without this',
	},
	{ name: 'system-prompt', kind: 'value', shown: 'TEXT', group: 'The model', meaning: 'instead of the built-in one; @FILE reads a file' },
	{ name: 'append-system-prompt', kind: 'value', shown: 'TEXT', group: 'The model', meaning: 'after the built-in one; @FILE reads a file' },
	{ name: 'seed', kind: 'value', shown: 'N', group: 'The model', meaning: 'the same words again on the same machine' },
	{
		name: 'logprobs',
		kind: 'switch',
		group: 'The model',
		meaning: 'with -o json or stream-json: how likely each token of the last reply was',
	},
	{
		name: 'offline',
		kind: 'switch',
		group: 'The model',
		meaning: 'never touch the network, not even for a model; a server only on this machine',
	},

	{ name: 'bare', kind: 'switch', group: 'Other', meaning: 'no config files and no instruction files' },
	{
		name: 'set',
		also: ['settings'],
		kind: 'each',
		shown: 'KEY=VALUE',
		group: 'Other',
		meaning: 'over the config files, such as theme=light',
	},
	{ name: 'json', kind: 'switch', group: 'Other', meaning: 'with the verbs models, sessions and blame: as JSON' },
	{ name: 'no-color', also: ['no-colour'], kind: 'switch', group: 'Other', meaning: 'no colours (as NO_COLOR)' },
	{ name: 'verbose', kind: 'switch', group: 'Other', meaning: 'say more on stderr' },
	{
		name: 'debug',
		kind: 'optional',
		shown: '[FILE]',
		takes: logFile,
		group: 'Other',
		meaning: 'what the engine and the tools do, on stderr or into FILE',
	},
	{ name: 'version', short: 'v', kind: 'switch', group: 'Other', meaning: 'the version' },
	{ name: 'help', short: 'h', kind: 'switch', group: 'Other', meaning: 'this page' },
] as const satisfies readonly Flag[];

export type FlagName = (typeof flags)[number]['name'];

/** `-p, --print` as a person would type it. */
export const spelled = (flag: Flag): string => `${flag.short ? `-${flag.short}, ` : ''}--${flag.name}`;
