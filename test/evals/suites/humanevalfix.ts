import { z } from 'zod';
import { judged, python, pythonParses } from '../judge.js';
import { block, type Item, lines, type RepositoryItem, type Suite, wholeFile } from './suite.js';
import { checkFile } from './unittests.js';

const shape = z.object({
	task_id: z.string(),
	entry_point: z.string(),
	prompt: z.string(),
	canonical_solution: z.string(),
	buggy_solution: z.string(),
	test: z.string(),
});
export type Bug = z.infer<typeof shape>;

/** What the program is told: nothing of where the fault is. */
const task = 'The test fails. Fix it.';

export const pythonBugs = (data: string): Bug[] => lines(data, 'humanevalfix-python.jsonl', shape);
export const scriptBugs = (data: string): Bug[] => lines(data, 'humanevalfix-js.jsonl', shape);

/** A module with a bug, and its test, which fails. */
export const humanevalfix: Suite = { name: 'humanevalfix', seconds: 60, read: data => pythonBugs(data).map(itemOf) };
export const humanevalfixJs: Suite = {
	name: 'humanevalfix-js',
	seconds: 60,
	read: data => scriptBugs(data).map(scriptItemOf),
};

/** The module, with the bug or as it should be, and the file that tests it as `module`. */
export const moduleText = (bug: Bug, solution: 'buggy_solution' | 'canonical_solution'): string => (bug.prompt + bug[solution]).trimStart();
export function testText({ test, entry_point }: Bug, module: string): string {
	return checkFile(module, test.replace(/\n\s*check\(\w+\)\s*$/, '\n'), entry_point);
}

export function itemOf(bug: Bug): Item {
	const path = `${bug.entry_point}.py`;
	const shown = testText(bug, bug.entry_point);
	return {
		kind: 'repository',
		id: bug.task_id,
		files: { [path]: moduleText(bug, 'buggy_solution'), [`test_${path}`]: shown },
		task,
		plain: plain(path, moduleText(bug, 'buggy_solution'), bug.test, 'python'),
		canonical: { [path]: moduleText(bug, 'canonical_solution') },
		async judge(after) {
			const text = after[path] ?? '';
			const verdict = await judged({ 'item.py': `${text}\n${bug.test}\n` }, python('item.py'));
			return verdict.right ? verdict : { ...verdict, broken: !(await pythonParses({ [path]: text })) };
		},
	};
}

function plain(path: string, text: string, test: string, language: string): NonNullable<RepositoryItem['plain']> {
	const shown = `This is ${path}:\n${block(language, text)}\n\nIts test fails:\n${block(language, test.trim())}`;
	return {
		question: `${shown}\n\nFix the bug in ${path}. ${wholeFile(path)}`,
		// Imports are often left out: that is no fault of the correction.
		place: code => ({ [path]: `${importsOf(text, code)}${code}` }),
	};
}

function importsOf(text: string, code: string): string {
	const wanted = text.split('\n').filter(line => /^(import|from)\s/.test(line) && !code.includes(line));
	return wanted.map(line => `${line}\n`).join('');
}

const namesIn = (script: string): string[] => [
	...new Set([...script.matchAll(/^(?:const|let|var|function|async function|class) (\w+)/gm)].map(([, name]) => name!)),
];

/** The script as a module that gives what it defines. */
export const shared = (script: string): string => `${script.trim()}\n\nmodule.exports = { ${namesIn(script).join(', ')} };\n`;

/** The settings of a project whose tests node runs. */
export const nodeProject = `${JSON.stringify({ name: 'project', private: true, scripts: { test: 'node --test' } }, undefined, '\t')}\n`;

function scriptItemOf(bug: Bug): Item {
	const { entry_point: entry } = bug;
	const path = `${entry}.js`;
	const text = bug.prompt + bug.buggy_solution;
	const names = namesIn(text);
	const test = bug.test.replaceAll('console.assert(', 'assert(');
	const [, call = ''] = /\n(\w+\(\);?)\s*$/.exec(test) ?? [];
	const shown = `const assert = require('node:assert');
const { test } = require('node:test');
const { ${names.join(', ')} } = require('./${path}');

${(call === '' ? test : test.slice(0, test.lastIndexOf(call))).trim()}

test('${entry}', () => {
  ${call || '// Run when the file is loaded.'}
});
`;
	return {
		kind: 'repository',
		id: bug.task_id,
		files: {
			[path]: shared(text),
			[`${entry}.test.js`]: shown,
			'package.json': nodeProject,
		},
		task,
		plain: plain(path, text, bug.test, 'js'),
		canonical: { [path]: bug.prompt + bug.canonical_solution },
		async judge(after) {
			const file = after[path] ?? '';
			const program = `const assert = require('node:assert');\n${file.replace(/^(const|let|var) assert = .*$/m, '')}\n${test}\n`;
			const verdict = await judged({ 'item.js': program }, { program: 'node', args: ['item.js'] });
			if (verdict.right) return verdict;
			const parses = await judged({ 'file.js': file }, { program: 'node', args: ['--check', 'file.js'] });
			return { ...verdict, broken: !parses.right };
		},
	};
}
