import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf } from '../../src/jobs/route.js';

const table: [text: string, namesFiles: boolean, kind: string][] = [
	['The test fails. Fix it.', false, 'fix'],
	['fix the failing test', false, 'fix'],
	['Make the tests pass', false, 'fix'],
	['There is a bug in sum.js, fix it please', true, 'fix'],
	['npm test is red', false, 'fix'],
	['the suite is broken', false, 'fix'],
	['add a docstring to util.py', true, 'change'],
	['Rename parse to read in src/a.ts', true, 'change'],
	['Create hello.py that prints hello', true, 'change'],
	['Write a Python function is_prime(n). Only code.', false, 'talk'],
	['What does sum.js do?', true, 'talk'],
	['How do I fix the failing tests?', false, 'talk'],
	['Why does the test fail? Fix it.', false, 'fix'],
	['Explain @src/a.ts', true, 'talk'],
	['run the tests', false, 'test'],
	['Please run all my tests again.', false, 'test'],
	['run the tests and fix what fails', false, 'fix'],
	['run the tests in Docker', false, 'talk'],
	['@num.py skip what is negative', true, 'change'],
	['Is @num.py right?', true, 'talk'],
	['Review @num.py', true, 'talk'],
	['In one sentence: what is @notes.md about?', true, 'talk'],
	['In short, explain @notes.md.', true, 'talk'],
	['Implement num.py as README.md says, so that the tests pass.', true, 'change'],
	['hello', false, 'talk'],
	['你好，请解释一下', false, 'talk'],
];
for (const [text, namesFiles, kind] of table) test(`"${text}" asks for ${kind}`, () => assert.equal(kindOf(text, namesFiles), kind));
