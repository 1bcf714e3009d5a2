import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress } from '../../src/oneshot/progress.js';
import type { AgentEvent } from '../../src/types.js';

type Loading = Omit<AgentEvent & { type: 'loading' }, 'type'>;
const said = (steps: readonly Loading[]): string => {
	const progress = createProgress(false);
	return steps.map(step => progress({ type: 'loading', ...step })).join('');
};

test('a model that has to be fetched is named, and the way it comes is told in quarters', () => {
	const fetching: Loading[] = [0, 0.1, 0.25, 0.3, 0.5, 0.8, 1].map(fraction => ({ fraction, what: `${fraction * 400} MB of 400 MB` }));
	assert.equal(
		said([
			{ fraction: 0, what: 'choosing a model' },
			{ fraction: 0, what: 'fetching Tiny (Apache-2.0), once' },
			{ fraction: 0, what: 'Not from the model hub: it does not answer.' },
			...fetching,
			{ fraction: 0 },
			{ fraction: 0.6 },
			{ fraction: 1 },
		]),
		`Fetching Tiny (Apache-2.0), once
Not from the model hub: it does not answer.
0 MB of 400 MB
100 MB of 400 MB
200 MB of 400 MB
320 MB of 400 MB
Loading the model: 50 %
`,
	);
});

test('a model that is here is loaded without many words', () => {
	assert.equal(said([{ fraction: 0, what: 'choosing a model' }, { fraction: 0 }, { fraction: 0.2 }, { fraction: 1 }]), '');
});
