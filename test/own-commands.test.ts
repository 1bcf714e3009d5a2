import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked, ownCommand } from '../src/own-commands.js';
import { Refusal } from '../src/types.js';

const command = (source: string, path = 'review.md') => ownCommand(path, source)!;

test('a file in a folder is a command with the folder in its name', () => {
	assert.equal(command('x', 'git/deep/x.md').name, 'git:deep:x');
	for (const path of ['a b.md', '.md', 'ü/\n.md', 'a/ /b.md']) assert.equal(ownCommand(path, 'x'), undefined, path);
});

test('the front matter says what it is for and what it takes; without one the first line does', () => {
	const source = '---\ndescription: "Reviews: a change"\nargument-hint: [file] [why]\nmodel: x\n---\n\nReview it.\n';
	const { name, purpose, argumentHint, message } = command(source);
	assert.deepEqual([name, purpose, argumentHint, message('')], ['review', 'Reviews: a change', '[file] [why]', 'Review it.']);
	assert.equal(command('# Look at it\nWell.').purpose, 'Look at it');
	assert.equal(command('').purpose, 'a command of yours');
	assert.equal(command('---\nno end').message(''), '---\nno end');
});

for (const [template, args, message] of [
	['Review $ARGUMENTS.', 'a b', 'Review a b.'],
	['Review {{args}} and {{ args }}.', 'a', 'Review a and a.'],
	['From $1 to $2$3.', '"one two" three', 'From one two to three.'],
	['Costs $10 or $1.', 'x', 'Costs $10 or x.'],
	['Say $1.', '$ARGUMENTS {{args}}', 'Say $ARGUMENTS.'],
	['Review.', 'src/a.ts', 'Review.\n\nsrc/a.ts'],
	['Review $1.', '', 'Review .'],
	['Follow @{docs/my style.md} and @a.ts.', '', 'Follow @"docs/my style.md" and @a.ts.'],
	['Look at @{src/$1.ts}.', 'sum', 'Look at @src/sum.ts.'],
] as const)
	test(`${template} with "${args}" asks: ${message}`, () => assert.equal(command(template).message(args), message));

test('a command that would run a program says that this is not done', () => {
	assert.throws(
		() => command('Look: !{git diff}').message(''),
		(error: unknown) => error instanceof Refusal && /\/review runs a program/.test(error.message),
	);
});

test('one text: a command of the person stands for its message, an unknown one reaches nobody, anything else is text', () => {
	const all = [command('Review $1.')];
	assert.equal(asked('/review sum.js now', all), 'Review sum.js.');
	assert.equal(asked('/review', all), 'Review .');
	for (const text of ['review', ' /review', '/etc/hosts', '/ review', '/', '//x']) assert.equal(asked(text, all), text);
	assert.throws(
		() => asked('/reveiw', all),
		(error: unknown) => error instanceof Refusal && error.exitCode === 42 && /Did you mean \/review\?/.test(error.message),
	);
	assert.throws(
		() => asked('/zebra', []),
		(error: unknown) => error instanceof Refusal && /no command \/zebra/.test(error.message),
	);
});
