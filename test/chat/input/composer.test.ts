import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, describe, it } from 'node:test';
import xterm from '@xterm/headless';
import { Box, type Instance, type RenderOptions, render, Text } from 'ink';
import { createElement, memo } from 'react';
import { Composer, type ComposerProps, type Submission } from '../../../src/chat/input/Composer.js';
import type { Program } from '../../../src/chat/program.js';
import { setColours } from '../../../src/chat/text/colour.js';
import { fakeProgram } from '../fake-program.js';

/** Drawn again only when its own props change, as in the app. */
const Held = memo(Composer);

const open: Instance[] = [];
afterEach(() => {
	for (const app of open.splice(0)) app.unmount();
});

type Options = Partial<ComposerProps> & { files?: string[]; history?: string[]; above?: number };

/** The composer in a terminal that is really emulated: keys go in as bytes, the screen is what a person would see. */
async function compose({ files = [], history = [], above = 0, ...given }: Options = {}) {
	setColours(0);
	const { columns = 60, rows = 20 } = given;
	const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
	const drawn = new EventEmitter().setMaxListeners(0);
	const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin, ref() {}, unref() {} });
	const stdout = Object.assign(new EventEmitter(), {
		isTTY: true,
		columns,
		rows,
		write(text: string, done?: unknown) {
			terminal.write(text.replaceAll('\n', '\r\n'), () => drawn.emit('drawn'));
			if (typeof done === 'function') done();
			return true;
		},
	});
	const sent: Submission[] = [];
	const heard: string[] = [];
	const remembered: string[] = [];
	const hear = (name: string) => () => void heard.push(name);
	const program: Program = { ...fakeProgram().program, history: async () => history, remember: async text => void remembered.push(text) };
	Object.assign(program.conversation.workspace.files, {
		list: async () => ({ paths: files, more: false }),
		peek: async (path: string) => ({ path, text: 'x'.repeat(350), eol: '\n', bom: false, bytes: 350 }),
	});
	const props: ComposerProps = {
		program,
		busy: false,
		active: true,
		mode: 'default',
		queued: [],
		returned: undefined,
		columns,
		rows,
		onSubmit: submission => void sent.push(submission),
		onDraft: () => {},
		onTakeBackQueue: () => 'from the queue',
		onStop: hear('stop'),
		onQuit: hear('quit'),
		onCycleMode: hear('mode'),
		onToggleDetail: hear('detail'),
		onRedraw: hear('redraw'),
		onNote: text => void heard.push(text),
		onRewind: hear('rewind'),
		...given,
	};
	const tree = (over: Partial<ComposerProps> = {}, lines = above) =>
		createElement(
			Box,
			{ flexDirection: 'column' },
			...Array.from({ length: lines }, (_, line) => createElement(Text, { key: line }, `line ${line}`)),
			createElement(Box, { key: 'below', flexDirection: 'column' }, createElement(Held, { ...props, ...over })),
		);
	const app = render(tree(), { stdin, stdout, exitOnCtrlC: false, patchConsole: false, interactive: true } as unknown as RenderOptions);
	open.push(app);
	await app.waitUntilRenderFlush();

	const text = () =>
		Array.from({ length: rows }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '')
			.join('\n')
			.trimEnd();
	const until = async (what: RegExp | ((screen: string) => boolean)): Promise<string> => {
		const signal = AbortSignal.timeout(5000);
		for (;;) {
			const screen = text();
			if (typeof what === 'function' ? what(screen) : what.test(screen)) return screen;
			try {
				await once(drawn, 'drawn', { signal });
			} catch {
				throw new assert.AssertionError({ message: `${String(what)} did not come. The screen:\n${text()}` });
			}
		}
	};
	return {
		sent,
		heard,
		remembered,
		until,
		text,
		type: (bytes: string) => void stdin.write(bytes),
		/** Types, and lets the program read it before the next, as a terminal does between two keys. */
		key: async (bytes: string) => {
			stdin.write(bytes);
			await new Promise(resolve => setImmediate(resolve));
		},
		/** Settles when everything written so far has been taken in. */
		taken: async () => {
			while (stdin.readableLength > 0) await new Promise(resolve => setImmediate(resolve));
			await app.waitUntilRenderFlush();
		},
		redraw: (over: Partial<ComposerProps>, lines?: number) => app.rerender(tree(over, lines)),
		cursor: () => ({ x: terminal.buffer.active.cursorX, y: terminal.buffer.active.cursorY }),
	};
}

