import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as nextTick } from 'node:timers/promises';
import { denialLine } from '../../src/oneshot/progress.js';
import { type AgentEvent, Refusal } from '../../src/types.js';
import { play, recite, reply, twoTurns } from './scene.js';

test('text into a pipe: the last reply with one newline, and nothing else on stdout', async () => {
	const { code, stdout, stderr } = await play({});
	assert.equal(code, 0);
	assert.equal(stdout, 'No: it throws.\n');
	assert.equal(stderr, 'read sum.js\n');
});

test('text into a pipe passes every byte of the answer on', async () => {
	const { stdout } = await play({ script: recite([reply('a\u001b[31mb\u202e')], { reason: 'answered' }) });
	assert.equal(stdout, 'a\u001b[31mb\u202e\n');
});

test('text of a failed run: nothing on stdout, the sentence on stderr', async () => {
	const { code, stdout, stderr } = await play({ script: recite(twoTurns, { reason: 'turn-limit', limit: 2 }) });
	assert.equal(code, 53);
	assert.equal(stdout, '');
	assert.match(stderr, /Stopped after 2 turns/);
});

test('text on a terminal streams every reply, each with one newline', async () => {
	const { stdout } = await play({ terminal: true });
	assert.equal(stdout, 'I read it.\nNo: it throws.\n');
});

test('text on a terminal cannot act on it, also when a sequence is split', async () => {
	const pieces = ['a\u001b', '[2', 'Jb\u001b]0;title\u0007', 'c\u202ed\r', '\n'].map(text => ({ type: 'text' as const, text }));
	const { stdout } = await play({ terminal: true, script: recite([...pieces, reply('x')], { reason: 'answered' }) });
	assert.equal(stdout, 'abc<U+202E>d\n');
});

test('titles and notes on stderr cannot act on a terminal either', async () => {
	const call = { id: 'c', tool: 'edit', args: {} };
	const { stderr } = await play({
		script: recite([{ type: 'call', call, title: 'edit \u001b[2Ja\nb' }, { type: 'note', text: 'n\u001b[31m!' }, reply('ok')], {
			reason: 'answered',
		}),
	});
	assert.doesNotMatch(stderr, /\u001b/);
	assert.equal(stderr.split('\n').length, 3);
});

test('what commands print is on stderr only when asked for', async () => {
	assert.doesNotMatch((await play({})).stderr, /line/);
	assert.match((await play({ wanted: { verbose: true } })).stderr, /line/);
});

test('reading is reported in quarters, and short reading not at all', async () => {
	const read = (done: number, total: number) => ({ type: 'reading' as const, done, total, reused: 1000 });
	const steps = [1100, 2000, 2500, 3000, 3500, 4900, 5000].map(done => read(done, 5000));
	const { stderr } = await play({
		script: recite([{ type: 'turn', number: 1 }, ...steps, reply('ok'), { type: 'turn', number: 2 }, read(1200, 1300), reply('ok')], {
			reason: 'answered',
		}),
	});
	assert.equal(stderr, 'Reading: 2,000 of 5,000 tokens\nReading: 3,000 of 5,000 tokens\nReading: 4,900 of 5,000 tokens\n');
});

test('a denial names the flag that would allow it, when one would', () => {
	assert.equal(
		denialLine({ title: 'npm test', flag: '--allowed-tools "Bash(npm test)"' }),
		'Not allowed: npm test. With --allowed-tools "Bash(npm test)" it would be.',
	);
	assert.equal(denialLine({ title: 'rm\n-rf', flag: undefined }), 'Not allowed: rm<U+000A>-rf.');
});

test('piped text goes before the question, between marks', async () => {
	const { asked } = await play({ stdin: 'a {b} $& line\n' });
	assert.deepEqual(asked, [{ text: 'q', material: '--- input ---\na {b} $& line\n--- end of input ---' }]);
});

test('without a prompt, or with -, what is piped in is the prompt', async () => {
	const { asked, code } = await play({ stdin: 'what is this?\n', wanted: { text: undefined } });
	assert.equal(code, 0);
	assert.deepEqual(asked, [{ text: 'what is this?\n', material: '' }]);
});

test('a terminal is not read, an empty pipe is no material', async () => {
	assert.deepEqual((await play({})).asked, [{ text: 'q', material: '' }]);
	assert.deepEqual((await play({ stdin: '' })).asked, [{ text: 'q', material: '' }]);
});

