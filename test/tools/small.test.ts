import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { say } from '../../src/prompts.js';
import { allTools } from '../../src/tools/all.js';
import { charactersPerToken, clip } from '../../src/tools/clip.js';
import { numbered, withoutNumbers } from '../../src/tools/numbered.js';

describe('clip', () => {
	const lines = Array.from({ length: 100 }, (_line, index) => `line ${index + 1}`).join('\n');

	test('a short text stays as it is', () => assert.equal(clip('abc\n', 100, 'both'), 'abc\n'));

	test('a file keeps its beginning, a command its end, and both keep whole lines', () => {
		assert.match(clip(lines, 20, 'head'), /^line 1\n(line \d+\n)+\[… \d+ lines left out …\]$/);
		assert.match(clip(lines, 20, 'tail'), /^\[… \d+ lines left out …\]\n(line \d+\n)+line 100$/);
		assert.match(clip(lines, 30, 'both'), /^line 1\n(line \d+\n)*\[… \d+ lines left out …\]\n(line \d+\n)+line 100$/);
	});

	test('the number of lines left out is right', () => {
		const kept = clip(lines, 30, 'both').split('\n');
		const told = Number(/\d+/.exec(kept.find(line => line.startsWith('['))!)![0]);
		assert.equal(kept.length - 1 + told, 100);
	});

	test('one endless line is cut inside, never through a character', () => {
		const cut = clip('🙂'.repeat(1000), 20, 'both');
		assert.ok(cut.isWellFormed());
		assert.match(cut, /characters left out/);
	});

	test('it is never much longer than asked for', () => {
		fc.assert(
			fc.property(
				fc.string({ maxLength: 2000 }),
				fc.integer({ min: 12, max: 300 }),
				fc.constantFrom('head' as const, 'tail' as const, 'both' as const),
				(text, tokens, kept) => {
					const cut = clip(text, tokens, kept);
					assert.ok(cut === text || cut.length <= tokens * charactersPerToken + 50);
				},
			),
			{ seed: 3 },
		);
	});
});

describe('line numbers', () => {
	test('what was numbered can be taken back', () => {
		const line = fc.constantFrom('', 'a', '\tb', '  c', '12', 'x: 1', '| y');
		fc.assert(
			fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 9999 }), (lines, from) => {
				assert.equal(withoutNumbers(numbered(lines, from)), lines.join('\n'));
			}),
			{ seed: 5 },
		);
	});

	test('a list that counts otherwise is no numbering', () => {
		for (const text of ['1  a\n3  b', '2 apples\n3 pears\nand more', 'a\nb', '10 print\n20 goto 10'])
			assert.equal(withoutNumbers(text), undefined, text);
	});
});

describe('the tools', () => {
	test('have the names and arguments that users know', () => {
		const known = allTools.map(tool => {
			const { name, schema } = tool.spec('');
			const { properties, required = [] } = schema as { properties: object; required?: string[] };
			return `${name}(${Object.keys(properties)
				.map(key => `${key}${required?.includes(key) ? '*' : ''}`)
				.join(', ')})`;
		});
		assert.deepEqual(known.sort(), [
			'edit(file_path*, old_string*, new_string*, replace_all)',
			'git(action*, path, rev, message)',
			'glob(pattern*, path)',
			'grep_search(pattern*, path, glob, limit)',
			'list_directory(path*)',
			'read_file(file_path*, offset, limit)',
			'run_shell_command(command*, timeout, description, directory)',
			'run_tests(target)',
			'write_file(file_path*, content*)',
		]);
	});

	test('each has a page', () => {
		for (const { name } of allTools) assert.ok(say(`tools/${name}`).length > 0, name);
	});

	test('the schemas hold nothing that only costs tokens', () => {
		for (const tool of allTools)
			assert.doesNotMatch(
				JSON.stringify(tool.spec('').schema),
				/9007199254740991|description":"|default|\$schema|additionalProperties|minLength/,
			);
	});

	test('arguments that are no object are a complaint, not a crash', () => {
		for (const tool of allTools)
			for (const args of [null, 'text', 3, [], undefined]) {
				const ready = tool.prepare(args);
				assert.ok('complaint' in ready || tool.name === 'run_tests' || tool.name === 'list_directory', tool.name);
			}
	});

	test('a right name wins over an alias, and null is as good as nothing', () => {
		const read = allTools.find(tool => tool.name === 'read_file')!.prepare({ path: 'b.txt', file_path: 'a.txt', offset: null });
		assert.ok(!('complaint' in read));
		assert.equal(read.title, 'read a.txt');
	});
});
