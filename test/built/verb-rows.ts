import { ask, hostile, type Place, type Row, typed } from './row.js';

const row = (words: readonly string[], says: string | RegExp, code = 42): Row => ({
	name: typed(words),
	words,
	code,
	says,
});
const meant = (words: readonly string[], verb: string): Row =>
	row(words, `"${words[0]}" is no verb; did you mean: qwill ${verb}? As a question it is: qwill -p "${words.join(' ')}"`);
const tooMany = (...words: string[]): Row =>
	row(words, `"${words.at(-1)}" is one word too many for: qwill ${words.slice(0, -1).join(' ')}`);
const nearest = (id: string) =>
	new RegExp(`^There is no model "${id}"\\. The nearest is \\S+; \`qwill models list\` shows all[^\\n]*\\.\\n$`);
const needsId = (verb: string) => row(['models', verb], `qwill models ${verb} needs the id of a model; \`qwill models list\` shows them.`);
const starter = 'qwen2.5-coder-0.5b';
const config = 'HERE/config/qwill/config.json';
const json = '--json goes with the verbs models, sessions and blame; for an answer it is -o json.';

const use = (name: string, says: string, prepare: (place: Place) => void): Row => ({
	...row(['models', 'use', starter], says, 52),
	name: `qwill models use: ${name}`,
	prepare,
});
const pull: Partial<Row> = { env: { QWILL_OFFLINE: '0', HF_ENDPOINT: 'ftp://example.org', PATH: '/nowhere' }, code: 41 };
const unkept = (why: string) =>
	`Qwen2.5-Coder 0.5B cannot be kept in HERE/cache/qwill/models (${why}). Mend that, or let XDG_CACHE_HOME name another folder.`;

