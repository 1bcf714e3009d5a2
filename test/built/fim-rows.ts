import { hostile, type Row, script, typed } from './row.js';

const form = '{"prefix": "before the hole", "suffix": "behind it"}';

/** In a folder with a file `a.js` of two lines, the first `f(1)`. */
const row = (words: readonly string[], says: string | RegExp, more: Partial<Row> = {}): Row => ({
	name: typed(['fim', ...words]),
	words: ['fim', ...words, '-m', script],
	code: 42,
	says,
	prepare: place => place.file(place.at('work/a.js'), 'f(1)\n'),
	...more,
});
const piped = (stdin: string | Uint8Array, says: string | RegExp): Row =>
	row([], says, { stdin, name: `qwill fim < ${String(stdin).slice(0, 40)}` });
const at = (line: string, column?: string) => ['--file', 'a.js', '--line', line, ...(column === undefined ? [] : ['--column', column])];

export const fimRows: readonly Row[] = [
	row(at('3'), 'a.js has 2 lines; --line is 1 to 2.'),
	row(at('0'), '--line is a whole number from 1 to 4294967295, not "0".'),
	row(at('1', '6'), 'Line 1 of a.js has 4 UTF-16 units; --column is 1 to 5.'),
	row(at('2', '2'), 'Line 2 of a.js has 0 UTF-16 units; --column is 1 to 1.'),
	row(at('1', 'x'), '--column is a whole number from 1 to 4294967295, not "x".'),
	row(['--file', 'a.js'], '--file needs --line N, the line with the hole.'),
	row(['--line', '1'], `--line and --column need --file FILE; qwill fim without them reads {"prefix", "suffix"} from standard input.`),
	row(['a.js', ...at('1')], '"a.js" is one word too many for: qwill fim; a file goes as --file FILE.'),
	row(['--file', 'b.js', '--line', '1'], '--file: there is no file b.js.'),
	row(['--file', hostile, '--line', '1'], '--file: there is no file <U+001B>]0;owned<U+0007><U+001B>[31mred<U+009B>2J.'),
	row(['--file', '.', '--line', '1'], 'work is a folder, not a file.'),
	row(['--file', 'pipe', '--line', '1'], 'pipe is not a regular file but a pipe; it is not opened.', {
		prepare: place => place.tool('mkfifo', 'pipe'),
	}),
	row(at('1'), 'a.js is binary, 3 bytes; qwill reads text only.', {
		name: 'qwill fim: a binary file',
		prepare: place => place.file(place.at('work/a.js'), new Uint8Array([1, 0, 2])),
	}),
	piped('', `Where is the hole? Say --file FILE --line N, or pipe in ${form}.`),
	piped('f(', /^Standard input is not \{"prefix": .*\}: .*JSON.*\n$/),
	piped('{"prefix": 1, "suffix": ""}', `Standard input is not ${form}: "prefix" and "suffix" must both be texts.`),
	piped(new Uint8Array([0x7b, 0xff]), 'What was piped in is not valid UTF-8. Convert it first, for example with iconv -t utf-8.'),
	row(at('1'), /^There is no scripted conversation at /, { words: ['fim', ...at('1'), '-m', 'replies:none.md'], code: 41 }),
];
