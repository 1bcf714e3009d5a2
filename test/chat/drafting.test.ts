import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Submission } from '../../src/chat/input/submission.js';
import { createSession } from '../../src/chat/session/session.js';
import { answers, fakeProgram } from './fake-program.js';

const message = (text: string): Submission => ({ kind: 'message', text, shown: text, files: ['a.ts'] });

function drafting() {
	mock.timers.enable({ apis: ['setTimeout'] });
	const fake = fakeProgram({ script: answers('Done.') });
	const session = createSession({ program: fake.program, commands: [], clear: () => {}, now: () => 0 });
	return { session, read: fake.read };
}

test('a draft is read when the typing pauses, and not while it goes on', () => {
	const { session, read } = drafting();
	for (const text of ['W', 'Wh', 'Why']) {
		session.drafted(() => message(text));
		mock.timers.tick(200);
	}
	assert.equal(read.length, 0);
	mock.timers.tick(200);
	assert.deepEqual(
		read.map(({ task }) => task),
		[{ text: 'Why', files: ['a.ts'], material: '' }],
	);
	mock.timers.reset();
});

test('the next key, and Enter, end what is being read', () => {
	const { session, read } = drafting();
	session.drafted(() => message('Why'));
	mock.timers.tick(400);
	session.drafted(() => message('Why n'));
	assert.equal(read[0]?.signal.aborted, true);
	mock.timers.tick(400);
	session.submit(message('Why n'));
	assert.equal(read[1]?.signal.aborted, true);
	mock.timers.tick(1000);
	assert.equal(read.length, 2);
	session.end(0);
	mock.timers.reset();
});

test('a command is not read, and nothing is while the model works', () => {
	const { session, read } = drafting();
	session.drafted(() => undefined);
	mock.timers.tick(400);
	session.submit(message('Hello'));
	session.drafted(() => message('And'));
	mock.timers.tick(400);
	assert.equal(read.length, 0);
	session.end(0);
	mock.timers.reset();
});

test('what was typed while the model was loaded, or while it worked, is read as soon as it rests', async () => {
	mock.timers.enable({ apis: ['setTimeout'] });
	const [loaded, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
	const fake = fakeProgram({
		// biome-ignore lint/correctness/useYield: it says nothing while it works
		async *script() {
			await answered.promise;
			return { reason: 'answered' };
		},
		// biome-ignore lint/correctness/useYield: it says nothing while it loads
		async *warm() {
			await loaded.promise;
			return undefined;
		},
	});
	const session = createSession({ program: fake.program, commands: [], clear: () => {}, now: () => 0 });
	const rest = () => new Promise(resolve => setImmediate(resolve));
	const read = () => fake.read.filter(({ signal }) => !signal.aborted).map(({ task }) => task.text);
	session.begin();
	session.drafted(() => message('While it loads'));
	loaded.resolve();
	await rest();
	mock.timers.tick(400);
	assert.deepEqual(read(), ['While it loads']);
	session.submit(message('While it loads'));
	session.drafted(() => message('While it works'));
	mock.timers.tick(400);
	assert.deepEqual(read(), []);
	answered.resolve();
	await rest();
	await rest();
	mock.timers.tick(400);
	assert.deepEqual(read(), ['While it works']);
	session.end(0);
	mock.timers.reset();
});
