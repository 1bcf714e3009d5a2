import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { runPlainChat } from '../../src/chat/plain.js';
import { answers, asksFirst, type Fake, fakeProgram } from './fake-program.js';

/** A line chat over two streams, with a clock of its own. */
function talk(t: TestContext, fake: Fake) {
	const input = new PassThrough();
	const output = new PassThrough();
	let printed = '';
	let time = 0;
	output.on('data', chunk => {
		printed += chunk;
	});
	const ended = runPlainChat(fake.program, { input, output, columns: 60, now: () => time });
	t.after(() => input.end());
	return {
		ended,
		text: () => printed,
		say: (line: string) => input.write(`${line}\n`),
		wait: (ms: number) => {
			time += ms;
		},
		async until(what: RegExp) {
			while (!what.test(printed)) await new Promise(resolve => output.once('data', resolve));
		},
	};
}

test('a message is answered in lines without any control sequence', { timeout: 10_000 }, async t => {
	const chat = talk(t, fakeProgram({ script: answers('# Title\n\nHello.') }));
	chat.say('hi');
	await chat.until(/> hi\n\n# Title\n\nHello\.\n\n— Done\./);
	chat.say('/quit');
	assert.equal(await chat.ended, 0);
	assert.doesNotMatch(chat.text(), /\x1b/);
});

for (const [line, answer] of [
	['y', '{"kind":"yes"}'],
	['a', '{"kind":"always"}'],
	['n', '{"kind":"no"}'],
	['', '{"kind":"no"}'],
	['use another name', '{"kind":"no","reason":"use another name"}'],
]) {
	test(`a question in lines: "${line}"`, { timeout: 10_000 }, async t => {
		const chat = talk(t, fakeProgram({ script: asksFirst() }));
		chat.wait(1000);
		chat.say('fix');
		await chat.until(/Allow this\? Edit sum\.js\nsum\.js {2}\+1 −1[\s\S]*a \(always: Edit\(sum\.js\)\)/);
		chat.say('y');
		chat.wait(300);
		chat.say(line ?? '');
		await chat.until(/answered/);
		assert.ok(chat.text().includes(`answered ${answer}`), 'the line that came too soon is no answer');
	});
}

test('the conversation is closed with the chat', { timeout: 10_000 }, async t => {
	const fake = fakeProgram();
	const chat = talk(t, fake);
	await chat.until(/Type a message/);
	chat.say('/quit');
	assert.equal(await chat.ended, 0);
	assert.equal(fake.closed(), 1);
});
