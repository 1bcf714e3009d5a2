import { symlinkSync, truncateSync } from 'node:fs';
import { answered, ask, hostile, type Place, type Row, script } from './row.js';

const piped = (name: string, stdin: string | Uint8Array, says: string): Row => ({
	name: `piped: ${name}`,
	words: ask(),
	stdin,
	code: 42,
	says,
});
const prompt = (name: string, stdin: string | Uint8Array, says: string): Row => ({
	...piped(name, stdin, says),
	name: `the prompt is piped: ${name}`,
	words: ['-m', script],
});
const from = (name: string, shell: string, says: string): Row => ({ ...piped(name, '', says), shell });
const fine = (row: Row): Row => ({ ...row, code: 0, answers: answered });
const long = Buffer.alloc(50_000_000, 'a line of text\n');
const notUtf8 = 'What was piped in is not valid UTF-8. Convert it first, for example with iconv -t utf-8.';
const notText = 'What was piped in holds NUL bytes, so it is not text. Pipe text, or name the file in the question.';
const tooMuch = 'More than 10 MB were piped in. Pipe a part of it, or name the file in the question.';
const empty = 'The prompt is empty. Give one: qwill -p "your question", or pipe it in.';

export const stdinRows: readonly Row[] = [
	piped('a NUL', 'a\0b', notText),
	piped('bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0xfe]), notUtf8),
	piped('half a character', Buffer.from([0xe2, 0x82]), notUtf8),
	piped('UTF-16', Buffer.from('\ufeffhello', 'utf16le'), notText),
	piped('a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xd, 0xa, 0x1a, 0xa]), notUtf8),
	piped('50 MB', long, tooMuch),
	from('without end', 'exec "$@" </dev/zero', tooMuch),
	fine(piped('only blanks', ' \n\t\n', '')),
	fine(piped('what would act on a terminal', hostile, '')),
	fine(from('closed', 'exec "$@" <&-', '')),
	fine(from('for writing only, as nohup leaves it', 'exec "$@" 0>/dev/null', '')),
	fine(from('a folder', 'exec "$@" </', '')),
	prompt('nothing', '', empty),
	prompt('only blanks', ' \n\t\n', empty),
	prompt('a NUL', 'a\0b', notText),
	prompt('bytes that are no UTF-8', Buffer.from([0xff]), notUtf8),
	prompt('50 MB', long, tooMuch),
	{ ...from('closed', 'exec "$@" <&-', empty), name: 'the prompt is piped: closed', words: ['-m', script] },
	{
		...from(
			'',
			'exec "$@" 0>/dev/null',
			'Standard input cannot be read (EBADF: bad file descriptor, read). Give the question as words: qwill -p "your question"',
		),
		name: 'the prompt is piped: for writing only',
		words: ['-m', script],
	},
];

const next = 'Name another file, or leave it out.';
const at = (name: string, path: string, says: string, prepare?: (place: Place) => void): Row => ({
	name: `@${name}`,
	words: ask(`@${path}`),
	code: 42,
	says: `@${path}: ${says} ${next}`,
	...(prepare && { prepare }),
});
const outside = 'is outside the workspace; only files inside this folder can be used.';

export const pathRows: readonly Row[] = [
	at('missing', 'missing', 'missing does not exist.'),
	at('in another case', 'READme.md', 'READme.md does not exist. There is README.md in the same folder.', place =>
		place.file(place.at('work/README.md'), 'x'),
	),
	at('folder', 'd', 'd is a folder, not a file.', place => place.folder(place.at('work/d'))),
	at('outside', '../x.txt', `../x.txt ${outside}`, place => place.file(place.at('x.txt'), 'secret')),
	at('absolute', '/etc/passwd', `/etc/passwd ${outside}`),
	at('home', '~/x', `~/x ${outside}`),
	at('address', 'https://example.org/x', `https://example.org/x ${outside}`),
	at('link to outside', 'l', 'l is a link that leads outside the workspace; only files inside this folder can be used.', place =>
		symlinkSync('/etc/passwd', place.at('work/l')),
	),
	at(
		'below a link to outside',
		'l/passwd',
		'l/passwd is a link that leads outside the workspace; only files inside this folder can be used.',
		place => symlinkSync('/etc', place.at('work/l')),
	),
	at('link to itself', 'l', 'l goes through too many links (more than 40).', place => symlinkSync('l', place.at('work/l'))),
	at('below a file', 'a/b', 'a is not a folder, so a/b cannot exist.', place => place.file(place.at('work/a'), 'x')),
	at('pipe', 'p', 'p is not a regular file but a pipe; it is not opened.', place => place.tool('mkfifo', 'p')),
	at('binary', 'b', 'b is binary, 4 bytes; qwill reads text only.', place => place.file(place.at('work/b'), Buffer.from([0, 1, 2, 255]))),
	at('Latin-1', 'b', 'b is not UTF-8 text (perhaps Latin-1, or binary), 4 bytes; qwill edits UTF-8 only.', place =>
		place.file(place.at('work/b'), Buffer.from('caf\xe9', 'latin1')),
	),
	at('3 GB', 'b', 'b is too big to read as a whole: it has 3,000,000,000 bytes, and the limit is 10,000,000.', place => {
		place.file(place.at('work/b'), '');
		truncateSync(place.at('work/b'), 3e9);
	}),
	{
		...at('name that would act on a terminal', hostile, ''),
		says: `@<U+001B>]0;owned<U+0007><U+001B>[31mred<U+009B>2J: <U+001B>]0;owned<U+0007><U+001B>[31mred<U+009B>2J does not exist. ${next}`,
	},
	{ ...at('name that runs backwards', 'a\u202eb', ''), says: `@a<U+202E>b: a<U+202E>b does not exist. ${next}` },
	{
		...at('unreadable', 'b', 'Permission denied while opening b.', place => {
			place.file(place.at('work/b'), 'x');
			place.tool('chmod', '000', 'b');
		}),
		plain: true,
	},
];
