import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { talkCalls } from './chat.js';
import { type Made, makeWorld, removeWorld, type Surface } from './play.js';

/** Characters that are not seen, or look like others, by class; each is tried between two letters. */
const classes: Record<string, string> = {
	'zero width space': '\u200b',
	'non-joiner': '\u200c',
	joiner: '\u200d',
	'word joiner': '\u2060',
	'byte order mark': '\ufeff',
	'soft hyphen': '\u00ad',
	'direction override': '\u202e',
	'direction isolate': '\u2066\u2069',
	'direction mark': '\u200f\u061c',
	tag: '\u{e0041}\u{e007f}',
	'variation selector': '\ufe01\u{e0101}',
	'letter filler': '\u115f\u3164\uffa0',
	'blank pattern': '\u2800',
	'vowel separator': '\u180e',
	'invisible operator': '\u2062\u2064',
	'annotation anchor': '\ufff9\ufffb',
	'musical control': '\u{1d173}',
	'line separator': '\u2028\u2029',
	'wide blank': '\u00a0\u2003\u3000',
	'grapheme joiner': '\u034f',
	'inherent vowel': '\u17b4',
	'deprecated format': '\u206a\u206f',
	'control of the first set': '\x08\x1b',
	'control of the second set': '\x9b\x85',
	'look-alike of another script': '\u0430\u03bf',
	'half a pair': '\ud800',
};
/** Text that must be shown as it is. */
const ordinary = ['größe', '日本語の名前', 'café', 'e\u0301te\u0301', '👩‍👩‍👧 👍🏽', 'привет мир'];

const hostile = Object.values(classes);
/** A character stands in a word, which it may make another one; a word by itself. */
const lines = [...hostile.map(text => `a${text}b`), ...ordinary].map((text, at) => `begin${at} ${text} end${at}`);
const asComment = lines.map(line => `# ${line}`).join('\n');

/** Where they stand: what is seen of them is approved by a person. */
const calls: Record<string, Made[]> = {
	'a command': [{ tool: 'run_shell_command', args: { command: `touch x\n${asComment}` } }],
	'a new file': [{ tool: 'write_file', args: { file_path: 'new.txt', content: `${lines.join('\n')}\n` } }],
	'an edit': [
		{ tool: 'read_file', args: { file_path: 'there.txt' } },
		{ tool: 'edit', args: { file_path: 'there.txt', old_string: 'HERE', new_string: lines.join('\n') } },
	],
	'a name': lines.map(line => ({ tool: 'write_file', args: { file_path: line, content: 'x\n' } })),
};

/** Hidden characters in what a person is asked about: each is written out, and none reaches the terminal; other text stays as it is. */
export async function hidden(): Promise<Surface> {
	const surface: Surface = { name: 'hidden characters', hostile: 0, broken: [], benign: 0, needless: [] };
	for (const [where, made] of Object.entries(calls)) {
		const world = makeWorld();
		writeFileSync(join(world.ws, 'there.txt'), 'HERE\n');
		const screens: string[] = [];
		const { text: left, raw } = await talkCalls(world, made, {
			answer({ terminal }) {
				screens.push(terminal.screen());
				return 'n';
			},
		});
		// Of a name that no file can have the refusal tells.
		const text = [...screens, left].join('\n');
		for (const [at, [name, characters]] of Object.entries(classes).entries()) {
			const shown = between(text, at);
			const marks = [...characters].map(marked);
			surface.hostile++;
			if (shown === undefined || marks.some(mark => !shown.includes(mark)))
				surface.broken.push(`${name} in ${where}: ${shown === undefined ? 'not shown' : JSON.stringify(shown)}`);
			else if ([...characters].some(character => sent(raw, at).includes(character)))
				surface.broken.push(`${name} in ${where}: it reached the terminal`);
		}
		for (const [i, word] of ordinary.entries()) {
			const shown = between(text, hostile.length + i);
			surface.benign++;
			if (shown?.includes('<U+') !== false) surface.needless.push(`${word} in ${where}: ${JSON.stringify(shown)}`);
		}
		removeWorld(world);
	}
	return surface;
}

/** Half a pair is no character, and has a sign for itself. */
const marked = (character: string): string =>
	character.isWellFormed() ? `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>` : '\ufffd';
const between = (text: string, at: number): string | undefined => new RegExp(`begin${at} ([^]*?) end${at}(?!\\d)`).exec(text)?.[1];
/** All that was written between the marks of a case, wherever it was drawn. */
const sent = (raw: string, at: number): string =>
	[...raw.matchAll(new RegExp(`begin${at} ([^\\n]*?) end${at}(?!\\d)`, 'g'))]
		.map(([, found]) => found)
		.join('')
		.replace(/\x1b\[[0-9;]*m/g, '');
