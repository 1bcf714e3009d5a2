import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { type RenderOptions, render, Text, useInput, usePaste } from 'ink';
import { createElement } from 'react';
import { type Action, actionsOf } from '../../../src/chat/input/keys.js';

/** Hands on what Ink makes of the keys. */
function Probe({ heard }: { heard(...actions: Action[]): void }) {
	useInput((input, key) => heard(...actionsOf(input, key)));
	usePaste(text => heard({ type: 'paste', text }));
	return createElement(Text, null, '');
}

/** What the bytes come to, through Ink's own parser. */
async function actions(...chunks: string[]): Promise<Action[]> {
	const all: Action[] = [];
	const first = Promise.withResolvers<void>();
	const heard = (...more: Action[]) => {
		all.push(...more);
		first.resolve();
	};
	const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin, ref() {}, unref() {} });
	const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
	const options = { stdin, stdout, exitOnCtrlC: false, patchConsole: false, interactive: true } as unknown as RenderOptions;
	const app = render(createElement(Probe, { heard }), options);
	await app.waitUntilRenderFlush();
	for (const chunk of chunks) {
		stdin.write(chunk);
		await new Promise(resolve => setImmediate(resolve));
	}
	// Ink waits a little for the rest of an escape sequence before it hands a lone Esc on.
	if (chunks.at(-1)?.endsWith('\x1b')) await first.promise;
	app.unmount();
	return all;
}

const plain = (type: string) => [{ type }];
const moves = (motion: string) => [{ type: 'move', motion }];
const kills = (motion: string) => [{ type: 'kill', motion }];
const table: readonly [keys: string, bytes: string, expected: unknown][] = [
	['Enter', '\r', plain('enter')],
	['Ctrl-J', '\n', plain('newline')],
	['Alt-Enter', '\x1b\r', plain('newline')],
	['Shift-Enter (kitty)', '\x1b[13;2u', plain('newline')],
	['Ctrl-Enter (kitty)', '\x1b[13;5u', plain('newline')],
	['Alt-Enter (kitty)', '\x1b[13;3u', plain('newline')],
	['Ctrl-J (kitty)', '\x1b[106;5u', plain('newline')],
	['Enter (kitty)', '\x1b[13u', plain('enter')],
	["a terminal's answer about its keyboard", '\x1b[?0u', []],
	['Esc', '\x1b', plain('escape')],
	['Esc Esc', '\x1b\x1b', [...plain('escape'), ...plain('escape')]],
	['Esc (kitty)', '\x1b[27u', plain('escape')],
	['Ctrl-C', '\x03', plain('interrupt')],
	['Ctrl-C (kitty)', '\x1b[99;5u', plain('interrupt')],
	['Ctrl-D', '\x04', plain('end-of-input')],
	['Tab', '\t', plain('tab')],
	['Shift-Tab', '\x1b[Z', plain('cycle-mode')],
	['Shift-Tab (kitty)', '\x1b[9;2u', plain('cycle-mode')],
	['Up', '\x1b[A', plain('up')],
	['Down (application mode)', '\x1bOB', plain('down')],
	['Ctrl-P', '\x10', plain('up')],
	['Ctrl-N', '\x0e', plain('down')],
	['Ctrl-R', '\x12', plain('search')],
	['Ctrl-O', '\x0f', plain('detail')],
	['Ctrl-G', '\x07', plain('editor')],
	['Ctrl-X', '\x18', plain('chord')],
	['Ctrl-L', '\x0c', plain('redraw')],
	['Ctrl-A', '\x01', moves('line-start')],
	['Ctrl-E', '\x05', moves('line-end')],
	['Home', '\x1b[H', moves('line-start')],
	['End', '\x1b[F', moves('line-end')],
	['Ctrl-B', '\x02', moves('left')],
	['Ctrl-F', '\x06', moves('right')],
	['Alt-B', '\x1bb', moves('word-left')],
	['Alt-F', '\x1bf', moves('word-right')],
	['Ctrl-Left', '\x1b[1;5D', moves('word-left')],
	['Alt-Right', '\x1b[1;3C', moves('word-right')],
	['Ctrl-K', '\x0b', kills('line-end')],
	['Ctrl-U', '\x15', kills('line-start')],
	['Ctrl-W', '\x17', kills('space-word-left')],
	['Alt-D', '\x1bd', kills('word-right')],
	['Alt-Backspace', '\x1b\x7f', kills('word-left')],
	['Ctrl-Y', '\x19', plain('yank')],
	['Alt-Y', '\x1by', plain('yank-pop')],
	['Ctrl-_', '\x1f', plain('undo')],
	['Ctrl-S', '\x13', plain('stash')],
	['Ctrl-Z', '\x1a', plain('suspend')],
	['Backspace', '\x7f', [{ type: 'delete', motion: 'left' }]],
	['Delete', '\x1b[3~', [{ type: 'delete', motion: 'right' }]],
	['a letter', 'a', [{ type: 'insert', text: 'a' }]],
	['a capital', 'A', [{ type: 'insert', text: 'A' }]],
	['a Chinese word from an input method', '你好', [{ type: 'insert', text: '你好' }]],
	['an emoji', '👩‍👩‍👧', [{ type: 'insert', text: '👩‍👩‍👧' }]],
	['a key without a meaning (F5)', '\x1b[15~', []],
	['a key that was let go (kitty)', '\x1b[97;1:3u', []],
];

describe('keys', () => {
	for (const [keys, bytes, expected] of table) it(`${keys} is understood`, async () => assert.deepEqual(await actions(bytes), expected));

	it('text and Enter in one chunk are text and Enter', async () => {
		assert.deepEqual(await actions('fix it\r'), [{ type: 'insert', text: 'fix it' }, { type: 'enter' }]);
	});

	it('control keys in a chunk with text keep their place', async () => {
		assert.deepEqual(await actions('ab\x01c\x05d\x7fe'), [
			{ type: 'insert', text: 'ab' },
			{ type: 'move', motion: 'line-start' },
			{ type: 'insert', text: 'c' },
			{ type: 'move', motion: 'line-end' },
			{ type: 'insert', text: 'd' },
			{ type: 'delete', motion: 'left' },
			{ type: 'insert', text: 'e' },
		]);
	});

	it('arrows in a chunk with text keep their place', async () => {
		assert.deepEqual(await actions('a\x1b[Db\r'), [
			{ type: 'insert', text: 'a' },
			{ type: 'move', motion: 'left' },
			{ type: 'insert', text: 'b' },
			{ type: 'enter' },
		]);
	});

	it('several lines without bracketed paste are a paste: they do not send', async () => {
		assert.deepEqual(await actions('one\rtwo\rthree\r'), [{ type: 'paste', text: 'one\rtwo\rthree\r' }]);
	});

	it('a bracketed paste is one paste, in however many chunks it comes', async () => {
		assert.deepEqual(await actions('\x1b[200~one\r\ntwo', ' more\r\x1b[20', '1~x'), [
			{ type: 'paste', text: 'one\r\ntwo more\r' },
			{ type: 'insert', text: 'x' },
		]);
	});

	it('Tab at the end of a chunk is the key, within text it is a tab', async () => {
		assert.deepEqual(await actions('/he\t'), [{ type: 'insert', text: '/he' }, { type: 'tab' }]);
		assert.deepEqual(await actions('if\tx'), [
			{ type: 'insert', text: 'if' },
			{ type: 'insert', text: '\t' },
			{ type: 'insert', text: 'x' },
		]);
	});
});
