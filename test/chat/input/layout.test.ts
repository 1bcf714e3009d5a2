import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { typed } from '../../../src/chat/input/cells.js';
import { cursorAt, placeOf, rowsOf, visibleRows } from '../../../src/chat/input/layout.js';
import { width } from '../../../src/chat/text/width.js';

const texts = (text: string, columns: number) => rowsOf(typed(text), columns).map(row => row.text);
const source = fc
	.array(fc.constantFrom('a', 'word', ' ', '\n', '漢', '👩‍👩‍👧', 'e\u0301', '\t', '\u202e', '\x07', '\u0301'), { maxLength: 40 })
	.map(parts => parts.join(''));

describe('layout', () => {
	it('breaks between words, and a long word where the row ends', () => {
		assert.deepEqual(texts('fix the broken sum', 10), ['fix the ', 'broken sum']);
		assert.deepEqual(texts('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
	});

	it('counts Chinese and emoji as two columns and marks as none', () => {
		assert.deepEqual(texts('漢字漢字', 5), ['漢字', '漢字']);
		assert.deepEqual(texts('e\u0301e\u0301e\u0301', 3), ['e\u0301e\u0301e\u0301']);
	});

	it('no row is wider than the room, no cell is lost, and every row begins where it should', () => {
		fc.assert(
			fc.property(source, fc.integer({ min: 8, max: 30 }), (text, columns) => {
				const cells = typed(text);
				const rows = rowsOf(cells, columns);
				for (const row of rows) assert.ok(width(row.text) <= columns, JSON.stringify(row));
				let next = 0;
				for (const row of rows) {
					assert.ok(row.start === next || (row.start === next + 1 && cells[next]!.text === '\n'));
					next = row.end;
				}
				assert.equal(next, cells.length);
			}),
			{ seed: 21, numRuns: 300 },
		);
	});

	it('the cursor is found again at the place where it stands', () => {
		fc.assert(
			fc.property(source, fc.integer({ min: 8, max: 30 }), fc.nat(60), (text, columns, at) => {
				const cells = typed(text);
				const cursor = Math.min(at, cells.length);
				const rows = rowsOf(cells, columns);
				const place = placeOf({ cells, cursor }, rows, columns);
				assert.ok(place.x <= columns);
				assert.equal(cursorAt(cells, rows, place, columns), cursor);
			}),
			{ seed: 22, numRuns: 300 },
		);
	});

	it('what could turn the screen round is written out', () => {
		assert.deepEqual(texts('a\u202eb', 20), ['a<U+202E>b']);
		assert.ok(!texts('a\x1b[2Jb', 20).join('').includes('\x1b'));
	});

	it('shows the rows around the cursor when there are too many', () => {
		const rows = rowsOf(typed(Array.from({ length: 20 }, (_, row) => row).join('\n')), 10);
		assert.deepEqual(
			visibleRows(rows, 19, 3).rows.map(row => row.text),
			['17', '18', '19'],
		);
		assert.deepEqual(
			visibleRows(rows, 0, 3).rows.map(row => row.text),
			['0', '1', '2'],
		);
		assert.equal(visibleRows(rows, 10, 3).first, 9);
	});
});
