import { answered, ask, hostile, type Row, script, typed } from './row.js';

const row = (words: readonly string[], says: Row['says'], code = 42): Row => ({
	name: typed(words),
	words,
	code,
	says,
});
/** The same behind a question that would be answered. */
const asking = (words: readonly string[], says: string): Row => ({
	...row(ask(...words), says),
	name: typed(['-p', 'hi', ...words]),
});
const rules = 'names no tool. Write for example Bash(npm test), Read(.env) or Edit(/src/**).';

export const flagRows: readonly Row[] = [
	row(['--modle', 'x', '-p', 'hi'], /^--modle is not a flag; did you mean -m, --model\? It means: a model of the catalogue .*\.\n$/),
	row(['--quantum'], '--quantum is not a flag; qwill --help lists them all. Text that begins with a dash goes after --.'),
	row(['-Z'], '-Z is not a flag; qwill --help lists them all. Text that begins with a dash goes after --.'),
	row(['-x1'], '"-x1" begins like a flag; put -- before text that begins with a dash.'),
	row(
		[`--${'x'.repeat(50_000)}`],
		`--${'x'.repeat(78)}… is not a flag; qwill --help lists them all. Text that begins with a dash goes after --.`,
	),
	row(['-m'], /^-m needs a value: -m ID\|PATH \(a model of the catalogue .*\)\.\n$/),
	row(['--seed', '--yolo', '-p', 'hi'], '--seed needs a value: --seed N (the same words again on the same machine).'),
	row(['-p', 'hi', '-o'], '-o needs a value: -o FORMAT (text, json or stream-json).'),
	row(['--yolo=1', '-p', 'hi'], '--yolo takes no value; leave off "=1".'),
	asking(['--seed', 'abc'], '--seed is a whole number from 0 to 4294967295, not "abc".'),
	asking(['--seed=-1'], '--seed is a whole number from 0 to 4294967295, not "-1".'),
	asking(['--seed', '4294967296'], '--seed is a whole number from 0 to 4294967295, not "4294967296".'),
	asking(['--seed', '9'.repeat(50_000)], `--seed is a whole number from 0 to 4294967295, not "${'9'.repeat(80)}…".`),
	asking(['--seed', hostile], '--seed is a whole number from 0 to 4294967295, not "<U+001B>]0;owned<U+0007><U+001B>[31mred<U+009B>2J".'),
	asking(['--seed', '1', '--seed', '2'], '--seed is given twice, as "1" and "2"; keep one.'),
	asking(['--max-turns', '0'], '--max-turns is a whole number from 1 to 4294967295, not "0".'),
	asking(['--max-tool-calls', 'many'], '--max-tool-calls is a whole number from 1 to 4294967295, not "many".'),
	asking(['--max-wall-time', '5x'], '--max-wall-time is a time such as 90, 30s or 5m, not "5x".'),
	asking(['-o', 'yaml'], '--output-format is text, json, stream-json, not "yaml".'),
	asking(['-o', 'jsn'], '--output-format is text, json, stream-json, not "jsn"; did you mean json?'),
	asking(['-o', 'json', '-o', 'text'], '--output-format is given twice, as "json" and "text"; keep one.'),
	asking(['--approval-mode', 'yes'], '--approval-mode is plan, default, auto-edit or yolo, not "yes".'),
	asking(['--yolo', '--approval-mode', 'plan'], '--yolo and --approval-mode plan contradict each other; keep one.'),
	{
		...row(ask('--sandbox'), 'No sandbox: HERE/work holds your home folder; work in a folder below it.', 44),
		shell: 'HOME=$PWD exec "$@"',
	},
	{ ...row(ask('--no-sandbox'), '', 0), answers: answered },
	asking(['--sandbox', '--no-sandbox'], '--sandbox and --no-sandbox contradict each other; keep one.'),
	asking(['-c', '-r', 'abc'], '-c and -r contradict each other; -c is the newest conversation, -r ID that one.'),
	asking(['--fork-session'], '--fork-session needs -c or -r ID: it goes on in a copy of that conversation.'),
	asking(['-c', '--ephemeral', '--fork-session'], '--ephemeral keeps no journal, --fork-session begins one; keep one of them.'),
	row(['-p', '-i', 'hi'], '-p answers and ends, -i opens the chat; keep one.'),
	row(['-i', 'hi', '-o', 'json'], '-i opens the chat, --output-format is for -p; keep one.'),
	row(['-i', 'hi'], 'The chat needs a terminal on both ends. In a script: qwill -p "your question"'),
	asking(['--include-partial-messages'], '--include-partial-messages needs -o stream-json.'),
	asking(['--json'], '--json goes with the verbs models, sessions and blame; for an answer it is -o json.'),
	asking(['-c'], 'There is no conversation in this folder to go on with. Start one with: qwill'),
	asking(['-r', 'nope'], 'No conversation "nope": this folder has none yet. Start one with: qwill'),
	asking(['-r', '../../etc/passwd'], 'No conversation "../../etc/passwd": this folder has none yet. Start one with: qwill'),
	asking(
		['-r'],
		'-r needs the id or name of a conversation here, where nobody can choose; qwill sessions lists them, -c takes the newest.',
	),
	asking(
		['--tools', 'nope'],
		'There is no tool "nope". The tools are: read_file, edit, write_file, grep_search, glob, list_directory, run_tests, run_shell_command, git.',
	),
	asking(['--allowed-tools', 'Bash('], `The rule "Bash(" (this run) ${rules}`),
	asking(['--disallowed-tools', 'Nope(x)'], `The rule "Nope(x)" (this run) ${rules}`),
	asking(['--set', 'permissions.deny=Nope'], `The rule "Nope" (--set permissions.deny) ${rules}`),
	asking(['--set', 'nonsense'], '--set takes KEY=VALUE, such as theme=light, not "nonsense".'),
	asking(['--set', 'thme=dark'], '--set thme: there is no setting "thme"; did you mean "theme"?'),
	asking(['--set', 'theme=blue'], '--set theme=blue: "theme" must be one of auto, dark, light.'),
	asking(['--set', 'seed=1.5'], '--set seed=1.5: "seed" must be a whole number.'),
	asking(['--system-prompt', '@missing'], '--system-prompt: there is no file missing.'),
	asking(['--system-prompt', '@.'], '--system-prompt: . is not a file.'),
	asking(['--append-system-prompt', '@/dev/zero'], '--append-system-prompt: /dev/zero is not a file.'),
	{
		...asking(
			['--system-prompt', '@latin'],
			'--system-prompt: latin is not UTF-8 text. Save it as UTF-8, for example with iconv -t utf-8.',
		),
		prepare: place => place.file(place.at('work', 'latin'), Buffer.from('Be na\xefve.', 'latin1')),
	},
	row(
		['--base-url', 'nonsense', '-p', 'hi'],
		'The base URL is an address such as http://localhost:8000/v1 or unix:/run/model.sock, not "nonsense".',
	),
	row(
		['--base-url', 'http://u:p@127.0.0.1:1', '-p', 'hi'],
		'The base URL holds a name or a key. Put the key into an environment variable and name that: --api-key-env NAME',
	),
	row(
		['--base-url', 'https://127.0.0.1:1', '--api-key-env', 'NOPE', '-p', 'hi'],
		'The environment variable NOPE, which should hold the key for 127.0.0.1:1, is not set.',
		41,
	),
	row(
		['--base-url', 'https://example.org', '-p', 'hi'],
		'--offline keeps to this machine, and example.org is another one. Leave off --offline to use it.',
		41,
	),
	row(['-m', script, '-p', ' \t'], 'The prompt is empty. Give one: qwill -p "your question", or pipe it in.'),
	row(['-m', script], 'The prompt is empty. Give one: qwill -p "your question", or pipe it in.'),
	{ ...row(['-m', script, '--', '--nope'], '', 0), answers: answered },
];
