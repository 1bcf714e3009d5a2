/** Calls of what a file in a compiled language defines, and of its mutants. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { go } from '../../src/checks/compiled/go.js';
import { schemata } from '../../src/checks/compiled/schemata.js';

const code = `package price

// Discount takes ten percent off.
func Discount(sum float64) (left float64) {
	if sum >= 100 {
		return sum * 0.9
	}
	switch {
	case sum > 50:
		left = sum - 5
	default:
		left = sum
	}
	return
}

func half(n int) int { return n / 2 }
`;

describe('a file of all its mutants', () => {
	test('each is a copy of the changed code in the same function, and every line is found again', async () => {
		const edits = [
			[5, '\tif sum > 100 {'],
			[17, 'func half(n int) int { return n * 2 }'],
			[5, '\tif sum > {'],
			[4, 'func Discount(sum float64) (left int) {'],
		] as const;
		const made = await schemata({ path: 'price.go', text: code, edits, marking: true }, go.saying);
		assert.ok(made);
		assert.deepEqual(made.mutants, [0, 1]);
		assert.deepEqual(made.marks, [5, 6, 8, 10, 12, 14, 17]);
		const lines = made.text.split('\n');
		const first = lines.indexOf('if qwillMutant == 1 {') + 1;
		assert.deepEqual([made.at(first), made.at(first + 1), lines[first]], [{ edit: 0 }, { edit: 0 }, '\tif sum > 100 {']);
		const second = lines.indexOf('if qwillMutant == 2 { return n * 2 }') + 1;
		assert.deepEqual(made.at(second), { edit: 1 });
		assert.equal(made.at(1), undefined);
		assert.equal(made.at(lines.findIndex(line => line.includes('true; left = sum - 5')) + 1), 'marks');
		// Without what was put in it is the file as it was.
		const bare = lines.filter((_, index) => typeof made.at(index + 1) !== 'object').join('\n');
		assert.equal(
			bare
				.replace(/qwillRan\[\d+\] = true; /g, '')
				.replace(/\{\n\n/g, '{\n')
				.replace('{\n return', '{ return'),
			code,
		);
	});

	test('a file that does not parse gives none', async () => {
		assert.equal(await schemata({ path: 'a.go', text: 'package a\nfunc f( {', edits: [], marking: true }, go.saying), undefined);
	});
});
