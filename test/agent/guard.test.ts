import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGuard } from '../../src/agent/guard.js';

const call = (args: unknown, tool = 'read_file') => ({ id: 'x', tool, args });
const ok = (text: string) => ({ ok: true, text });
const limits = { calls: 100 };

test('the same call with the same result three times ends as stuck, and is mentioned after the second', () => {
	const guard = createGuard();
	assert.equal(guard.after(call({ a: 1, b: 2 }), ok('same'), limits), undefined);
	assert.equal(guard.nudge(), undefined);
	assert.equal(guard.after(call({ b: 2, a: 1 }), ok('same'), limits), undefined);
	assert.match(guard.nudge() ?? '', /read_file/);
	assert.equal(guard.nudge(), undefined, 'mentioned once');
	assert.equal(guard.after(call({ a: 1, b: 2 }), ok('same'), limits)?.reason, 'stuck');
});

test('the same call with another result is progress', () => {
	const guard = createGuard();
	for (let n = 0; n < 10; n++) assert.equal(guard.after(call({}), ok(`line ${n}`), limits), undefined);
});

test('alternating between two calls is a circle too', () => {
	const guard = createGuard();
	const endings = ['a', 'b', 'a', 'b', 'a', 'b'].map(path => guard.after(call({ path }), ok(path), limits));
	assert.equal(endings[4]?.reason, 'stuck');
});

test('the call limit ends the task at the call that reaches it', () => {
	const guard = createGuard();
	assert.equal(guard.after(call({ n: 1 }), ok('1'), { calls: 2 }), undefined);
	assert.deepEqual(guard.after(call({ n: 2 }), ok('2'), { calls: 2 }), { reason: 'call-limit', limit: 2 });
});

test('everything refused is told apart from something refused', () => {
	const guard = createGuard();
	assert.equal(guard.allRefused(), undefined, 'no call at all');
	guard.after(call({}, 'write_file'), { ok: false, text: 'no', refused: 'denied' }, limits);
	assert.equal(guard.allRefused(), 'write_file');
	guard.after(call({}), ok('x'), limits);
	assert.equal(guard.allRefused(), undefined);
});
