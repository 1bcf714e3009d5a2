import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Command } from '../../src/chat/commands/command.js';
import { sandboxSaid } from '../../src/chat/StatusLine.js';
import type { AgentEvent, Ending } from '../../src/types.js';
import { closedDoors } from '../../src/workspace/sandbox/doors.js';
import { answers, asksFirst, boxedIn, editQuestion, type Fake, fakeProgram, type Script, said, usage } from './fake-program.js';
import { openScreen, type TestScreen } from './screen.js';

const key = {
	enter: '\r',
	esc: '\x1b',
	down: '\x1b[B',
	up: '\x1b[A',
	tab: '\t',
	shiftTab: '\x1b[Z',
	ctrlC: '\x03',
	ctrlO: '\x0f',
	pageDown: '\x1b[6~',
	pageUp: '\x1b[5~',
};
let time = 1000;
const now = Object.assign(() => time, {
	forward(ms: number) {
		time += ms;
	},
});
/** A screen whose clock stands still until it is moved. */
const open = (t: TestContext, fake: Fake, options: Parameters<typeof openScreen>[1] = {}): TestScreen => {
	const screen = openScreen(fake, { now, ...options });
	t.after(() => screen.close());
	return screen;
};
const ask = async (screen: TestScreen, text: string) => {
	await screen.until(/>/);
	screen.type(text, key.enter);
};

test('the first frame is there before the model is, and says how far loading is', async t => {
	const hold = Promise.withResolvers<void>();
	const fake = fakeProgram({
		async *warm() {
			yield { type: 'loading', fraction: 0.421 };
			await hold.promise;
			return undefined;
		},
	});
	const screen = open(t, fake);
	assert.match(screen.text(), /qwill 0\.0\.1[\s\S]*fake-1b/);
	await screen.until(/loading the model, 42 %/);
	hold.resolve();
	await screen.until(/^(?![\s\S]*loading)/);
});

test('what is fetched before the first answer is said, and how far it is', async t => {
	const hold = Promise.withResolvers<void>();
	const fake = fakeProgram({
		async *warm() {
			yield { type: 'loading', fraction: 0.43, what: 'fetching Small 0.5B: 214 MB of 491 MB (43 %), 12.1 MB/s, 23 s left' };
			await hold.promise;
			yield { type: 'loading', fraction: 0.1 };
			return undefined;
		},
	});
	const screen = open(t, fake);
	await screen.until(/^fetching Small 0\.5B: 214 MB of 491 MB \(43 %\), 12\.1 MB\/s, 23 s left$/m);
	hold.resolve();
	await screen.until(/^(?![\s\S]*fetching)/);
});

test('the last frame, which stays, says of nothing that it goes on', async t => {
	const fake = fakeProgram({
		async *warm(signal) {
			yield { type: 'reading', done: 60, total: 100, reused: 0 };
			await new Promise(resolve => signal.addEventListener('abort', resolve));
			return { reason: 'interrupted' };
		},
	});
	const screen = open(t, fake);
	await screen.until(/reading 60\/100/);
	screen.type('/quit', key.enter);
	await screen.session.closed;
	await screen.until(/^(?![\s\S]*(reading|Esc stops))/);
});

test('what waits for trust is told before the first message', async t => {
	const screen = open(t, fakeProgram({ notices: ['This folder has instructions (AGENTS.md).'] }));
	await screen.until(/· This folder has instructions \(AGENTS\.md\)\./);
});

test('a command that the person wrote is offered, and sends its message', async t => {
	const fake = fakeProgram({
		ownCommands: [
			{ name: 'git:review', purpose: 'look at a change', message: args => `Review ${args} in @sum.js` },
			{ name: 'clear', purpose: 'never seen', message: () => 'never sent' },
		],
	});
	const screen = open(t, fake);
	await screen.until(/>/);
	screen.type('/git');
	await screen.until(/\/git:review +look at a change/);
	screen.type(':review all', key.enter);
	await screen.until(/> Review all in @sum\.js[\s\S]*Done/);
	assert.deepEqual(fake.asked, [{ text: 'Review all in @sum.js', material: '', files: ['sum.js'] }]);
	screen.type('/clear', key.enter);
	await screen.until(/>/);
	assert.equal(fake.asked.length, 1);
});

