import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decode, difference, encode, lf, spliceRaw } from '../../src/workspace/text.js';
import { refusedWith } from './world.js';

const of = (raw: string) => decode(Buffer.from(raw), 'x');

test('line ends and BOM are told, and the text has neither', () => {
	assert.deepEqual(of('a\nb'), { raw: 'a\nb', text: 'a\nb', bom: false, eol: '\n' });
	assert.equal(of('a\r\nb\r\n').eol, '\r\n');
	assert.equal(of('a\r\nb\n').eol, 'mixed');
	assert.equal(of('').eol, '\n');
	assert.deepEqual(of('\ufeffa'), { raw: 'a', text: 'a', bom: true, eol: '\n' });
	assert.equal(of('old\rmac').text, 'old\rmac');
});

test('what is not UTF-8 text is refused and named', () => {
	const bytes = (...list: number[]) => Buffer.from(list);
	assert.throws(() => decode(bytes(0xff, 0xfe, 0x68, 0), 'u'), refusedWith(/u is UTF-16 text.*iconv/));
	assert.throws(() => decode(bytes(0xfe, 0xff, 0, 0x68), 'u'), refusedWith(/UTF-16/));
	assert.throws(() => decode(Buffer.from('h\0i\0'), 'u'), refusedWith(/u is binary, 4 bytes/));
	assert.throws(() => decode(bytes(0x63, 0x61, 0x66, 0xe9, 0x0a), 'l'), refusedWith(/l is not UTF-8 text \(perhaps Latin-1/));
	assert.throws(() => encode('a\ud800', false, 'x'), refusedWith(/half a character/));
	assert.throws(() => encode('a\0', false, 'x'), refusedWith(/NUL/));
});

test('an edit gets the line ends of its place', () => {
	assert.equal(spliceRaw(of('a\r\nb\r\n'), [{ start: 2, end: 3, text: 'x\ny' }]), 'a\r\nx\r\ny\r\n');
	assert.equal(spliceRaw(of('a\r\nb\nc\n'), [{ start: 0, end: 2, text: 'x\ny\n' }]), 'x\r\ny\r\nb\nc\n');
	assert.equal(spliceRaw(of('a\r\nb\nc\n'), [{ start: 4, end: 5, text: 'x\ny' }]), 'a\r\nb\nx\ny\n');
	assert.equal(spliceRaw(of('a\nb'), [{ start: 3, end: 3, text: '\r\nc' }]), 'a\nb\nc');
});

test('overlapping or impossible spans are a bug of the caller, not an edit', () => {
	assert.throws(
		() =>
			spliceRaw(of('abc'), [
				{ start: 0, end: 2, text: '' },
				{ start: 1, end: 3, text: '' },
			]),
		RangeError,
	);
	assert.throws(() => spliceRaw(of('abc'), [{ start: 2, end: 9, text: '' }]), RangeError);
	assert.throws(() => spliceRaw(of('abc'), [{ start: -1, end: 0, text: '' }]), RangeError);
});

const rawText = fc.array(fc.constantFrom('a', 'é', '😀', '\r\n', '\n', '\r', ' ', 'b\t'), { maxLength: 30 }).map(parts => parts.join(''));

test('every byte outside the spans stays equal, whatever the line ends', () => {
	fc.assert(
		fc.property(rawText, fc.nat(40), fc.nat(40), rawText, (raw, a, b, insert) => {
			const file = of(raw);
			const [start, end] = [Math.min(a, b, file.text.length), Math.min(Math.max(a, b), file.text.length)];
			const next = spliceRaw(file, [{ start, end, text: insert }]);
			const before = rawPrefix(raw, start);
			const after = raw.slice(rawPrefix(raw, end).length);
			assert.ok(next.startsWith(before) && next.endsWith(after));
			const inserted = next.slice(before.length, next.length - after.length);
			assert.ok(inserted === lf(insert) || inserted === lf(insert).replaceAll('\n', '\r\n'));
		}),
		{ numRuns: 500, seed: 7 },
	);
});

test('decoding and encoding again gives the same bytes', () => {
	fc.assert(
		fc.property(rawText, fc.boolean(), (raw, bom) => {
			const bytes = encode(raw, bom, 'x');
			const file = decode(bytes, 'x');
			assert.deepEqual(encode(file.raw, file.bom, 'x'), bytes);
		}),
		{ numRuns: 300, seed: 7 },
	);
});

test('the difference of two texts turns one into the other', () => {
	fc.assert(
		fc.property(rawText, rawText, (a, b) => {
			const { start, end, text } = difference(a, b);
			assert.equal(a.slice(0, start) + text + a.slice(end), b);
		}),
		{ numRuns: 500, seed: 7 },
	);
});

/** By another way than the code: the shortest beginning of `raw` whose text has `length` characters. */
function rawPrefix(raw: string, length: number): string {
	for (let at = 0; at <= raw.length; at++) {
		if (raw[at - 1] === '\r' && raw[at] === '\n') continue;
		if (lf(raw.slice(0, at)).length === length) return raw.slice(0, at);
	}
	throw new Error('out of range');
}
