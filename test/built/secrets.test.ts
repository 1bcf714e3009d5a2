/** Secrets in all that a conversation is made of, through the built program: none may be in anything that it keeps. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from './row.js';

const key = (from: string) => ['ghp', [...Array(36)].map((_, i) => from[(i * 5) % from.length]).join('')].join('_');
const planted = {
	file: key('aB3dE5fG7hJ9kLmN2'),
	named: key('Zx9Wv8Ut7Sr6Qp5On'),
	piped: key('q1W2e3R4t5Y6u7I8o'),
	typed: key('mN7bV6cX5zL4kJ3hG'),
	instructions: key('P0o9I8u7Y6t5R4e3W'),
	output: key('tG5yH6uJ7iK8oL9pA'),
};

const call = (name: string, args: object) => `\`\`\`json\n${JSON.stringify({ name, arguments: args })}\n\`\`\`\n`;
const script = [
	call('read_file', { path: 'config.py' }),
	call('run_shell_command', { command: 'cat config.py shown.txt' }),
	'Done.\n',
].join('---\n');

/** Every file below a folder, as text, but for those from which undo brings files back. */
const allIn = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter(entry => entry.isFile() && !entry.parentPath.includes('/undo/'))
		.map(entry => `${join(entry.parentPath, entry.name)}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`);

test('secrets of files, commands, pipes and words are in nothing that is kept', async () => {
	let kept: string[] = [];
	const { code, stderr } = await run({
		words: ['-m', 'replies:../script.md', '--approval-mode', 'yolo', '--trust', '-p', `Use ${planted.typed} with @named.txt`],
		stdin: `token is ${planted.piped}\n`,
		prepare: given => {
			given.file(given.at('script.md'), script);
			given.file(given.at('work/config.py'), `TOKEN = "${planted.file}"\n`);
			given.file(given.at('work/named.txt'), `${planted.named}\n`);
			given.file(given.at('work/shown.txt'), `${planted.output}\n`);
			given.file(given.at('work/AGENTS.md'), `Use ${planted.instructions} for the tests.\n`);
		},
		done: given => {
			kept = ['state', 'cache', 'config', 'home'].flatMap(name => allIn(given.at(name)));
		},
	});
	assert.equal(code, 0, stderr);
	const journal = kept.find(text => text.includes('"type":"asked"')) ?? '';
	assert.ok(journal.includes('MASKED_SECRET_'));
	assert.ok(journal.includes('config.py'));
	for (const [where, secret] of Object.entries(planted)) {
		assert.ok(
			kept.every(text => !text.includes(secret)),
			`the secret of ${where} was kept in ${kept.find(text => text.includes(secret))?.slice(0, 600)}`,
		);
		assert.ok(!stderr.includes(secret), where);
	}
	assert.match(stderr, /The model sees MASKED_SECRET_/);
});
