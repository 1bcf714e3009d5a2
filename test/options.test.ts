import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flags } from '../src/flags.js';
import { help } from '../src/help.js';
import { nearest } from '../src/nearest.js';
import { formatOf, type Options, parseOptions, type Run } from '../src/options.js';
import { Refusal } from '../src/types.js';
import { askedAs } from '../src/verb-list.js';

const terminal = { stdin: true, stdout: true };
const pipe = { stdin: false, stdout: false };

const bad: readonly (readonly [words: readonly string[], says: RegExp, code?: number])[] = [
	[['--modle', 'x'], /--modle is not a flag; did you mean -m, --model/],
	[['--outputformat', 'json'], /did you mean -o, --output-format/],
	[['--aproval-mode', 'plan'], /did you mean --approval-mode/],
	[['--verbos'], /did you mean --verbose/],
	[['--continu'], /did you mean -c, --continue/],
	[['--alowedTools', 'x'], /did you mean --allowed-tools/],
	[['--max-turn', '3'], /did you mean --max-turns/],
	[['--ofline'], /did you mean --offline/],
	[['--doctor'], /did you mean the verb: qwill doctor/],
	[['--undo'], /did you mean the verb: qwill undo/],
	[['--quantum-entanglement'], /is not a flag; qwill --help/],
	[['-x'], /-x is not a flag/],
	[['--modle=x'], /^--modle is not a flag/],
	[['-p', '-what is this'], /put -- before text that begins with a dash/],
	[['--model'], /--model needs a value: --model ID\|PATH/],
	[['-m', '-p', 'x'], /-m needs a value/],
	[['--model=', 'x'], /--model= needs a value|--model needs a value/],
	[['-o'], /-o needs a value/],
	[['-r='], /-r needs a value/],
	[['--seed'], /--seed needs a value/],
	[['--verbose=yes'], /--verbose takes no value; leave off "=yes"/],
	[['--yolo=true'], /--yolo takes no value/],
	[['-p', 'x', '-o', 'jsn'], /--output-format is text, json, stream-json, sarif, not "jsn"; did you mean json/],
	[['-p', 'x', '-o', 'yaml'], /not "yaml"/],
	[['-p', 'x', '--approval-mode', 'auto'], /plan, default, auto-edit or yolo, not "auto"/],
	[['-p', 'x', '--approval-mode', 'plann'], /did you mean plan/],
	[['-p', 'x', '--approval-mode', 'toString'], /not "toString"/],
	[['-p', 'x', '--max-turns', '0'], /--max-turns is a whole number from 1/],
	[['-p', 'x', '--max-turns', '1.5'], /not "1.5"/],
	[['-p', 'x', '--max-turns', '-1'], /not "-1"/],
	[['-p', 'x', '--max-tool-calls', 'many'], /--max-tool-calls is a whole number/],
	[['-p', 'x', '--seed', '4294967296'], /--seed is a whole number from 0 to 4294967295/],
	[['-p', 'x', '--seed', '0x10'], /not "0x10"/],
	[['-p', 'x', '--max-wall-time', 'soon'], /--max-wall-time is a time such as 90, 30s or 5m/],
	[['-p', 'x', '--max-wall-time', '0'], /not "0"/],
	[['-p', 'x', '--max-wall-time', '5d'], /not "5d"/],
	[['-p', 'x', '--set', 'theme'], /--set takes KEY=VALUE/],
	[['-p', 'x', '--set', '=light'], /--set takes KEY=VALUE/],
	[['-p', 'x', '-m', 'a', '-m', 'b'], /--model is given twice, as "a" and "b"/],
	[['-p', 'x', '--seed', '1', '--seed=2'], /--seed is given twice/],
	[['-c', '-r', 'abc'], /-c and -r contradict each other/],
	[['--fork-session'], /--fork-session needs -c or -r/],
	[['-c', '--ephemeral', '--fork-session'], /keep one of them/],
	[['-y', '--approval-mode', 'plan'], /--yolo and --approval-mode plan contradict/],
	[['-p', 'x', '-i', 'y'], /-p answers and ends, -i opens the chat/],
	[['-i', 'y', '-o', 'json'], /-i opens the chat/],
	[['-i', 'fix', 'it'], /quote the whole of it/],
	[['-p', 'x', '--include-partial-messages'], /needs -o stream-json/],
	[['-p', 'x', '-o', 'json', '--include-partial-messages'], /needs -o stream-json/],
	[['-p', 'x', '-o', 'sarif'], /-o sarif goes with a review alone: qwill review -o sarif/],
	[['explain', 'a.py', '-o', 'sarif'], /goes with a review alone/],
	[['-p', '/explain a.py', '-o', 'sarif'], /goes with a review alone/],
	[['-p', 'x', '--json'], /for an answer it is -o json/],
	[['models', '-o', 'json'], /models, sessions and blame take --json/],
	[['-i', 'x', '--json-schema', '{}'], /--json-schema goes with a question that is answered once/],
	[['models', '--json-schema', '{}'], /--json-schema goes with a question that is answered once/],
	[['-p', 'x', '--json-schema', '{}', '--tools', 'edit'], /--json-schema answers without tools/],
	[['-s', '--no-sandbox'], /keep one/],
	[['--add-dir', '../lib', '--no-sandbox'], /open doors in the sandbox, and --no-sandbox runs without one/],
	[['--allow-host', 'a.org', '--no-sandbox'], /open doors in the sandbox, and --no-sandbox runs without one/],
	[['-r', '-p', 'x'], /-r needs the id or name/],
	[['-'], /There is no prompt/],
	[['-p'], /There is no prompt/],
	[['-p', ''], /There is no prompt/],
	[['-o', 'json'], /There is no prompt/],
	[['@src/a.ts', '-p'], /There is no prompt/],
	[['-p', 'x', '--file', 'a.js'], /go with the verb fim; before a question a file goes as @FILE/],
	[['-p', 'x', '--to', 'de'], /--to and --glossary go with: qwill translate/],
	[['docs', 'a.py', '--glossary', 'g.txt'], /--to and --glossary go with: qwill translate/],
	[['translate', '--to', 'de', '--to', 'fr', 'a.md'], /--to is given twice/],
	[['fim', '--line', '3'], /need --file FILE/],
	[['fim', '--file', 'a.js'], /--file needs --line N/],
	[['fim', '--file', 'a.js', '--line', '0'], /--line is a whole number from 1/],
	[['fim', 'a.js', '--line', '3', '--file', 'b.js'], /"a\.js" is one word too many for: qwill fim/],
];

