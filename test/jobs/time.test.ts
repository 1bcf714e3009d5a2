import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lateIn, timeFor } from '../../src/jobs/time.js';

test('what a task has taken already is gone from the time that a person allows, and not from the usual', () => {
	assert.deepEqual(timeFor({ seconds: 100, started: 1000 }, 1000), { search: 90_000, run: 18_000 });
	assert.deepEqual(timeFor({ seconds: 100, started: 1000 }, 31_000), { search: 60_000, run: 18_000 });
	assert.deepEqual(timeFor({ seconds: 100, started: 1000 }, 81_000), { search: 10_000, run: 10_000 });
	assert.deepEqual(timeFor({ seconds: 100, started: 1000 }, 200_000), { search: 0, run: 0 });
	assert.deepEqual(timeFor({ seconds: undefined, started: 1000 }, 200_000), { search: 60_000, run: 12_000 });
});

test('a part of the time may be no whole number of milliseconds', () => {
	assert.equal(lateIn(95_718.6).aborted, false);
	assert.equal(lateIn(0).aborted, true);
});
