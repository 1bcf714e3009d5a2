import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Work } from '../../src/agent/loop.js';
import type { Prompt, TokenScore } from '../../src/engine/engine.js';
import { isBystander, surpriseAt } from '../../src/jobs/surprise.js';

const text = 'import os\n\ndef add(a, b):\n    """Adds."""\n    c = a\n    return c - b\n';

/** What a model is asked that finds `-` surprising, and would have written `+`. */
async function asked(lines: number[]) {
	let seen: { prompt: Prompt; text: string } | undefined;
	const engine = {
		async score(prompt: Prompt, words: string): Promise<TokenScore[]> {
			seen = { prompt, text: words };
			return words
				.split(/(?<=[ \n])/)
				.map(token =>
					token === '- '
						? { text: token, logprob: -5, instead: [{ text: '+ ', logprob: -0.1 }] }
						: { text: token, logprob: -0.1, instead: [] },
				);
		},
	};
	const work = { agent: { engine, head: { system: '' } } } as unknown as Work;
	const surprise = await surpriseAt({ path: 'a.py', text, lines }, work, new AbortController().signal);
	return { begin: seen!.prompt.begin, text: seen!.text, surprise: surprise! };
}

test('what stands above the suspicious lines is read and not judged, and places are those of the file', async () => {
	const { begin, text: judged, surprise } = await asked([1, 6, 5]);
	assert.equal(begin, `\`\`\`python\n${text.split('\n').slice(0, 4).join('\n')}\n`);
	assert.equal(judged, '    c = a\n    return c - b\n');
	assert.equal(surprise.lines.get(6), 5);
	assert.deepEqual(
		surprise.guesses.map(({ text, what, line, begin }) => [text, what, line, begin]),
		[[text.replace('- b', '+ b'), 'a.py:6  return c + b', 6, '    return c + ']],
	);
});

test('where nothing but imports is suspicious, they are judged', async () => {
	assert.equal((await asked([1])).text, text);
});

test('a line that says what is needed, or what others may use, stands beside the code; one that works something out does not', () => {
	const beside = [
		'import os',
		"const a = require('a');",
		'module.exports = { a, b };',
		'module.exports = a',
		'exports.a = a;',
		'export { a };',
		'export default a;',
	];
	assert.deepEqual(
		beside.filter(line => !isBystander(line)),
		[],
	);
	const code = [
		'module.exports = a => a + 1;',
		'module.exports = { a: work(1) };',
		'export default function a() {',
		'export const a = 1;',
		'exports.a = a - 1;',
	];
	assert.deepEqual(code.filter(isBystander), []);
});
