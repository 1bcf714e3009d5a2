import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { display, displayStream, exact, exactLine } from '../src/sanitise.js';

const dirty = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
const hostile: [string, string][] = [
	['clear screen', '\x1b[2J\x1b[H'],
	['alternate screen', '\x1b[?1049h'],
	['mouse reports', '\x1b[?1003h'],
	['device attributes', '\x1b[c'],
	['clipboard, BEL', '\x1b]52;c;Y3VybCBldmlsfHNo\x07'],
	['clipboard, ST', '\x1b]52;c;Y3VybA==\x1b\\'],
	['clipboard, one-byte ST', '\x1b]104\x9c'],
	['unterminated OSC', '\x1b]52;c;AAAA'],
	['newline in OSC', '\x1b]0;a\nb\x07'],
	['OSC in OSC', '\x1b]0;\x1b]52;c;AAAA\x07\x07'],
	['tmux pass-through', '\x1bPtmux;\x1b\x1b]52;c;AAAA\x07\x1b\\'],
	['unterminated DCS', '\x1bPq'],
	['APC graphics', '\x1b_Ga=T,f=100;AAAA\x1b\\'],
	['PM', '\x1b^secret\x1b\\'],
	['charset', '\x1b(0lqk'],
	['two escapes', '\x1b\x1b[2J'],
	['C1 CSI', '\x9b2J'],
	['C1 OSC', '\x9d0;x\x9c'],
	['NEL', 'a\x85b'],
	['BEL inside CSI', '\x1b[2\x07J'],
	['newline inside CSI', '\x1b[2\nJ'],
	['bell', '\x07'],
	['shift out', '\x0etext\x0f'],
	['NUL', 'a\0b'],
	['backspace', 'rm\b\bls'],
	['delete', 'a\x7fb'],
	['SGR with colons', '\x1b[4:3m'],
];

for (const [name, text] of hostile) {
	test(`no control byte is left of: ${name}`, () => {
		assert.doesNotMatch(display(`a${text}b`), dirty);
		const shown = exact(`a${text}b`);
		assert.doesNotMatch(shown.text, dirty);
		assert.ok(shown.hidden > 0, 'exact counts it');
		for (const control of text.match(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g) ?? []) {
			assert.ok(shown.text.includes(`<U+${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`), 'exact writes it out');
		}
	});
}

test('text after a string that never ends is not swallowed', () => {
	assert.match(display('\x1b]52;c;AAAA and then rm -rf'), /and then rm -rf/);
	assert.match(exact('\x1b]0;x\x07rm -rf').text, /0;x<U\+0007>rm -rf/);
});

test('lines between a string that never ends and a later bell are not swallowed', () => {
	assert.equal(display('a\x1b]52;c;AAAA\nrm -rf\n\x07b'), 'a\u241b]52;c;AAAA\nrm -rf\n\u2407b');
});

test('what follows a whole sequence is not taken for a part of it', () => {
	for (const sequence of ['\x1b7', '\x1b#8', '\x1b(0', '\x1b F', '\x1bZ', '\x1b[2J', '\x9b2J', '\x1b[!p', '\x1b[>1u', '\x1b[4:3m', '\x1bc'])
		for (const next of ['=', 'Hello', '8', ';', '~'])
			assert.equal(display(`a${sequence}${next}`), `a${next}`, JSON.stringify([sequence, next]));
});

test('a sequence that ends with a digit is one where a piece ends behind it, too', () => {
	for (const sequence of ['\x1b(0', '\x1b7', '\x1b#8']) {
		const stream = displayStream();
		assert.equal(stream.push(`a${sequence}`) + stream.push('b') + stream.end(), 'ab', JSON.stringify(sequence));
	}
});