for (const [words, says, code = 42] of bad) {
	test(`refuses: qwill ${words.join(' ')}`, () => {
		assert.throws(
			() => parseOptions(words, terminal),
			(error: unknown) => {
				assert.ok(error instanceof Refusal);
				assert.match(error.message, says);
				assert.equal(error.exitCode, code);
				return true;
			},
		);
	});
}

const runs: readonly (readonly [words: readonly string[], at: typeof terminal, run: Run])[] = [
	[[], terminal, { kind: 'chat', text: undefined }],
	[['fix it'], terminal, { kind: 'chat', text: 'fix it' }],
	[['mend', 'it'], terminal, { kind: 'chat', text: 'mend it' }],
	[['fix'], terminal, { kind: 'chat', text: 'The tests fail. Fix them.' }],
	[['fix', '@sum.js', '-y'], pipe, { kind: 'oneshot', text: 'The tests fail. Fix them. @sum.js' }],
	[['docs', 'a.py:f', '-y'], pipe, { kind: 'oneshot', text: '/docs a.py:f' }],
	[['explain', 'a b.py:3'], pipe, { kind: 'oneshot', text: '/explain "a b.py:3"' }],
	[
		['translate', 'a.md', '--to', 'de', '--glossary', 'my terms.txt'],
		pipe,
		{ kind: 'oneshot', text: '/translate --to de --glossary "my terms.txt" a.md' },
	],
	[['review', 'v1..v2', '-o', 'sarif'], terminal, { kind: 'oneshot', text: '/review v1..v2' }],
	[['-p', '/review', '-o', 'sarif'], pipe, { kind: 'oneshot', text: '/review' }],
	...(['fix', 'explain', 'docs', 'tests', 'review', 'translate'] as const).flatMap(verb =>
		['json', 'stream-json', 'text'].map(
			format => [[verb, 'x', '-o', format], terminal, { kind: 'oneshot', text: askedAs(verb, ['x']) }] as const,
		),
	),
	[['review'], terminal, { kind: 'chat', text: '/review' }],
	[['fix it'], pipe, { kind: 'oneshot', text: 'fix it' }],
	[['fix it'], { stdin: true, stdout: false }, { kind: 'oneshot', text: 'fix it' }],
	[[], pipe, { kind: 'oneshot', text: undefined }],
	[['-'], { stdin: false, stdout: true }, { kind: 'oneshot', text: undefined }],
	[['-p', '-'], pipe, { kind: 'oneshot', text: undefined }],
	[['-p', 'fix it'], terminal, { kind: 'oneshot', text: 'fix it' }],
	[['fix it', '-p'], terminal, { kind: 'oneshot', text: 'fix it' }],
	[['--prompt', 'fix it'], terminal, { kind: 'oneshot', text: 'fix it' }],
	[['--prompt=fix it'], terminal, { kind: 'oneshot', text: 'fix it' }],
	[['-p', '--', '-v is what?'], terminal, { kind: 'oneshot', text: '-v is what?' }],
	[['-p', '- a list'], terminal, { kind: 'oneshot', text: '- a list' }],
	[['-p', '-5 + 3'], terminal, { kind: 'oneshot', text: '-5 + 3' }],
	[['-i', 'hello'], terminal, { kind: 'chat', text: 'hello' }],
	[['-p', 'models'], terminal, { kind: 'oneshot', text: 'models' }],
	[['--', 'models'], terminal, { kind: 'chat', text: 'models' }],
	[['models'], terminal, { kind: 'verb', verb: 'models', args: [] }],
	[['--offline', 'models', 'fetch', 'x'], pipe, { kind: 'verb', verb: 'models', args: ['fetch', 'x'] }],
	[['fim'], pipe, { kind: 'fim', place: undefined }],
	[['fim', '--file', 'a.js', '--line', '3'], pipe, { kind: 'fim', place: { file: 'a.js', line: 3, column: undefined } }],
	[['fim', '--file', 'a.js', '--line=3', '--column', '9'], terminal, { kind: 'fim', place: { file: 'a.js', line: 3, column: 9 } }],
	[['models are nice'], terminal, { kind: 'chat', text: 'models are nice' }],
	[['-h'], terminal, { kind: 'help' }],
	[['--version', '-p'], terminal, { kind: 'version' }],
	[['-o', 'json', 'why'], terminal, { kind: 'oneshot', text: 'why' }],
	[['--json-schema', '{}', 'why'], terminal, { kind: 'oneshot', text: 'why' }],
	[['@a.ts', 'why'], pipe, { kind: 'oneshot', text: 'why' }],
	[['-p', '@a.ts explain'], pipe, { kind: 'oneshot', text: '@a.ts explain' }],
	[['--debug', 'why does it fail'], pipe, { kind: 'oneshot', text: 'why does it fail' }],
];

