import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Engine, Hole } from '../../src/engine/engine.js';
import { fillHole } from '../../src/jobs/fill.js';
import type { Sides } from '../../src/jobs/middle.js';

const never = () => new AbortController().signal;
const open: Sides = { before: 'def f():\n    a()', after: '\n' };

/** A model that writes these pieces until it is stopped. */
function writer(pieces: readonly string[], stream = true): Pick<Engine, 'fill'> & { told: string[]; holes: Hole[] } {
	const told: string[] = [];
	const holes: Hole[] = [];
	return {
		told,
		holes,
		async fill(hole, signal, see) {
			holes.push(hole);
			if (stream)
				for (const piece of pieces) {
					if (signal.aborted) return undefined;
					told.push(piece);
					see?.(piece);
				}
			return signal.aborted ? undefined : pieces.join('');
		},
	};
}

describe('filling a hole', () => {
	test('writing stops as soon as the text is over, and what was written counts', async () => {
		const engine = writer(['\n    b()', '\n', '\n', 'def g', '():']);
		assert.equal(await fillHole(open, engine, never()), '\n    b()');
		assert.deepEqual(engine.told, ['\n    b()', '\n', '\n']);
	});

	test('a model that tells nothing on the way gives the same', async () =>
		assert.equal(await fillHole(open, writer(['\n    b()\n\ndef g'], false), never()), '\n    b()'));

	test('a model without the tokens gives nothing', async () =>
		assert.equal(await fillHole(open, { fill: async () => undefined }, never()), undefined));

	test('nothing comes of it when the person stops it in the middle', async () => {
		const stop = new AbortController();
		const fill: Engine['fill'] = async (_hole, _signal, see) => {
			see?.('\n    b()');
			stop.abort();
			return undefined;
		};
		assert.equal(await fillHole(open, { fill }, stop.signal), undefined);
	});

	test('of long texts the model is shown the whole lines next to the hole', async () => {
		const engine = writer(['1']);
		const before = `${'first\n'.repeat(2000)}x = `;
		const after = `\n${'second\n'.repeat(2000)}`;
		await fillHole({ before, after }, engine, never());
		const [shown] = engine.holes;
		assert.ok(shown && before.endsWith(shown.before) && after.startsWith(shown.after));
		assert.ok(shown.before.startsWith('first\n') && shown.after.endsWith('second\n'));
		assert.ok(shown.before.length > 4000 && shown.before.length < 5000, `${shown.before.length}`);
		assert.ok(shown.after.length > 1000 && shown.after.length < 2000, `${shown.after.length}`);
	});

	test('one line is asked for where something stands behind the hole, a line of its own above one that is there', async () => {
		const engine = writer(['c = 3']);
		assert.equal(await fillHole({ before: 'if a:\n    ', after: 'return b\n' }, engine, never()), 'c = 3\n    ');
		assert.equal(await fillHole({ before: 'f(', after: ')' }, engine, never()), 'c = 3');
		assert.deepEqual(
			engine.holes.map(({ before, after, until }) => ({ before, after, until })),
			[
				{ before: 'if a:\n    ', after: '\n    return b\n', until: ['\n'] },
				{ before: 'f(', after: ')', until: ['\n'] },
			],
		);
	});
});