test('a person asks, watches and reads the answer', async t => {
	const fake = fakeProgram({ script: answers('# Title\n\nHello *there*.\n\n- one\n- two') });
	const screen = open(t, fake);
	await ask(screen, 'hi');
	const text = await screen.until(/Done\. 20 tokens, 20\.0 tokens\/s/);
	assert.match(text, /> hi\n\n# Title\n\nHello there\.\n\n- one\n- two\n\n— Done/);
	assert.match(text, /fake-1b · 120\/8,192 1 % · 20\.0 tokens\/s · default · main/);
	assert.deepEqual(fake.asked, [{ text: 'hi', material: '', files: [] }]);
});

test('reading shows how far it is and how long it will take', async t => {
	const hold = Promise.withResolvers<void>();
	const fake = fakeProgram({
		async *script({ text, material }) {
			yield { type: 'asked', text, material };
			yield { type: 'reading', done: 900, total: 3900, reused: 900 };
			now.forward(1000);
			yield { type: 'reading', done: 1240, total: 3900, reused: 900 };
			await hold.promise;
			yield { type: 'done', ending: { reason: 'answered' } };
			return { reason: 'answered' };
		},
	});
	const screen = open(t, fake);
	await ask(screen, 'hi');
	await screen.until(/reading 1,240\/3,900, 8 s left/);
	hold.resolve();
	await screen.until(/Done\./);
});

test('what is typed while a task runs waits, and is sent after it', async t => {
	const hold = Promise.withResolvers<void>();
	const fake = fakeProgram({
		async *script(task, signal, person) {
			if (task.text === 'first') await hold.promise;
			return yield* answers(`answer to ${task.text}`)(task, signal, person);
		},
	});
	const screen = open(t, fake);
	await ask(screen, 'first');
	await screen.until(/working/);
	screen.type('second', key.enter);
	await screen.until(/second/);
	assert.equal(fake.asked.length, 1);
	hold.resolve();
	await screen.until(/answer to first[\s\S]*answer to second[\s\S]*Done/);
});

test('Up on an empty draft takes back what was typed ahead', async t => {
	const hold = Promise.withResolvers<void>();
	const fake = fakeProgram({
		async *script(task, signal, person) {
			await hold.promise;
			return yield* answers('fine')(task, signal, person);
		},
	});
	const screen = open(t, fake);
	await ask(screen, 'first');
	await screen.until(/working/);
	screen.type('second', key.enter);
	await screen.until(/second/);
	screen.type(key.up);
	hold.resolve();
	await screen.until(/Done/);
	assert.equal(fake.asked.length, 1);
	assert.match(screen.text(), /second/);
});

test('Esc stops, and keeps what was written', async t => {
	const fake = fakeProgram({
		async *script({ text, material }, signal) {
			yield { type: 'asked', text, material };
			yield { type: 'text', text: 'half a sent' };
			await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
			yield { type: 'replied', message: said('half a sent', 'aborted'), usage };
			yield { type: 'done', ending: { reason: 'interrupted' } };
			return { reason: 'interrupted' };
		},
	});
	const screen = open(t, fake);
	await ask(screen, 'hi');
	await screen.until(/half a sent/);
	screen.type(key.esc);
	assert.match(await screen.until(/Stopped\./), /> hi\n\nhalf a sent\n\n— Stopped/);
});

test('Shift-Tab goes through the modes, and never to yolo', async t => {
	const screen = open(t, fakeProgram());
	await screen.until(/default/);
	for (const mode of ['auto-edit', 'plan', 'default']) {
		screen.type(key.shiftTab);
		await screen.until(new RegExp(`· ${mode} ·`));
	}
});

test('the lack of a sandbox is always said', async t => {
	const screen = open(t, fakeProgram({ sandbox: { on: false, wish: 'where it works', why: 'none' } }), { columns: 30 });
	await screen.until(/default · no sandbox/);
});

test('open doors are always said', async t => {
	const root = realpathSync(mkdtempSync('/var/tmp/qwill-doors-'));
	t.after(() => rmSync(root, { recursive: true }));
	for (const name of ['app', 'lib', 'data']) mkdirSync(join(root, name));
	const doors = closedDoors(join(root, 'app'));
	doors.openFolder('../lib');
	const screen = open(t, fakeProgram({ sandbox: boxedIn(doors) }), { columns: 30 });
	await screen.until(/default · door: \.\.\/lib/);
	screen.type(`/sandbox open ../data\r`);
	await screen.until(/\.\.\/data is open to commands[\s\S]*· 2 doors/);
	assert.equal(sandboxSaid(boxedIn(doors), 79), 'doors: ../lib, ../data');
	screen.type('/sandbox close\r');
	await screen.until(/No\s+door\s+is\s+open/);
	assert.doesNotMatch(screen.text().trim().split('\n').at(-1) ?? '', /door/);
});

test('a first message is sent without a key', async t => {
	const screen = open(t, fakeProgram({ firstMessage: { text: 'from the command line', material: '' } }));
	await screen.until(/> from the command line[\s\S]*Done/);
});

test('an old conversation is on the screen when it is opened again', async t => {
	const past: AgentEvent[] = [
		{ type: 'asked', text: 'old', material: '' },
		{ type: 'replied', message: said('old answer'), usage },
		{ type: 'done', ending: { reason: 'answered' } },
	];
	const screen = open(t, fakeProgram({ past }));
	assert.match(screen.text(), /> old\n\nold answer\n\n— Done/);
});

test('a command of the person runs without the model, and joins the next message', async t => {
	const fake = fakeProgram({ commandOutput: ['one\n', 'two\n'] });
	const screen = open(t, fake);
	await ask(screen, '!make all');
	await screen.until(/✔ \$ make all\n {2}one\n {2}two/);
	assert.equal(fake.asked.length, 0);
	await ask(screen, 'what does it mean?');
	await screen.until(/Done/);
	assert.match(fake.asked[0]?.material ?? '', /`make all`, exit code 0[\s\S]*one\ntwo\n/);
	assert.match(screen.text(), /with \d lines of material/);
});

test("a failure that is nobody's bug is a line, and the chat goes on", async t => {
	const { Refusal } = await import('../../src/types.js');
	const fake = fakeProgram({
		async *script(): AsyncGenerator<AgentEvent, Ending> {
			yield { type: 'note', text: 'begun' };
			throw new Refusal('The disk is full. Free some space.');
		},
	});
	const screen = open(t, fake);
	await ask(screen, 'hi');
	await screen.until(/· The disk is full\. Free some space\./);
	await ask(screen, 'again');
	await screen.until(/full[\s\S]*full/);
});

test('a bug ends the chat', async t => {
	const fake = fakeProgram({
		async *script(): AsyncGenerator<AgentEvent, Ending> {
			yield { type: 'note', text: 'begun' };
			throw new TypeError('x is not a function');
		},
	});
	const screen = open(t, fake);
	const closed = assert.rejects(screen.session.closed, /x is not a function/);
	await ask(screen, 'hi');
	await closed;
});

const question: [string, string[], string][] = [
	['y says yes', ['y'], 'yes'],
	['a says always', ['a'], 'always'],
	['n says no', ['n'], 'no'],
	['Esc says no', [key.esc], 'no'],
	['1 says yes', ['1'], 'yes'],
	['2 says always', ['2'], 'always'],
	['3 says no', ['3'], 'no'],
	['Enter takes what is chosen', [key.enter], 'yes'],
	['arrows choose', [key.down, key.down, key.enter], 'no'],
	['arrows go round', [key.up, key.up, key.enter], 'no'],
];
for (const [name, keys, kind] of question) {
	test(`a question: ${name}`, async t => {
		const fake = fakeProgram({ script: asksFirst() });
		const screen = open(t, fake);
		await ask(screen, 'fix');
		await screen.until(
			/Make this change\?[\s\S]*Edit sum\.js[\s\S]*2 - b\n2 \+ B[\s\S]*1 Yes \(y\)\n {2}2 Always: Edit\(sum\.js\) \(a\)\n {2}3 No/,
		);
		now.forward(300);
		screen.type(...keys);
		await screen.until(new RegExp(`answered \\{"kind":"${kind}"\\}`));
	});
}

test('a question: no with a reason, typed and pasted', async t => {
	const screen = open(t, fakeProgram({ script: asksFirst() }));
	await ask(screen, 'fix');
	await screen.until(/Make this change\?/);
	now.forward(300);
	screen.type(key.tab);
	await screen.until(/No, because:/);
	screen.type('y', 'x', '\x7f', ' use b', '\x1b[200~ and\nc\x1b[201~', key.enter);
	await screen.until(/answered \{"kind":"no","reason":"y use b and c"\}/);
});

test('a question: a key that comes too soon never answers it, nor does one typed on without a pause', async t => {
	const screen = open(t, fakeProgram({ script: asksFirst() }));
	await ask(screen, 'fix');
	await screen.until(/Make this change\?/);
	screen.type('y', key.enter, '1');
	now.forward(150);
	screen.type('y');
	now.forward(150);
	screen.type('y');
	assert.match(screen.text(), /Make this change\?/);
	now.forward(300);
	screen.type('n');
	await screen.until(/"no"/);
});

test('a question: words and pastes are no answers', async t => {
	const screen = open(t, fakeProgram({ script: asksFirst() }));
	await ask(screen, 'fix');
	await screen.until(/Make this change\?/);
	now.forward(300);
	screen.type('yes\r', '\x1b[200~y\x1b[201~', 'yy', 'q', '7');
	now.forward(300);
	assert.match(screen.text(), /Make this change\?/);
});

test('a question without a rule offers no "always"', async t => {
	const screen = open(t, fakeProgram({ script: asksFirst({ ...editQuestion, rule: undefined }) }));
	await ask(screen, 'fix');
	assert.doesNotMatch(await screen.until(/1 Yes/), /Always/);
	now.forward(300);
	screen.type('a', 'y');
	await screen.until(/"yes"/);
});

test('a question about a long command shows its end and its length, and pages reach the rest', async t => {
	const title = `$ ls${'\n'.repeat(200)}rm -rf ~`;
	const screen = open(t, fakeProgram({ script: asksFirst({ ...editQuestion, preview: undefined, risk: 'runs', title }) }), { rows: 24 });
	await ask(screen, 'go');
	const text = await screen.until(/Run this\?/);
	assert.match(text, /\$ ls[\s\S]*… 1\d\d more lines[\s\S]*rm -rf ~[\s\S]*1 Yes/);
	now.forward(300);
	screen.type(key.pageDown);
	await screen.until(/lines 1–\d+ of 201/);
	screen.type(key.pageUp);
	await screen.until(/more lines/);
	screen.type(key.ctrlO);
	await screen.until(/Asked about, in full:/);
});

test('a question that goes unanswered is stopped by Ctrl-C', async t => {
	const screen = open(t, fakeProgram({ script: asksFirst() }));
	await ask(screen, 'fix');
	await screen.until(/Make this change\?/);
	screen.type(key.ctrlC);
	await screen.until(/Stopped\./);
});

test('a draft survives a question', async t => {
	const hold = Promise.withResolvers<void>();
	const fake = fakeProgram({
		async *script(task, signal, person) {
			yield { type: 'note', text: 'begun' };
			await hold.promise;
			return yield* asksFirst()(task, signal, person);
		},
	});
	const screen = open(t, fake);
	await ask(screen, 'fix');
	await screen.until(/begun/);
	screen.type('half a dra');
	await screen.until(/> half a dra/);
	hold.resolve();
	await screen.until(/Make this change\?/);
	now.forward(300);
	screen.type('n');
	await screen.until(/not allowed/i);
	screen.type('ft');
	await screen.until(/> half a draft/);
});

test('a running command shows its last ten lines and how many came before; Ctrl-O shows more', async t => {
	const hold = Promise.withResolvers<void>();
	const lines = Array.from({ length: 30 }, (_, index) => `out ${index + 1}\n`);
	const script: Script = async function* ({ text, material }) {
		yield { type: 'asked', text, material };
		yield { type: 'call', call: { id: '1', tool: 'run_shell_command', args: {} }, title: '$ make' };
		for (const line of lines) yield { type: 'output', callId: '1', text: line };
		await hold.promise;
		yield {
			type: 'result',
			callId: '1',
			outcome: { ok: true, text: '', show: { kind: 'terminal', command: 'make', output: lines.join(''), exitCode: 0 } },
		};
		yield { type: 'done', ending: { reason: 'answered' } };
		return { reason: 'answered' };
	};
	const screen = open(t, fakeProgram({ script }), { rows: 40 });
	await ask(screen, 'go');
	assert.doesNotMatch(await screen.until(/◌ \$ make\n {2}… 20 lines before\n {2}out 21\n[\s\S]*out 30/), /out 20\n/);
	screen.type(key.ctrlO);
	await screen.until(/◌ \$ make\n {2}out 1\n/);
	hold.resolve();
	assert.match(await screen.until(/Done/), /✔ \$ make\n {2}out 1\n[\s\S]*… 21 more lines \(Ctrl-O/);
	screen.type(key.ctrlO);
	await screen.until(/\$ make\nout 1\nout 2\nout 3\nout 4\nout 5\n/);
});

const pickCommand = (chosen: (value: string | undefined) => void): Command => ({
	name: 'model',
	aliases: [],
	purpose: 'choose',
	async run(_args, host) {
		chosen(
			await host.pick('Which model?', [
				{ label: 'small', detail: '0.5B', value: 's' },
				{ label: 'middle', detail: '1.5B', value: 'm' },
				{ label: 'large', detail: '7B', value: 'l' },
			]),
		);
	},
});

test('a list is narrowed down by typing, and Enter takes what is left', async t => {
	let chosen: string | undefined = 'nothing yet';
	const screen = open(t, fakeProgram(), {
		commands: [
			pickCommand(value => {
				chosen = value;
			}),
		],
	});
	screen.session.submit({ kind: 'command', name: 'model', args: '' });
	await screen.until(/Which model\?[\s\S]*› small {3}0\.5B\n {2}middle/);
	now.forward(300);
	screen.type('7', 'b');
	await screen.until(/search: 7b\n› large[\s\S]*1 of 3/);
	screen.type(key.enter);
	await screen.until(/^(?![\s\S]*Which model)/);
	assert.equal(chosen, 'l');
});

test('Esc leaves a list without a choice', async t => {
	let chosen: string | undefined = 'nothing yet';
	const screen = open(t, fakeProgram(), {
		commands: [
			pickCommand(value => {
				chosen = value;
			}),
		],
	});
	screen.session.submit({ kind: 'command', name: 'model', args: '' });
	await screen.until(/Which model\?/);
	now.forward(300);
	screen.type(key.esc);
	await screen.until(/^(?![\s\S]*Which model)/);
	assert.equal(chosen, undefined);
});

test('a list: Enter or Esc that comes too soon neither takes nor leaves, nor does one typed on without a pause', async t => {
	let chosen: string | undefined = 'nothing yet';
	const screen = open(t, fakeProgram(), {
		commands: [
			pickCommand(value => {
				chosen = value;
			}),
		],
	});
	screen.session.submit({ kind: 'command', name: 'model', args: '' });
	await screen.until(/Which model\?/);
	screen.type(key.enter, '\x1b[27u'); // Esc as one sequence, so that nothing waits for what may follow it
	now.forward(150);
	screen.type('mid');
	now.forward(150);
	screen.type(key.enter);
	await screen.until(/search: mid\n/);
	assert.equal(chosen, 'nothing yet');
	now.forward(300);
	screen.type(key.enter);
	await screen.until(/^(?![\s\S]*Which model)/);
	assert.equal(chosen, 'm');
});

for (const [columns, rows] of [
	[20, 8],
	[40, 12],
	[80, 24],
	[500, 60],
] as const) {
	test(`what is redrawn is lower than a window of ${columns}×${rows}, whatever is in it`, async t => {
		const hold = Promise.withResolvers<void>();
		const fake = fakeProgram({
			async *script(task, signal, person) {
				yield { type: 'asked', ...task };
				yield { type: 'text', text: `\`\`\`js\n${'let a = 1; // a long line of code, far longer than the window is wide\n'.repeat(100)}` };
				await hold.promise;
				return yield* asksFirst({ ...editQuestion, preview: { kind: 'diff', path: 'a', before: null, after: 'line\n'.repeat(500) } })(
					task,
					signal,
					person,
				);
			},
		});
		const screen = open(t, fake, { columns, rows });
		const height = () => {
			const frame = screen.frames.at(-1) ?? '';
			return frame.slice(frame.lastIndexOf('> go') + 4).split('\n').length - 2;
		};
		await ask(screen, 'go');
		await screen.until(/writing/);
		assert.ok(height() < rows, `${height()} lines:\n${screen.text()}`);
		hold.resolve();
		await screen.until(/Make this change\?/);
		assert.match(screen.text(), /more lin/);
	});
}

test('a bug in drawing ends the session with that error, and Ink prints nothing about it', async () => {
	const screen = openScreen(
		fakeProgram({
			async *script() {
				yield { type: 'note', text: undefined as unknown as string };
				return { reason: 'answered' };
			},
		}),
	);
	const ended = assert.rejects(screen.session.closed, TypeError);
	screen.type('go', '\r');
	await ended;
	await new Promise(setImmediate);
	assert.doesNotMatch(screen.frames.join(''), /ERROR|\.tsx?:\d/);
	screen.close();
});

test('words that a command hands back stand in the draft, to be changed and sent', async t => {
	const fake = fakeProgram();
	const screen = open(t, fake, {
		commands: [{ name: 'rewind', aliases: [], purpose: 'go back', run: async (_args, host) => host.draft('fix the sum') }],
	});
	await screen.until(/ask, @file/);
	screen.type('\x1b[27u', '\x1b[27u');
	await screen.until(/> fix the sum/);
	screen.type('s', key.enter);
	await screen.until(/Done/);
	assert.deepEqual(
		fake.asked.map(task => task.text),
		['fix the sums'],
	);
});
