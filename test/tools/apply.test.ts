import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Applied, applyEdit, type Edit, spliced } from '../../src/tools/apply.js';
import { answers } from './cases/answers.js';
import type { Case } from './cases/case.js';
import { otherCharacters } from './cases/characters.js';
import { exact } from './cases/exact.js';
import { otherIndentation } from './cases/indentation.js';
import { elisions, slips } from './cases/slips.js';
import { ends, otherSpacing } from './cases/spacing.js';

const table = {
	exact,
	'other characters': otherCharacters,
	'other indentation': otherIndentation,
	'other spacing': otherSpacing,
	'the same ends': ends,
	slips,
	elisions,
	answers,
};

for (const [title, cases] of Object.entries(table)) {
	describe(`an edit fits: ${title}`, () => {
		for (const each of cases) test(each.name, () => check(each));
	});
}

function check(each: Case): void {
	const edit: Edit = { old: each.old, fresh: each.fresh, ...(each.all && { all: true }) };
	const applied = applyEdit(each.file, edit);
	if ('answer' in each) {
		for (const [key, value] of Object.entries(each.answer)) assert.deepEqual(applied[key as keyof Applied], value, JSON.stringify(applied));
		return;
	}
	assert.equal(applied.kind, 'edits', JSON.stringify(applied));
	if (applied.kind !== 'edits') return;
	assert.equal(applied.after, each.after);
	assert.equal(spliced(each.file, applied.edits), each.after);
	if (each.way) assert.equal(applied.way, each.way);
}

test('the table has more than sixty lines', () => assert.ok(Object.values(table).flat().length >= 60));

test('what is closest is shown verbatim, at most fifteen lines', () => {
	const file = Array.from({ length: 60 }, (_line, index) => `\tconst value${index} = compute(${index});`).join('\n');
	const applied = applyEdit(file, { old: file.split('\n').slice(20, 45).join('\n').replaceAll('compute', 'computed'), fresh: 'x' });
	assert.equal(applied.kind, 'missing');
	if (applied.kind !== 'missing') return;
	assert.ok(applied.closest && applied.closest.lines.length <= 15);
	assert.deepEqual(
		applied.closest.lines,
		file.split('\n').slice(applied.closest.from, applied.closest.from + applied.closest.lines.length),
	);
	assert.ok(applied.closest.from >= 18 && applied.closest.from <= 21, String(applied.closest.from));
});

test('the lines of the changes are counted in the new text', () => {
	const applied = applyEdit('a\nx\nb\nx\n', { old: 'x', fresh: 'y\ny', all: true });
	assert.deepEqual(applied.kind === 'edits' && applied.lines, [2, 5]);
});

const word = fc.constantFrom('a', 'b', ' ', '\t', '\n', '“', '"', '1  ', '…', '...', '\\n', 'é', '🙂');
const words = fc.array(word, { maxLength: 12 }).map(parts => parts.join(''));

test('whatever the texts, an edit touches nothing outside its spans, and never throws', () => {
	fc.assert(
		fc.property(words, words, words, fc.boolean(), (file, old, fresh, all) => {
			const applied = applyEdit(file, { old, fresh, all });
			if (applied.kind !== 'edits') return;
			assert.equal(spliced(file, applied.edits), applied.after);
			let last = 0;
			for (const { start, end } of applied.edits) {
				assert.ok(start >= last && end >= start && end <= file.length, JSON.stringify(applied.edits));
				last = end;
			}
		}),
		{ seed: 7, numRuns: 3000 },
	);
});

test('a unique text is replaced exactly', () => {
	fc.assert(
		fc.property(words, words, words, (before, after, fresh) => {
			const applied = applyEdit(`${before}\nUNIQUE\n${after}`, {
				old: 'UNIQUE',
				fresh: `${fresh.replaceAll('…', '').replaceAll('...', '')}!`,
			});
			assert.ok(applied.kind === 'edits', applied.kind);
			assert.ok(applied.after.startsWith(`${before}\n`) && applied.after.endsWith(`!\n${after}`));
		}),
		{ seed: 11, numRuns: 1000 },
	);
});
