/** A conversation of the built program, held again by it: the same, another, and where that is not possible. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { digest, journalsIn, makeWorld, play, qwill, removeWorld } from '../accept/play.js';

const world = makeWorld();
after(() => removeWorld(world));
const script = join(world.base, 'script.md');
const file = join(world.ws, 'src/a.js');
const run = (...words: string[]) => qwill(world, words);
const journals = () => journalsIn(world);
const id = () => /([0-9a-f-]{36})\.jsonl$/.exec(journals()[0]!)![1]!;

const edit = (text: string) => ({ tool: 'edit', args: { file_path: 'src/a.js', old_string: 'console.log(1)', new_string: text } });
const calls = [{ tool: 'run_shell_command', args: { command: 'touch made' } }, edit('console.log(2)')];

test('a conversation that is held again is the same to the character, and nothing of the folder changes', async () => {
	const { came, stderr } = await play(world, calls, { flags: ['--approval-mode', 'auto-edit', '--seed', '7'] });
	assert.deepEqual(
		came.map(({ denied }) => denied),
		[true, false],
		stderr,
	);
	assert.equal(readFileSync(file, 'utf8'), 'console.log(2)\n');
	const before = digest(world.ws);
	const again = run('replay', id().slice(0, 8));
	assert.match(
		again.stdout,
		/^(?:Message 1, reply \d: the same, \d+ characters\.\n){2}The same to the character: 2 of 2 replies\.\n$/,
		again.stderr,
	);
	assert.match(again.stderr, /^It is held again in a copy of the folder as it is now[^\n]*\n/);
	assert.equal(again.code, 0);
	assert.equal(digest(world.ws), before);
	assert.equal(journals().length, 1);
});

test('another model differs, where is said, and a change that was not made then is not made now', () => {
	const other = join(world.base, 'other.md');
	writeFileSync(other, readFileSync(script, 'utf8').replace('console.log(2)', 'console.log(3)'));
	const again = run('replay', id(), '-m', `replies:${other}`);
	assert.match(
		again.stdout,
		/^Message 1, reply 1: the same, \d+ characters\.\nMessage 1, reply 2: differs at line 2, column \d+: it was "2\)[^\n]*, and is "3\)[^\n]*\.\nMessage 1, reply 3: there was none\.\nThe same to the character: 1 of 3 replies\.\n$/,
	);
	assert.equal(again.code, 1);
});

test('what cannot be taken back in the copy is named', () => {
	writeFileSync(file, 'mine\n');
	const again = run('replay', id());
	assert.match(again.stderr, /^src\/a\.js is as it is now: another program has changed it since\.$/m);
	writeFileSync(file, 'console.log(2)\n');
});

test('without the model, the conversation, or what tells who answered, it is refused', () => {
	const kept = journals()[0]!;
	assert.deepEqual(run('replay'), {
		code: 42,
		stdout: '',
		stderr: 'qwill replay needs the id of a conversation; qwill sessions lists them.\n',
	});
	assert.equal(run('replay', 'nope').code, 42);
	const journal = readFileSync(kept, 'utf8');
	const named = journal.replace('"model":"scripted"', '"model":"large"');
	writeFileSync(kept, named);
	const other = run('replay', id());
	assert.match(other.stderr, /It was held with large, which cannot be used here; -m MODEL replays it with another\.\n$/);
	assert.equal(other.code, 41);
	writeFileSync(kept, journal.replace(/^\{"type":"writer".*\n/m, ''));
	assert.match(run('replay', id()).stderr, /^This conversation is older than the notes of who answers/);
	writeFileSync(kept, journal);
	rmSync(script);
	assert.equal(run('replay', id()).code, 41);
});