for (const [words, at, run] of runs) {
	test(`runs ${run.kind}: qwill ${words.join(' ')}${at === terminal ? '' : ' (piped)'}`, () =>
		assert.deepEqual(parseOptions(words, at).run, run));
}

const means: readonly (readonly [words: readonly string[], part: Partial<Options>])[] = [
	[['-m', 'a.gguf'], { model: 'a.gguf' }],
	[['-s'], { sandbox: true }],
	[['--sandbox', '-p', 'x'], { sandbox: true }],
	[['--no-sandbox'], { sandbox: false }],
	[['--add-dir', '../lib', '--add-dir=/srv/a,b'], { doors: { folders: ['../lib', '/srv/a,b'], hosts: [] } }],
	[['--allow-host', 'a.org', '--allow-host=[::1]:80'], { doors: { folders: [], hosts: ['a.org', '[::1]:80'] } }],
	[['-p', 'x', '--output-schema', 'a.json'], { jsonSchema: 'a.json' }],
	[['--model=a=b'], { model: 'a=b' }],
	[['-m', 'a', '-m', 'a'], { model: 'a' }],
	[['--permission-mode', 'acceptEdits'], { approvalMode: 'auto-edit' }],
	[['--approval-mode', 'auto_edit'], { approvalMode: 'auto-edit' }],
	[['--dangerously-skip-permissions'], { approvalMode: 'yolo' }],
	[['-y', '--approval-mode', 'yolo'], { approvalMode: 'yolo' }],
	[['--allowed-tools', 'Bash(cut -d, -f1),Read', '--allowedTools=Edit'], { allowedTools: ['Bash(cut -d, -f1)', 'Read', 'Edit'] }],
	[['--exclude-tools', 'git'], { disallowedTools: ['git'] }],
	[['--core-tools', 'edit, git'], { tools: ['edit', 'git'] }],
	[['--tools', ''], { tools: [] }],
	[['--tools='], { tools: [] }],
	[['--max-session-turns', '4'], { limits: { turns: 4, calls: undefined, seconds: undefined } }],
	[['--max-wall-time', '5m'], { limits: { turns: undefined, calls: undefined, seconds: 300 } }],
	[['--max-wall-time', '30s'], { limits: { turns: undefined, calls: undefined, seconds: 30 } }],
	[['--max-wall-time=90'], { limits: { turns: undefined, calls: undefined, seconds: 90 } }],
	[['-c', '--fork'], { conversation: { kind: 'newest' }, fork: true }],
	[['-r'], { conversation: { kind: 'pick' } }],
	[['-r', '--verbose'], { conversation: { kind: 'pick' }, verbose: true }],
	[['--resume', 'my talk'], { conversation: { kind: 'named', name: 'my talk' } }],
	[['--no-session-persistence'], { ephemeral: true }],
	[
		['--set', 'a.b=c=d', '--settings', 'theme=light'],
		{
			settings: [
				{ key: 'a.b', value: 'c=d' },
				{ key: 'theme', value: 'light' },
			],
		},
	],
	[['@a.ts', '@b c', '-p', 'x'], { paths: ['a.ts'] }],
	[['--debug'], { debug: true }],
	[['--debug', './q.log'], { debug: './q.log' }],
	[['--debug=log'], { debug: 'log' }],
	[['--skip-trust', '--bare', '--no-colour', '--offline'], { trust: true, bare: true, color: false, offline: true }],
	[['sessions', '--json'], { json: true }],
];

