import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { introLines } from '../../src/chat/Past.js';
import { createGauges } from '../../src/chat/session/gauges.js';
import { colourLevel } from '../../src/chat/text/colour.js';
import { clip, width } from '../../src/chat/text/width.js';
import { hang, lineWidth, run, textOf, wrap, wrapExactly } from '../../src/chat/text/wrap.js';

const shown = (text: string, columns: number) => wrap([run(text)], columns).map(textOf);

test('text breaks at spaces, and inside a word only where it must', () => {
	assert.deepEqual(shown('one two three', 8), ['one two', 'three']);
	assert.deepEqual(shown('one exceptionally', 8), ['one', 'exceptio', 'nally']);
	assert.deepEqual(shown('one\n\ntwo', 8), ['one', '', 'two']);
	assert.deepEqual(shown('', 8), ['']);
	assert.deepEqual(shown('a b', 1), ['a', 'b']);
});

test('exact text keeps every space', () => {
	assert.deepEqual(wrapExactly([run('a  b  c')], 3).map(textOf), ['a  ', 'b  ', 'c']);
	assert.deepEqual(wrapExactly([run('\tx')], 20).map(textOf), ['    x']);
});

test('wide characters, emoji and marks count as a terminal draws them', () => {
	assert.equal(width('漢字'), 4);
	assert.equal(width('👨\u200d👩\u200d👧'), 2);
	assert.equal(width('e\u0301'), 1);
	assert.equal(width('\u0602123') > 0, true);
	assert.deepEqual(shown('漢字漢字', 5), ['漢字', '漢字']);
	assert.equal(clip('漢字漢字', 5), '漢字…');
});

test('no line is wider than asked, and no word is lost', () => {
	const words = fc.array(fc.constantFrom('a', 'word', 'longerword', '漢字', '👩‍💻', 'é', '\n', '  '), { maxLength: 30 });
	fc.assert(
		fc.property(words, fc.integer({ min: 2, max: 30 }), (parts, columns) => {
			const text = parts.join(' ');
			const lines = wrap([run(text, { bold: true })], columns);
			for (const line of lines) assert.ok(lineWidth(line) <= columns);
			assert.equal(lines.map(textOf).join('').replace(/\s/g, ''), text.replace(/\s/g, ''));
			const exactly = wrapExactly([run(text)], columns).map(textOf);
			assert.equal(exactly.join(''), text.replace(/\n/g, ''));
		}),
		{ seed: 5 },
	);
});

test('the lines after the first hang below it', () => {
	assert.deepEqual(hang(run('- '), wrap([run('one two')], 4)).map(textOf), ['- one', '  two']);
});

const levels: [string, Record<string, string>, boolean, number][] = [
	['NO_COLOR', { NO_COLOR: '1', COLORTERM: 'truecolor' }, true, 0],
	['an empty NO_COLOR means nothing', { NO_COLOR: '', TERM: 'xterm-256color' }, true, 2],
	['FORCE_COLOR for a pipe', { FORCE_COLOR: '1' }, false, 1],
	['FORCE_COLOR=0', { FORCE_COLOR: '0', TERM: 'xterm' }, true, 0],
	['a pipe', { TERM: 'xterm-256color' }, false, 0],
	['a dumb terminal', { TERM: 'dumb' }, true, 0],
	['many colours', { TERM: 'xterm-256color', COLORTERM: 'truecolor' }, true, 3],
	['an ordinary terminal', { TERM: 'xterm' }, true, 1],
];
for (const [name, env, isTerminal, level] of levels) test(`colours: ${name}`, () => assert.equal(colourLevel(env, isTerminal), level));

test('the time left follows from what was read in this reading, not from what was reused', () => {
	let at = 0;
	const gauges = createGauges(() => at);
	gauges.see({ type: 'reading', done: 3000, total: 5000, reused: 3000 });
	assert.equal(gauges.secondsLeft(), undefined, 'one reading is no rate');
	at = 2000;
	gauges.see({ type: 'reading', done: 3200, total: 5000, reused: 3000 });
	assert.equal(gauges.secondsLeft(), 18);
	for (let done = 3300; done <= 5000; done += 100) {
		at += 500;
		gauges.see({ type: 'reading', done, total: 5000, reused: 3000 });
	}
	assert.equal(gauges.secondsLeft(), 0);
	gauges.see({ type: 'reading', done: 10, total: 900, reused: 0 });
	assert.equal(gauges.secondsLeft(), undefined, 'another reading begins anew');
});

test('the pace is that of this reply alone', () => {
	let at = 0;
	const gauges = createGauges(() => at);
	for (let piece = 0; piece < 21; piece++) {
		gauges.see({ type: 'text', text: 'x' });
		at += 50;
	}
	assert.equal(gauges.pace(), 20);
	gauges.see({ type: 'turn', number: 2 });
	assert.equal(gauges.pace(), undefined);
});

test('a folder whose name would act on a terminal is shown at the head of the chat, and does not act', () => {
	const [line] = introLines({ version: '1', model: 'm\x9b2J', folder: '/w/\x1b]0;owned\x07' });
	assert.equal(textOf(line ?? []), 'qwill 1 · m<U+009B>2J · /w/<U+001B>]0;owned<U+0007>');
});
