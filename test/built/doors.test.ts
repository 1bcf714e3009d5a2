/** Doors of the command line, through the built program: what they let commands do, what they say, and that nothing opens them again. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeWorld, play, removeWorld } from '../accept/play.js';
import { noBubblewrap } from '../workspace/sandbox/boxes.js';

const shell = (command: string) => ({ tool: 'run_shell_command', args: { command } });

test('a door is open for the run that it was given to, and for no later one', { skip: noBubblewrap }, async t => {
	const world = makeWorld();
	t.after(() => removeWorld(world));
	const server = createServer((_asked, answer) => answer.end('reached')).listen(0, '127.0.0.1');
	t.after(() => server.close());
	await new Promise(resolve => server.once('listening', resolve));
	const { port } = server.address() as AddressInfo;
	mkdirSync(join(world.base, 'lib'));
	mkdirSync(join(world.ws, '.qwill'));
	writeFileSync(join(world.ws, '.qwill/config.json'), '{"addDir": ["../outside"], "doors": {"folders": ["../outside"]}}');
	const run = async (name: string, ...flags: string[]) => {
		const write = `touch ../lib/${name}; touch ../outside/${name}; curl -s http://localhost:${port}/`;
		return await play(world, [shell(write)], { flags: ['--approval-mode', 'yolo', '--sandbox', '--trust', ...flags] });
	};
	const first = await run('one', '--add-dir', '../lib', '--allow-host', `localhost:${port}`);
	assert.match(first.stderr, new RegExp(`^Open in the sandbox, doors: \\.\\./lib, localhost:${port}\\. Commands reach that too\\.$`, 'm'));
	assert.match(first.came[0]?.text ?? '', /reached/);
	const later = await run('two', '-c');
	assert.doesNotMatch(later.stderr, /^Open in/m);
	assert.equal(later.came.length, 1);
	assert.doesNotMatch(later.came[0]?.text ?? '', /reached/);
	const there = ['lib/one', 'lib/two', 'outside/one', 'outside/two'].filter(path => existsSync(join(world.base, path)));
	assert.deepEqual(there, ['lib/one']);
});