describe('composer', () => {
	it('shows what is typed and sends it on Enter', async () => {
		const chat = await compose();
		chat.type('fix the sum');
		await chat.until(/> fix the sum/);
		chat.type('\r');
		await chat.until(/> ask/);
		assert.deepEqual(chat.sent, [{ kind: 'message', text: 'fix the sum', shown: 'fix the sum', files: [] }]);
		assert.deepEqual(chat.remembered, ['fix the sum']);
	});

	it('loses no key when hundreds come in one instant', async () => {
		const chat = await compose();
		const words = Array.from({ length: 200 }, (_, index) => `w${index} `);
		for (const word of words) await chat.key(word);
		await chat.key('\r');
		await chat.key('second\r');
		await chat.taken();
		assert.deepEqual(
			chat.sent.map(each => each.kind === 'message' && each.text),
			[words.join('').trim(), 'second'],
		);
	});

	it('a paste of 300 lines is one label, and is sent whole', async () => {
		const chat = await compose();
		const long = Array.from({ length: 300 }, (_, line) => `line ${line}`).join('\n');
		chat.type('explain ');
		chat.type(`\x1b[200~${long.replaceAll('\n', '\r')}\x1b[201~`);
		await chat.until(/explain \[Pasted text #1 \+300 lines\]/);
		assert.equal(chat.sent.length, 0);
		chat.type('\r');
		await chat.taken();
		assert.deepEqual(chat.sent, [{ kind: 'message', text: `explain ${long}`, shown: 'explain [Pasted text #1 +300 lines]', files: [] }]);
	});

	it('Up brings the messages of earlier days', async () => {
		const chat = await compose({ history: ['first', 'second'] });
		chat.type('\x1b[A');
		await chat.until(/> second/);
		chat.type('\x1b[A');
		await chat.until(/> first/);
	});

	it('@ offers files with what they cost, Tab takes one', async () => {
		const chat = await compose({ files: ['src/loop.ts', 'src/sum.ts', 'README.md'] });
		chat.type('see @sum');
		await chat.until(/› src\/sum\.ts +about 100 tokens/);
		chat.type('\t');
		await chat.until(screen => /> see @src\/sum\.ts/.test(screen) && !screen.includes('›'));
	});

	it('/ offers commands, and an unknown one is not sent', async () => {
		const chat = await compose();
		chat.type('/und');
		await chat.until(/› \/undo/);
		chat.type('\x15/undoo\r');
		await chat.taken();
		assert.deepEqual(chat.sent, []);
		assert.match(chat.heard.join(), /no command \/undoo\. Did you mean \/undo\?/);
	});

	it("the terminal's cursor stands behind wide characters, emoji and joined marks", async () => {
		const chat = await compose();
		chat.type('漢字e\u0301👍');
		await chat.until(/漢字/);
		await chat.taken();
		await chat.until(() => chat.cursor().x === 2 + 4 + 1 + 2);
		chat.type('\x1b[D\x1b[D');
		await chat.until(() => chat.cursor().x === 2 + 4);
	});

	it('the cursor follows when the lines above grow', async () => {
		const chat = await compose({ above: 2 });
		chat.type('ab');
		await chat.until(() => chat.cursor().x === 4 && chat.cursor().y === 2);
		chat.redraw({}, 5);
		await chat.until(() => chat.cursor().x === 4 && chat.cursor().y === 5);
	});

	it('a long draft scrolls inside half of the window', async () => {
		const chat = await compose({ rows: 12 });
		for (let line = 0; line < 30; line++) await chat.key(`row ${line}\n`);
		chat.type('end');
		const screen = await chat.until(/end/);
		assert.ok(screen.split('\n').length <= 6, screen);
		assert.match(screen, /↑ row/);
	});

	it('works in 20 columns', async () => {
		const chat = await compose({ columns: 20 });
		chat.type('a sentence that is longer than the window');
		const screen = await chat.until(/window/);
		for (const line of screen.split('\n')) assert.ok(line.length <= 20, line);
	});

	it('while a question is shown, keys change nothing', async () => {
		const chat = await compose({ active: false });
		chat.type('yes\r\x03');
		chat.type('\x1b[200~pasted\x1b[201~');
		await chat.taken();
		chat.redraw({ active: true });
		chat.type('x');
		await chat.until(/> x/);
		assert.deepEqual([chat.sent, chat.heard], [[], []]);
	});

	it('while a task runs, Ctrl-C and Esc stop it and Enter still hands the message over', async () => {
		const chat = await compose({ busy: true, queued: ['earlier'] });
		await chat.until(/\+ earlier/);
		chat.type('next\r');
		chat.type('\x03');
		await chat.taken();
		assert.equal(chat.sent.length, 1);
		assert.deepEqual(chat.heard, ['stop']);
		chat.type('\x1b[A');
		await chat.until(/> from the queue/);
	});

	it('Ctrl-C twice quits, and says so in between', async () => {
		const chat = await compose();
		chat.type('\x03');
		await chat.until(/Ctrl-C again quits/);
		chat.type('\x03');
		await chat.taken();
		assert.deepEqual(chat.heard, ['quit']);
	});

	it('? shows the keys', async () => {
		const chat = await compose({ rows: 50 });
		chat.type('?');
		await chat.until(/Ctrl-R +search the history/);
	});

	it('an invisible character in a paste is written out', async () => {
		const chat = await compose();
		chat.type('\x1b[200~a\u202eb\x1b[201~');
		await chat.until(/a<U\+202E>b/);
	});
});
