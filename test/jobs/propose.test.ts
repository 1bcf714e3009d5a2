import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Work } from '../../src/agent/loop.js';
import { greedy } from '../../src/engine/sampling.js';
import { propose } from '../../src/jobs/propose.js';
import { says } from '../engine/remote/server.js';
import { engineOn, serverOf } from '../engine/remote/talker.js';
import { model } from './scene.js';

const suspect = { path: 'sum.js', text: 'export const sum = 1;\n', lines: [1] };

/** The texts proposed for the suspect's file, by a model that says this whenever it is asked. */
async function proposals(owner: 'llamacpp' | 'somebody', said: string, file = suspect): Promise<string[]> {
	const { baseUrl } = await serverOf(owner, says(said));
	const engine = engineOn({ baseUrl, tier: 'T0' });
	// All that is asked of the work here is a model and how it is to write.
	const work = { agent: { engine, head: { system: '' }, sampling: greedy } } as Work;
	const texts: string[] = [];
	const fault = { names: [], suspects: [file], tests: '' };
	for await (const step of propose({ fault, failure: 'it fails', seen: new Set(), quick: false }, work, new AbortController().signal))
		if (!('type' in step)) texts.push(...step.map(({ text }) => text));
	return texts;
}

test('a function that says yes for no is turned round as a whole, and none beside it', async () => {
	const prime = [
		'def outer(n):',
		'    def is_odd(k):',
		'        if k % 2:',
		'            return False',
		'        return True',
		'',
		'    if n < 0:',
		'        return False',
		'    return is_odd(n)',
		'',
	];
	const file = { path: 'a.py', text: prime.join('\n'), lines: [4, 5, 8, 9] };
	const turned = [...prime];
	turned[3] = '            return True';
	turned[4] = '        return False';
	assert.ok((await proposals('llamacpp', '', file)).includes(turned.join('\n')));
});

test('the reply that goes on from the opening fence is the whole file', async () =>
	assert.ok((await proposals('llamacpp', 'export const sum = [4, 7];')).includes('export const sum = [4, 7];\n')));

test('the middle of a reply that was not begun with the opening fence is never taken for a file', async () => {
	const said = 'The bug is plain to see: the constant is wrong, and it should be two.';
	assert.ok(!(await proposals('somebody', said)).some(text => text.includes('plain to see')));
});

test('while the model reads, more and more is changed by program, and once it has read the next is what it says', async () => {
	const text = ['def spread(a, b, c):', '    if a < b and b < c:', '        return a + b * c - 1', '    return a - b + c * 2', ''].join(
		'\n',
	);
	const read = Promise.withResolvers<undefined>();
	const engine = { ...model(), score: () => read.promise };
	const work = { agent: { engine, head: { system: '' }, sampling: greedy } } as unknown as Work;
	const fault = { names: [], suspects: [{ path: 'a.py', text, lines: [2, 3, 4] }], tests: '' };
	const stop = new AbortController();
	const counts: number[] = [];
	for await (const step of propose({ fault, failure: 'it fails', seen: new Set(), quick: true }, work, stop.signal)) {
		if ('type' in step) continue;
		counts.push(step.length);
		if (counts.length === 2) {
			read.resolve(undefined);
			await new Promise(done => setImmediate(done));
		}
		if (counts.length === 3) break;
	}
	assert.deepEqual(counts, [24, 24, 0], 'two handfuls, and then what the model would have written instead: nothing');
});

test('what the model would have written instead goes on as the model goes on, not as the line did', async () => {
	const text = 'def rest(a):\n    while good(a):\n        a = a[1:]\n    return a\n';
	const engine = {
		...model({ holes: ['1:]):'] }),
		score: async (_prompt: unknown, words: string) =>
			words.split(/(?<=[ \n])/).map(token => {
				const isAtFault = token === 'good(a):\n';
				return { text: token, logprob: isAtFault ? -5 : -0.1, instead: isAtFault ? [{ text: 'good(a[', logprob: -0.1 }] : [] };
			}),
	};
	const work = { agent: { engine, head: { system: '' }, sampling: greedy } } as unknown as Work;
	const fault = { names: [], suspects: [{ path: 'a.py', text, lines: [2, 3, 4] }], tests: '' };
	const texts: string[] = [];
	for await (const step of propose({ fault, failure: 'it fails', seen: new Set(), quick: false }, work, new AbortController().signal)) {
		if (!('type' in step)) texts.push(...step.map(one => one.text));
		if (texts.length > 4) break;
	}
	assert.ok(texts.slice(0, 3).includes(text.replace('good(a):', 'good(a[1:]):')), texts.join('\n---\n'));
});