const invisibles: [string, string][] = [
	['zero-width space', 'rm\u200b -rf'],
	['tags', 'ls\u{e0072}\u{e006d}'],
	['variation selectors on a letter', 'a\ufe00\u{e0100}'],
	['blank letter', 'a\u3164b'],
	['line separators', 'a\u2028b'],
	['soft hyphen', 'a\u00adb'],
	['zero-width no-break space', '\ufeff#!/bin/sh'],
	['joiner between letters', 'a\u200db'],
	['non-joiner between letters', 'a\u200cb'],
	['direction mark', 'a\u200eb'],
	['override', 'a\u202eb'],
	['isolate', 'a\u2066b\u2069'],
	['invisible operator', 'a\u2062b'],
	['wide blanks', `main${'\u3000'.repeat(90)};x`],
	['blank Braille cell', 'a\u2800b'],
	['invisible identifier letter', 'x\u115f = 1'],
];
for (const [name, text] of invisibles) {
	test(`exact writes out and counts: ${name}`, () => {
		const shown = exact(text);
		assert.ok(shown.hidden > 0);
		assert.equal((shown.text.match(/<U\+[0-9A-F]{4,6}>/g) ?? []).length, shown.hidden);
		assert.doesNotMatch(shown.text, /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2028\u3000\u2800]/u);
	});
}

test('exact marks a letter of another script inside a Latin word', () => {
	assert.deepEqual(exact('\u0441url http'), { text: '<U+0441>url http', hidden: 1 });
	assert.equal(exact('npm i re\u0430ct').text, 'npm i re<U+0430>ct');
	assert.equal(exact('αβγ привет').hidden, 0);
});

const ordinary = [
	'❤\ufe0f ok',
	'👨\u200d👩\u200d👧',
	'🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
	'1\ufe0f\u20e3 🇩🇪 👍🏽',
	'می\u200cخواهم',
	'שלום עולם',
	'مرحبا بالعالم',
	'e\u0301 क्ष กำ',
	'क्\u200dष',
	'你好，世界。',
	'⠁⠃⠉',
	'└── src │ ▒░',
	'$ npm test\n✓ 12 passed · 3.2s',
	'αβγ привет',
	'C:\\x1b[31m as text',
	'<U+202E>',
	'a\tb',
	'\u0602123',
];
for (const text of ordinary) test(`display leaves alone: ${text}`, () => assert.equal(display(text), text));

test('emoji are no hidden characters', () => assert.equal(exact('❤\ufe0f 👨\u200d👩\u200d👧').hidden, 0));
test('Windows line ends are line ends', () => {
	assert.equal(display('line one\r\nline two\r\n'), 'line one\nline two\n');
	assert.deepEqual(exact('line one\r\nline two\r\n'), { text: 'line one\nline two\n', hidden: 0 });
});
test('a progress line keeps its last state', () => assert.equal(display('progress 10%\rprogress 90%\rdone   '), 'done   '));
test('colours of a command are taken away', () => assert.equal(display('\x1b[31mred\x1b[0m'), 'red'));
test('half surrogates become replacement characters', () => assert.equal(display('\udc00\ud800'), '\ufffd\ufffd'));
test('a pile of marks on one letter is counted, not drawn', () => {
	assert.match(display(`a${'\u0301'.repeat(60)}`), /^a\u0301{8}<\+52 marks>$/);
	assert.ok(exact(`a${'\u0301'.repeat(60)}`).hidden > 50);
});
test('a name is one line', () => assert.equal(exactLine('a\nb'), 'a<U+000A>b'));

test('cut anywhere, a sequence in a stream lets no control byte through and swallows nothing after it', () => {
	for (const [, text] of hostile) {
		const whole = `before ${text} after`;
		for (let at = 0; at <= whole.length; at++) {
			const stream = displayStream();
			const shown = stream.push(whole.slice(0, at)) + stream.push(whole.slice(at)) + stream.end();
			assert.doesNotMatch(shown, dirty);
			assert.match(shown, /after$/);
		}
	}
});
test('a stream of ordinary text in pieces is the text', () => {
	fc.assert(
		fc.property(fc.constantFrom(...ordinary, 'one\r\ntwo'), fc.nat(30), (text, at) => {
			const stream = displayStream();
			assert.equal(stream.push(text.slice(0, at)) + stream.push(text.slice(at)) + stream.end(), text.replace('\r\n', '\n'));
		}),
		{ seed: 1 },
	);
});
test('any bytes at all', () => {
	fc.assert(
		fc.property(
			fc.string({
				unit: fc.oneof(
					fc.constantFrom('\x1b', '[', ']', '\x9b', '\x07', '\r', '\n', '\u202e', '\u200d', ';', 'm'),
					fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
				),
			}),
			text => {
				assert.doesNotMatch(display(text), dirty);
				assert.doesNotMatch(exact(text).text, dirty);
			},
		),
		{ seed: 2, numRuns: 500 },
	);
});