export const verbRows: readonly Row[] = [
	meant(['modles'], 'models'),
	meant(['modles', 'list'], 'models'),
	meant(['undoo'], 'undo'),
	meant(['help'], '--help'),
	row(['--undo'], '--undo is not a flag; did you mean the verb: qwill undo?'),
	row(
		['models', 'lst'],
		/^There is no "qwill models lst"\.\nqwill models \[list\] [\s\S]+\nqwill models pull ID [\s\S]+\nqwill models rm ID .*\n$/,
	),
	needsId('pull'),
	needsId('use'),
	needsId('rm'),
	row(['models', 'pull', 'nope'], nearest('nope'), 41),
	row(['models', 'pull', '../../x'], nearest('\\.\\./\\.\\./x'), 41),
	row(['models', 'pull', hostile], nearest('<U\\+001B>\\]0;owned<U\\+0007><U\\+001B>\\[31mred<U\\+009B>2J'), 41),
	row(['models', 'use', 'x'.repeat(3000)], nearest(`${'x'.repeat(80)}…`), 41),
	row(
		['models', 'use', './no.gguf'],
		'no.gguf is not usable: there is no file HERE/work/no.gguf; `qwill models list` shows what there is.',
		41,
	),
	row(['models', 'path', 'nope'], nearest('nope'), 41),
	row(['models', 'path'], 'Qwen2.5-Coder 0.5B is not on this machine; `qwill models pull qwen2.5-coder-0.5b` fetches it.', 41),
	row(['models', 'rm', '/etc/passwd'], nearest('/etc/passwd'), 41),
	row(
		['models', 'pull', starter],
		'Qwen2.5-Coder 0.5B is not on this machine, and --offline (or QWILL_OFFLINE) forbids fetching it. Run `qwill models pull qwen2.5-coder-0.5b` when online.',
		41,
	),
	{
		...row(['models', 'pull', starter], unkept('ENOTDIR')),
		...pull,
		name: 'qwill models pull: a file where the cache should be',
		prepare: place => place.file(place.at('cache/qwill'), 'x'),
	},
	{
		...row(['models', 'pull', starter], unkept('EACCES')),
		...pull,
		name: 'qwill models pull: a read-only cache',
		plain: true,
		prepare: place => place.tool('chmod', '555', place.at('cache')),
	},
	{
		...row(['models', 'rm', starter], '', 41),
		name: 'qwill models rm: a read-only cache',
		says: /^HERE\/cache\/qwill\/models\/qwen2\.5-coder-0\.5b\S*\.gguf cannot be deleted \(EACCES\)\. Mend that, or delete it by hand\.\n$/,
		plain: true,
		prepare(place) {
			place.file(place.at('cache/qwill/models/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf'), 'x');
			place.tool('chmod', '555', place.at('cache/qwill/models'));
		},
	},
	use('a folder where the settings should be', `${config} is not a file. Move it away.`, place =>
		place.folder(place.at('config/qwill/config.json')),
	),
	use('a pipe where the settings should be', `${config} is not a file. Move it away.`, place => {
		place.folder(place.at('config/qwill'));
		place.tool('mkfifo', place.at('config/qwill/config.json'));
	}),
	use('settings in Latin-1', `${config} is not UTF-8 text. Save it as UTF-8, for example with iconv -t utf-8.`, place =>
		place.file(place.at('config/qwill/config.json'), Buffer.from('{"testCommand": "caf\xe9"}', 'latin1')),
	),
	use('broken settings', `${config} cannot be read as JSON. Put "model": "${starter}" into it by hand, or mend it first.`, place =>
		place.file(place.at('config/qwill/config.json'), '{"a'),
	),
	{
		...use(
			'read-only settings',
			`The default is kept in ${config}, which cannot be used (permission denied). Mend that, or give --model each time.`,
			place => place.tool('chmod', '555', place.at('config')),
		),
		plain: true,
	},
	row(['models', 'pull', 'a', 'b'], '"b" is one word too many for: qwill models pull'),
	tooMany('models', 'list', 'extra'),
	tooMany('undo', '3'),
	tooMany('redo', 'x'),
	tooMany('doctor', 'x'),
	tooMany('sessions', 'list', 'extra'),
	tooMany('sessions', 'export', 'a', 'b'),
	row(['config', 'theme'], 'A setting is set as KEY=VALUE, such as theme=light.'),
	row(['config', 'theme=pink'], 'theme=pink: "theme" must be one of auto, dark, light.'),
	row(['config', 'theem=dark'], 'theem: there is no setting "theem"; did you mean "theme"?'),
	row(['config', 'permissions.allow=Bash'], `Rules are kept in ${config}; "Always" in a question makes one, /permissions lists them.`),
	tooMany('config', 'theme=dark', 'x'),
	{
		...row(['config', 'theme=dark'], '', 0),
		prepare: place => place.file(place.at('config/qwill/config.json'), '{\n\t// mine\n\t"theme": "light",\n\t"seed": 3\n}\n'),
		shell: '"$@" && cat "$XDG_CONFIG_HOME/qwill/config.json"',
		answers: /^theme is dark from the next start on\. It is kept in HERE\S+\n\{\n\t\/\/ mine\n\t"theme": "dark",\n\t"seed": 3\n\}\n$/,
	},
	{
		name: 'qwill config schema',
		words: ['config', 'schema'],
		code: 0,
		says: '',
		answers: /^\{\n\t"\$schema": [\s\S]*"theme": [\s\S]*\}\n$/,
	},
	row(['cache', 'nope'], 'There is no "qwill cache nope". There are: show, clear.'),
	tooMany('cache', 'clear', 'x'),
	{
		...row(['cache'], '', 0),
		answers: /^0 saved readings, 0\.0 MB, in HERE\/cache\/qwill\/states\n$/,
		name: 'qwill cache: a file where the cache should be',
		prepare: place => place.file(place.at('cache/qwill'), 'x'),
	},
	row(['blame'], 'qwill blame needs a file: qwill blame FILE'),
	tooMany('blame', 'a', 'b'),
	{ ...row(['blame', 'gone.js'], /^[^\n]*gone\.js[^\n]*\n$/), prepare: place => place.git('init', '-q') },
	{
		...row(['blame', 'a.js'], 'This folder is in no git repository (git init makes one).'),
		prepare: place => place.file(place.at('work/a.js'), 'x\n'),
	},
	{
		...row(['blame', 'a.js'], 'a.js is not tracked by git, so no commit says who wrote it; git add tracks it.'),
		name: 'qwill blame: a file that git does not track',
		prepare(place) {
			place.git('init', '-q');
			place.file(place.at('work/a.js'), 'x\n');
		},
	},
	{
		...row(['blame', 'a.js'], /^The note on [0-9a-f]{8} is not one of qwill's, or broken; it is passed over\.\n$/, 0),
		name: 'qwill blame: a line that would act on a terminal, and a broken note',
		prepare(place) {
			place.git('init', '-q');
			place.file(place.at('work/a.js'), `${hostile}\n`);
			place.git('add', 'a.js');
			place.git('commit', '-q', '-m', 'x');
			place.git('notes', '--ref=qwill', 'add', '-m', hostile);
			place.file(place.at('work/a.js'), `${hostile}\nnew\n`);
		},
		answers:
			/^[0-9a-f]{8} {5}A {2}- {2}- {2}1 {2}<U\+001B>\]0;owned<U\+0007><U\+001B>\[31mred<U\+009B>2J\nuncommitted {2}- {2}- {2}- {2}2 {2}new\n$/,
	},
	row(['replay'], 'qwill replay needs the id of a conversation; qwill sessions lists them.'),
	tooMany('replay', 'a', 'b'),
	row(['replay', 'nope'], 'No conversation "nope": this folder has none yet. Start one with: qwill'),
	row(['undo', '--json'], json),
	row(['models', 'rm', '--json', starter], '--json goes with: qwill models list'),
	row(
		['models', '-o', 'json'],
		'--output-format goes with a question (qwill -p "…") and with fix, explain, docs, tests, review, translate; models, sessions and blame take --json.',
	),
	row(['sessions', 'lst'], 'There is no "qwill sessions lst". There are: list, export ID, rm ID.'),
	row(['sessions', 'rm'], 'qwill sessions rm needs the id of a conversation; qwill sessions lists them.'),
	row(['sessions', 'rm', '../../x'], 'No conversation "../../x": this folder has none yet. Start one with: qwill'),
	row(['sessions', 'export', 'nope'], 'No conversation "nope": this folder has none yet. Start one with: qwill'),
	row(['sessions'], 'There is no conversation in this folder yet. Start one with: qwill', 0),
	row(['commit', '-m', 'nope', 'a message'], 'This folder is in no git repository (git init makes one).', 1),
	{ ...row(['doctor', '-m', './no.gguf'], '', 41), answers: /✗ Model {5}no\.gguf is not usable: there is no file HERE\/work\/no\.gguf/ },
	{
		...row(['config'], `${config}, line 1: not valid JSON: expected a key in double quotes, found the end of the file.`, 52),
		prepare: place => place.file(place.at('config/qwill/config.json'), '{'),
	},
	{ ...row(ask('--', 'models'), '', 0), answers: /^Hello\.\n$/ },
];
