import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checked, type Sample, samples } from './corpus.js';

/** What became of the falsehoods and of the true claims of these answers. */
async function measured(all: readonly Sample[]) {
	const sum = { answers: all.length, falsehoods: 0, missed: [] as string[], right: 0, wronged: [] as string[] };
	for (const sample of all) {
		const claims = await checked(sample);
		const marked = claims.filter(({ ok }) => !ok).map(({ text }) => text);
		sum.falsehoods += sample.falsehoods.length;
		sum.missed.push(...sample.falsehoods.filter(text => !marked.includes(text)));
		sum.right += claims.filter(({ ok }) => ok).length;
		sum.wronged.push(...marked.filter(text => !sample.falsehoods.includes(text)));
	}
	return sum;
}

test('of falsehoods that were planted 95 % are marked, of true claims at most 2 %', async t => {
	const { answers, falsehoods, missed, right, wronged } = await measured(samples('answers.txt'));
	t.diagnostic(
		`${answers} answers; ${falsehoods - missed.length} of ${falsehoods} falsehoods marked, ${wronged.length} of ${right + wronged.length} true claims`,
	);
	assert.ok(answers >= 100 && falsehoods >= 60 && right >= 150);
	assert.ok(missed.length <= falsehoods * 0.05, `not marked: ${missed.join(', ')}`);
	assert.ok(wronged.length <= (right + wronged.length) * 0.02, `marked, though true: ${wronged.join(', ')}`);
});

test('of what the 0.5B said about these projects only what is not so is marked', async () => {
	const { missed, right, wronged } = await measured(samples('recorded.txt'));
	assert.deepEqual({ missed, wronged }, { missed: [], wronged: [] });
	assert.ok(right > 0);
});
