import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { withoutDenied } from '../../src/agent/denied.js';
import { showFiles } from '../../src/agent/material.js';
import { ruleBook } from '../../src/agent/rules.js';
import { targetsIn } from '../../src/jobs/targets.js';
import { openWorkspace } from '../../src/workspace/open.js';
import { makeWorld } from './world.js';

test('a folder that is named with @ is shown as the list of what lies in it', async () => {
	const { root } = makeWorld();
	const workspace = await openWorkspace({ root, state: join(root, '..', 'undo'), conversation: 'c' });
	const { text, missing } = await showFiles(['src/'], workspace, { tokens: 1000 });
	assert.match(text, /^In the folder src\/:\n/);
	for (const entry of ['a.js', 'a.ts', 'deep/']) assert.ok(text.split('\n').includes(entry), entry);
	assert.deepEqual(missing, []);
});

test('a Read deny covers what is named in a message too, with @ and without', async () => {
	const { root } = makeWorld();
	const open = await openWorkspace({ root, state: join(root, '..', 'undo'), conversation: 'c' });
	const workspace = withoutDenied(open, ruleBook({ root, config: { deny: ['Read(.env)', 'Read(src/**)'] } }));
	const { text, missing } = await showFiles(['a.txt', '.env', './src/../.env'], workspace, { tokens: 1000 });
	assert.equal(text, 'a.txt\n```txt\nx\n```');
	assert.deepEqual(
		missing.map(({ why }) => why),
		['.env may not be read: the rule Read(.env) forbids it.', './src/../.env may not be read: the rule Read(.env) forbids it.'],
	);
	assert.deepEqual(
		(await targetsIn('Rename x in src/a.js and a.txt', workspace)).map(({ path }) => path),
		['a.txt'],
	);
});
