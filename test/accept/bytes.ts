import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { counting, crashed } from './count.js';
import { digest, makeWorld, play, program, removeWorld, run, type Surface } from './play.js';

const utf16 = (text: string, swap: boolean): Buffer => {
	const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
	return swap ? bytes.swap16() : bytes;
};

/** Files as they are found. Each holds `old` once; where it is no text in UTF-8, the edit is refused. */
const files: Record<string, string | Buffer> = {
	plain: 'one\nold\nthree\n',
	'no last newline': 'one\nold',
	'one line': 'old\n',
	'nothing else': 'old',
	CRLF: 'one\r\nold\r\nthree\r\n',
	'CRLF without the last': 'one\r\nold',
	'mixed line ends': 'one\r\ntwo\nold\r\nfour\n',
	'CR alone': 'one\rtwo\rold\r',
	BOM: '\ufeffone\nold\n',
	'BOM and CRLF': '\ufeffone\r\nold\r\n',
	'BOM in the middle': 'one\ufeff\nold\n',
	'blanks at line ends': 'one  \n\told\t\n \n',
	'empty lines at the end': 'old\n\n\n\n',
	'form feed, tab, escape': 'one\f\told\x1b[0m\n',
	'line separators': 'one\u2028old\u2029three\u0085\n',
	'emoji and combining marks': 'e\u0301 👩‍👩‍👧 old न\u094d\u093fञ\n',
	'right to left': 'שלום old \u202eabc\u202c\n',
	'NFD and NFC': 'A\u030a \u00c5 old\n',
	'a huge line': `${'x'.repeat(300_000)} old ${'y'.repeat(300_000)}\n`,
	'many lines': `${'line\n'.repeat(50_000)}old\n`,
	'UTF-16, little end first': utf16('one\nold\n', false),
	'UTF-16, big end first': utf16('one\nold\n', true),
	'latin-1': Buffer.from('caf\xe9 old\n', 'latin1'),
	'a NUL': 'one\0old\n',
};
const modes = [0o644, 0o600, 0o755, 0o640, 0o444 | 0o200, 0o4755];

/** Files of every kind are edited, which changes the one word and nothing else, and taken back, to the byte and the mode. */
export async function bytes(): Promise<Surface> {
	const { surface, hostile, benign } = counting('bytes');
	for (const [at, [name, content]] of Object.entries(files).entries()) {
		const world = makeWorld();
		const path = join(world.ws, 'f.txt');
		const mode = modes[at % modes.length]!;
		const write = (text: string | Buffer): string => {
			writeFileSync(path, text);
			chmodSync(path, mode);
			return digest(world.ws);
		};
		const expected = typeof content === 'string' && !content.includes('\0') ? write(content.replace('old', 'new')) : undefined;
		const before = write(content);
		const { came, stderr } = await play(
			world,
			[
				{ tool: 'read_file', args: { file_path: 'f.txt' } },
				{ tool: 'edit', args: { file_path: 'f.txt', old_string: 'old', new_string: 'new' } },
			],
			{ flags: ['--approval-mode', 'auto-edit'] },
		);
		const edited = came.find(({ tool }) => tool === 'edit');
		const said = `${name}: ${edited?.text.slice(0, 200) ?? stderr}`;
		const after = digest(world.ws);
		const done = edited?.error === false;
		if (expected !== undefined) benign(said, done);
		const undone = done ? await run(world, [program, 'undo']) : undefined;
		hostile(
			said,
			after !== (done ? expected : before) && `another change: ${execFileSync('od', ['-c', path], { encoding: 'utf8' }).slice(0, 300)}`,
			undone && (crashed(undone) || (undone.code !== 0 && `undo ends with ${undone.code}`)),
			digest(world.ws) !== before && 'not taken back',
		);
		removeWorld(world);
	}
	return surface;
}
