import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { partFor, withPart } from '../../src/jobs/part.js';

const filler = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, i) => `def step_${from + i}(value):\n    return value + ${from + i}\n`).join('\n\n');
const python = `import os
from re import sub

${filler(0, 12)}

class Parser:
    """Reads settings."""

    def __init__(self, path):
        self.path = path

    def read_lines(self, limit):
        with open(self.path) as file:
            return file.readlines()[:limit]

    def get(self, key):
        return os.environ.get(key)


${filler(12, 24)}

if __name__ == '__main__':
    print(step_1(2))
`;
const linesOf = (text: string, { from, to }: { from: number; to: number }) =>
	text
		.split('\n')
		.slice(from - 1, to)
		.join('\n');

describe('the piece of a long file that a task is about', () => {
	const cases: readonly (readonly [asked: string, name: string | undefined])[] = [
		['Let step_7 in @a.py return twice the value', 'step_7'],
		['in a.py the method read_lines of Parser should strip each line', 'read_lines'],
		['Make the parser read lines lazily', 'read_lines'],
		['Parser should take an encoding', 'Parser'],
		['Parser.get() should raise when the key is missing', 'get'],
		['use readlines with an encoding and a limit', 'read_lines'],
		['rename step_7 to step_seven', undefined],
		['make everything faster', undefined],
	];
	for (const [asked, name] of cases)
		test(asked, async () => {
			assert.equal((await partFor(asked, 'a.py', python))?.name, name);
		});

	test('has the imports and the names of the others beside it', async () => {
		const part = (await partFor('change step_7', 'a.py', python))!;
		assert.equal(linesOf(python, part), 'def step_7(value):\n    return value + 7');
		assert.ok(part.outline.startsWith('import os\nfrom re import sub\ndef step_0(value):\n'));
		assert.ok(part.outline.includes('    def get(self, key):') && !part.outline.includes('step_7'));
	});

	test('is no piece where the file is short', async () => {
		assert.equal(await partFor('change step_0', 'a.py', filler(0, 3)), undefined);
	});

	test('is put back where it was, and all else stays to the byte', async () => {
		const part = (await partFor('change step_7', 'a.py', python))!;
		const changed = withPart(python, part, 'def step_7(value):\n    return 2 * value\n\n');
		assert.equal(changed, python.replace('return value + 7\n', 'return 2 * value\n'));
	});

	test('is a new one behind the last definition, apart as the others are', async () => {
		const part = (await partFor('add a function half(value)', 'a.py', python))!;
		assert.ok(part.isNew);
		const changed = withPart(python, part, 'def half(value):\n    return value / 2\n');
		assert.equal(
			changed,
			python.replace(
				'return value + 23\n\n\nif __name__',
				'return value + 23\n\n\ndef half(value):\n    return value / 2\n\n\nif __name__',
			),
		);
	});

	test('is found in other languages', async () => {
		const path = join(import.meta.dirname, '../../src/jobs/propose.ts');
		const part = (await partFor('simplerThan should give at most four', 'propose.ts', readFileSync(path, 'utf8')))!;
		assert.equal(part.name, 'simplerThan');
		assert.match(linesOf(readFileSync(path, 'utf8'), part), /^export function simplerThan[\s\S]*\n}$/);
	});
});
