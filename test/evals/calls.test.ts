import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fits } from './calls.js';
import { exactCalls } from './suites/bfcl.js';

const wanted = [{ weather: { city: ['New York, NY', 'NYC'], days: [3], unit: ['C', ''] } }];
const call = (args: object, name = 'weather') => [{ name, arguments: args }];

test('a call fits when its name, and each argument, is one that is possible', () => {
	assert.equal(fits(call({ city: 'nyc', days: 3 }), wanted), true);
	assert.equal(fits(call({ city: 'New York NY', days: 3, unit: 'c' }), wanted), true);
	assert.equal(fits(call({ city: 'Boston', days: 3 }), wanted), false);
	assert.equal(fits(call({ city: 'NYC', days: '3' }), wanted), false);
	assert.equal(fits(call({ city: 'NYC' }), wanted), false);
	assert.equal(fits(call({ city: 'NYC', days: 3, more: 1 }), wanted), false);
	assert.equal(fits(call({ city: 'NYC', days: 3 }, 'other'), wanted), false);
	assert.equal(fits([...call({ city: 'NYC', days: 3 }), ...call({})], wanted), false);
});

test('lists and objects are compared part by part, and no call fits where none is wanted', () => {
	const deep = [{ set: { values: [[1, 'Two']], at: [{ x: [1], y: ['', 2] }] } }];
	assert.equal(fits(call({ values: [1, 'two'], at: { x: 1 } }, 'set'), deep), true);
	assert.equal(fits(call({ values: [1], at: { x: 1 } }, 'set'), deep), false);
	assert.equal(fits(call({ values: [1, 'two'], at: { x: 2 } }, 'set'), deep), false);
	assert.equal(fits([], []), true);
	assert.equal(fits(call({}), []), false);
});

test('the plain arm reads calls in the exact form only', () => {
	const json = '{"name": "weather", "arguments": {"city": "NYC"}}';
	assert.deepEqual(exactCalls(`Well.\n<tool_call>\n${json}\n</tool_call>`), call({ city: 'NYC' }));
	assert.deepEqual(exactCalls(`\`\`\`json\n${json}\n\`\`\``), []);
	assert.deepEqual(exactCalls('<tool_call>{"name": </tool_call>'), []);
});