for (const [words, part] of means) {
	test(`understands: qwill ${words.join(' ')}`, () => {
		const options: Record<string, unknown> = parseOptions(words, terminal);
		for (const [key, value] of Object.entries(part)) assert.deepEqual(options[key], value);
	});
}

test('every flag of the table is in --help, with its meaning, after the examples', () => {
	const page = help();
	assert.ok(page.indexOf('Examples') < page.indexOf('Verbs'));
	for (const flag of flags) {
		assert.ok(page.includes(`--${flag.name}`), flag.name);
		assert.ok(page.includes(flag.meaning), flag.name);
	}
});

test('every accepted spelling belongs to one flag only', () => {
	const names = flags.flatMap(flag => [flag.name, ...('also' in flag ? flag.also : [])]);
	assert.equal(new Set(names).size, names.length);
});

test('the format is known even when the rest of the command line is wrong', () => {
	assert.equal(formatOf(['--wrong', '-o', 'json', '-p', 'x']), 'json');
	assert.equal(formatOf(['--output-format=stream-json', '--max-turns', 'x']), 'stream-json');
	assert.equal(formatOf(['-o', 'yaml']), 'text');
	assert.equal(formatOf(['-p', '--', '-o', 'json']), 'text');
});

test('nearest names what was meant and stays silent when nothing is near', () => {
	assert.equal(nearest('thmee', ['theme', 'model']), 'theme');
	assert.equal(nearest('approval_mode', ['approvalMode']), 'approvalMode');
	assert.equal(nearest('zebra', ['theme', 'model']), undefined);
	assert.equal(nearest('', ['theme']), undefined);
});
