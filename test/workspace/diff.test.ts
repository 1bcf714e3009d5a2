import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutSecrets } from '../../src/workspace/diff.js';

const section = (name: string, line: string) =>
	`diff --git a/${name} b/${name}\nindex 1..2 100644\n--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n${line}\n`;

test('of a secret a diff tells only that it changed', () => {
	const ordinary = section('a.js', '+const one = 1;') + section('sample/.env.example', '+diff --git a/.env b/.env');
	assert.equal(withoutSecrets(ordinary), ordinary);
	for (const name of ['.env', 'sub/.env.local', 'my keys/id_rsa']) {
		const diff = withoutSecrets(section('a.js', '+1') + section(name, '+KEY=one') + section('z.js', '+2'));
		assert.equal(
			diff,
			`${section('a.js', '+1')}diff --git a/${name} b/${name}\n[not shown, because it may hold secrets]\n${section('z.js', '+2')}`,
		);
	}
	assert.doesNotMatch(withoutSecrets(`diff --git "a/.env" "b/.env"\n+KEY=one\n`), /KEY/);
});
