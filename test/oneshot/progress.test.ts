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

test('the name of a model, and why a change was taken, reach stderr without control characters', () => {
	const what = 'fetching x\x1b]0;owned\x07\x9b2J, once';
	const why = '5 tests\x9b2J pass';
	const out = [
		said([
			{ fraction: 0, what: 'choosing a model' },
			{ fraction: 0, what },
		]),
		createProgress(false)({ type: 'candidate', callId: 'c', number: 1, what: 'x', state: 'verified', why }),
	].join('');
	assert.doesNotMatch(out, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
	assert.match(out, /<U\+001B>\]0;owned<U\+0007><U\+009B>2J/);
	assert.match(out, /<U\+009B>2J pass/);
});

test('what a command prints in pieces is the same on stderr as in one', () => {
	const texts = ['a\x1b[31mred\x1b[0m b\n', 'a\x1b]0;owned\x07b\n', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\n', 'one\r\ntwo\r\n'];
	const shown = (pieces: readonly string[]): string => {
		const progress = createProgress(true);
		const printed = pieces.map(text => progress({ type: 'output', callId: 'c', text }));
		return [...printed, progress({ type: 'result', callId: 'c', outcome: { ok: true, text: '' } })].join('');
	};
	for (const text of texts)
		for (let cut = 1; cut < text.length; cut++)
			assert.equal(shown([text.slice(0, cut), text.slice(cut)]), shown([text]), JSON.stringify([text, cut]));
});
