import { type Flag, flags, spelled } from './flags.js';
import { verbs } from './verb-list.js';

const examples = [
	['qwill', 'open the chat in this folder'],
	['qwill "why does sum.js fail on []?"', 'the same, with a first message'],
	['qwill -p "one line: what is this repository?"', 'answer and end'],
	['git diff | qwill -p "review this"', 'piped input goes before the question'],
	['qwill @src/sum.js -p "write tests for this"', 'a file goes before the question'],
	['qwill -p "fix the tests" --approval-mode auto-edit', 'let it edit files unasked'],
	['qwill -p "list the risks" -o json | jq -r .result', 'for programs'],
	['qwill -p "sum it up" --json-schema form.json', 'an answer of this form, or none'],
	['qwill --base-url http://gpu:8000', 'with a model on a server of yours'],
	['qwill review main -o sarif', 'what is wrong with what changed since main'],
	['qwill fim --file sum.js --line 3 --column 10', 'for editors: what belongs there'],
	['qwill -c', 'go on where you stopped'],
] as const;

const codes = [
	['0', 'answered'],
	['1', 'the run failed, or a review has verified remarks'],
	['41', 'no usable model'],
	['42', 'bad input'],
	['44', 'sandbox required, not available'],
	['52', 'a config file is invalid'],
	['53', '--max-turns reached'],
	['55', 'tool calls or time used up'],
	['130', 'interrupted'],
	['143', 'ended by SIGTERM'],
] as const;

/** The page of --help: examples first, then every verb and flag of the tables, in 80 columns where the words allow. */
export function help(): string {
	const groups = [...new Set(flags.map(flag => flag.group))];
	return [
		'qwill: the local Qwen coder in your terminal',
		section('Examples', examples),
		section(
			'Verbs',
			verbs.map(verb => [`qwill ${verb.name} ${verb.shown}`.trim(), verb.meaning]),
		),
		...groups.map(group => section(group, flags.filter(flag => flag.group === group).map(row))),
		section('Exit codes', codes),
		'Without --file, qwill fim reads {"prefix": "before the hole", "suffix": "behind it"} from standard\n' +
			'input. A hole with text behind it on its line gets one line, another one up to a paragraph.\n' +
			'Only the text for the hole is printed, without a newline of its own.\n',
		'--add-dir and --allow-host open doors in the sandbox, for this run and for commands only: the tools\n' +
			'that read and edit files stay in this folder. A host is open on its ports 443 and 80, or on PORT, to\n' +
			'programs that go through HTTPS_PROXY and HTTP_PROXY. Copies in which changes are tried write in no\n' +
			'other folder and reach no host. On macOS no door leads to a host yet.\n',
		'A first word equal to a verb is the verb; -p or -- makes it text.\n' +
			'Settings: ~/.config/qwill/config.json, .qwill/config.json (trusted folders), QWILL_MODEL,\n' +
			'QWILL_BASE_URL, QWILL_APPROVAL_MODE, QWILL_OFFLINE, flags; later wins.\n' +
			'Instructions for the model: ~/.config/qwill/AGENTS.md, then, from the top of the repository down to\n' +
			'this folder, the first of AGENTS.override.md, AGENTS.md, QWEN.md, CLAUDE.md in each (where trusted).\n',
	].join('\n\n');
}

const row = (flag: Flag): readonly [string, string] => [
	`${flag.short ? '' : '    '}${spelled(flag)} ${flag.shown ?? ''}`.trimEnd(),
	flag.meaning,
];

function section(title: string, rows: readonly (readonly [string, string])[]): string {
	const width = Math.max(...rows.map(([left]) => left.length));
	return [`${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)].join('\n');
}