test('a pipe that stays silent is left alone after a while, with a line', async () => {
	const { asked, code, stderr } = await play({ stdin: 'silent' });
	assert.equal(code, 0);
	assert.deepEqual(asked, [{ text: 'q', material: '' }]);
	assert.match(stderr, /Nothing came on standard input for 0\.02 s; going on without it/);
});

for (const [what, stdin, says] of [
	['NUL bytes', 'a\0b', /holds NUL bytes/],
	['invalid UTF-8', Buffer.from([0x61, 0xff, 0x62]), /not valid UTF-8/],
	['more than 10 MB', Buffer.alloc(10 * 1024 * 1024 + 1, 'a'), /More than 10 MB/],
] as const) {
	test(`${what} on standard input: 42, before anything is opened`, async () => {
		const open = () => Promise.reject(new Error('opened'));
		const { code, stderr } = await play({ stdin, open });
		assert.equal(code, 42);
		assert.match(stderr, says);
	});
}

test('exactly 10 MB are taken', async () => {
	const { code } = await play({ stdin: Buffer.alloc(10 * 1024 * 1024, 'a') });
	assert.equal(code, 0);
});

for (const [name, text, stdin] of [
	['an empty prompt', ' ', undefined],
	['an empty pipe as the prompt', undefined, ''],
	['a blank pipe as the prompt', undefined, '\n\n'],
] as const) {
	test(`${name}: 42`, async () => {
		const { code, stderr } = await play({ wanted: { text }, ...(stdin === undefined ? {} : { stdin }) });
		assert.equal(code, 42);
		assert.match(stderr, /The prompt is empty/);
	});
}

test('piped text over the context loses whole lines of its middle, and the person is told how many', async () => {
	const lines = Array.from({ length: 3000 }, (_, number) => `line ${number}`);
	const { asked, stderr } = await play({ stdin: `${lines.join('\n')}\n`, contextSize: 2000 });
	const material = asked[0]?.material ?? '';
	assert.ok(material.length / 4 <= 1000, `${material.length} characters`);
	const kept = material.split('\n').filter(line => line.startsWith('line '));
	assert.ok(kept.every(line => lines.includes(line)));
	assert.deepEqual([kept[0], kept.at(-1)], ['line 0', 'line 2999']);
	const left = Number(/\[\.\.\. (\d+) lines left out \.\.\.\]/.exec(material)?.[1]);
	assert.equal(kept.length + left, 3000);
	assert.match(stderr, new RegExp(`longer than the model can take: ${left} lines`));
	assert.ok(material.length > 3000, 'no more is cut than must be');
});

test('one endless line is cut too', async () => {
	const { asked } = await play({ stdin: 'x'.repeat(500_000), contextSize: 1000 });
	const length = asked[0]?.material.length ?? 0;
	assert.ok(length / 4 <= 500 && length > 1000, String(length));
});

test('a refusal while opening closes nothing and says its sentence once', async () => {
	const { code, stderr, closed } = await play({ open: () => Promise.reject(new Refusal('No conversation "x".', 42)) });
	assert.deepEqual([code, stderr, closed], [42, 'No conversation "x".\n', 0]);
});

test('a slow reader slows the run down instead of filling memory', async () => {
	let pulled = 0;
	const { promise: released, resolve: release } = Promise.withResolvers<void>();
	const slow = new Writable({ write: (_chunk, _encoding, done) => void released.then(() => done()) });
	const played = play({
		wanted: { output: 'stream-json' },
		stdout: slow,
		script: async function* () {
			for (; pulled < 100; pulled++) yield reply('x');
			return { reason: 'answered' };
		},
	});
	for (let tick = 0; tick < 50; tick++) await nextTick();
	assert.equal(pulled, 0, 'the first line has not left yet');
	release();
	assert.equal((await played).code, 0);
	assert.equal(pulled, 100);
});

test('what is wrong in an answer is said on stderr, behind it', async () => {
	const events: AgentEvent[] = [
		{ type: 'text', text: 'See a.js:40.' },
		reply('See a.js:40.'),
		{ type: 'claim', kind: 'path', text: 'a.js', ok: true },
		{ type: 'claim', kind: 'line', text: 'a.js:40', ok: false, truth: 'a.js has 12 lines' },
	];
	const { stdout, stderr } = await play({ script: recite(events, { reason: 'answered' }) });
	assert.equal(stdout, 'See a.js:40.\n');
	assert.equal(stderr, '`a.js:40`: a.js has 12 lines\n');
});
