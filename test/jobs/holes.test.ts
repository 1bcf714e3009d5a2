import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Work } from '../../src/agent/loop.js';
import type { Hole } from '../../src/engine/engine.js';
import { greedy } from '../../src/engine/sampling.js';
import { fillAt } from '../../src/jobs/holes.js';

/** What the model is shown for a line of this text. */
async function holeAt(path: string, text: string, line: number, begin?: string): Promise<Hole> {
	let seen: Hole | undefined;
	const engine = {
		async fill(hole: Hole) {
			seen = hole;
			return '';
		},
	};
	const work = { agent: { engine, sampling: greedy } } as unknown as Work;
	const how = { temperature: 0, round: 0, ...(begin !== undefined && { begin }) };
	await fillAt({ suspect: { path, text, lines: [line] }, line, span: 1 }, how, work, new AbortController().signal);
	assert.ok(seen);
	return seen;
}

const python = ['import os', '', 'def add(a,', '        b):', '    """Adds.', '', '    Much.', '    """', '    c = a', '    return c'].join(
	'\n',
);
const script = ['/** Adds. */', 'export function add(a, b) {', '\t// Both.', '\tconst c = a;', '\treturn c;', '}'].join('\n');

test('what a function says of itself is the head of all holes in it, and is there once', async () => {
	for (const [path, text, from, lines] of [
		['a.py', python, 8, [9, 10]],
		['a.js', script, 3, [4, 5]],
		['b.py', 'def add(a):\n    """Adds."""\n    b = a\n    return b', 2, [3, 4]],
		['c.py', 'def add(a):\n    b = """x"""\n    return b', 1, [2, 3]],
	] as const) {
		const all = text.split('\n');
		for (const line of lines) {
			const { head, before, after } = await holeAt(path, text, line);
			assert.ok(head?.endsWith(`${all[from - 1]}\n`), `${path}: ${head}`);
			assert.equal(before, [...all.slice(from, line - 1), /^\s*/.exec(all[line - 1]!)![0]].join('\n'));
			assert.equal(after, `\n${all.slice(line).join('\n')}\n`);
		}
	}
});

test('a hole in the head, and one in no function, have none', async () => {
	assert.equal((await holeAt('a.py', python, 4)).head, undefined);
	assert.equal((await holeAt('a.py', python, 6)).head, undefined);
	assert.equal((await holeAt('a.py', python, 1)).head, undefined);
	assert.equal((await holeAt('a.yml', 'a:\n  b: 1\n', 2)).head, undefined);
});

test('the comment right above a function is part of its head, and what stands further up is not', async () => {
	const doc = ['/**', ' * Adds.', ' * @returns {number}', ' */', 'const add = a => {', '\tconst b = a;', '\treturn b;', '};'];
	const other = ['/* Another. */', '', 'const one = 1;', ''];
	assert.equal((await holeAt('a.js', [...other, ...doc].join('\n'), 10)).head, `${doc.slice(0, 5).join('\n')}\n`);
	assert.equal((await holeAt('a.js', [...other, ...doc.slice(4)].join('\n'), 6)).head, 'const add = a => {\n');
	const long = ['/*', ...Array.from({ length: 60 }, (_, i) => ` * ${i}`), ' */'];
	assert.equal((await holeAt('a.js', [...long, ...doc.slice(4)].join('\n'), 64)).head, 'const add = a => {\n');
	const go = ['package a', '', '// Add adds.', '// Much.', 'func Add(a int) int {', '\tb := a', '\treturn b', '}'];
	assert.equal((await holeAt('a.go', go.join('\n'), 6)).head, `${go.slice(2, 5).join('\n')}\n`);
});

test('a line that is begun otherwise goes on behind what it is begun with', async () => {
	assert.match((await holeAt('a.py', python, 10, '    return a +')).before, /\n {4}return a \+$/);
});
