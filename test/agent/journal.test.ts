import assert from 'node:assert/strict';
import {
	appendFileSync,
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, afterEach, beforeEach, mock, test } from 'node:test';
import { createJournal, ephemeralJournal, type NewJournal, openJournal } from '../../src/agent/journal.js';
import { findJournal, listJournals, removeJournal, removeOldJournals } from '../../src/agent/journals.js';
import { complaints, readJournal } from '../../src/agent/past.js';
import { toLine } from '../../src/agent/records.js';
import { type AgentEvent, Refusal } from '../../src/types.js';
import { bundled } from '../bundle.js';
import { seeded } from '../seeded.js';
import { killedAfter, startWriter } from './killing.js';
import { all, mutated } from './mutated-journals.js';

let folder: string;
let root: string;
let warnings: string[];
const built = mkdtempSync(join(tmpdir(), 'qwill-writer-'));
const writer = bundled(join(import.meta.dirname, 'journal-writer.ts'), built);
after(() => rmSync(built, { recursive: true, force: true }));
beforeEach(() => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-journal-')));
	root = join(folder, 'project');
	process.env.XDG_STATE_HOME = join(folder, 'state');
	warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const about = (): NewJournal => ({ root, model: 'tiny', mode: 'default', warn: sentence => warnings.push(sentence) });
const asked = (text: string): AgentEvent => ({ type: 'asked', text, material: '' });
const note = (text: string): AgentEvent => ({ type: 'note', text });
const done: AgentEvent = { type: 'done', ending: { reason: 'answered' } };
const pathOf = (journal: { path: string | undefined }): string => {
	assert.ok(journal.path);
	return journal.path;
};

test('what was journalled comes back equal, and the mode of file and folder keeps others out', () => {
	const umask = process.umask(0o777);
	const journal = createJournal(about());
	process.umask(umask);
	for (const event of all) journal.append(event);
	journal.close();
	const past = readJournal(pathOf(journal));
	assert.deepEqual(past.events, all);
	assert.equal(past.skipped, 0);
	assert.deepEqual([past.head.id, past.head.cwd, past.head.model, past.head.mode], [journal.id, root, 'tiny', 'default']);
	assert.equal(statSync(pathOf(journal)).mode & 0o777, 0o600);
	assert.equal(statSync(dirname(pathOf(journal))).mode & 0o777, 0o700);
	assert.deepEqual(warnings, []);
});

test('no character in a journal can act on a terminal', () => {
	const journal = createJournal(about());
	for (const event of all) journal.append(event);
	journal.close();
	assert.doesNotMatch(readFileSync(pathOf(journal), 'utf8'), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
});

test('reading, loading and writing-call leave no line', () => {
	const journal = createJournal(about());
	journal.append({ type: 'reading', done: 1, total: 2, reused: 0 });
	journal.append({ type: 'loading', fraction: 0.5 });
	journal.append({ type: 'writing-call', tool: 'edit', chars: 3 });
	journal.close();
	assert.deepEqual(readJournal(pathOf(journal)).events, []);
});

test('text being written is on disk after a second, or 2 kB, whichever comes first', t => {
	mock.timers.enable({ apis: ['setTimeout'] });
	t.after(() => mock.timers.reset());
	const journal = createJournal(about());
	const texts = (): string[] => readJournal(pathOf(journal)).events.flatMap(event => (event.type === 'text' ? [event.text] : []));
	journal.append({ type: 'text', text: 'a' });
	journal.append({ type: 'text', text: 'b ' });
	assert.deepEqual(texts(), []);
	mock.timers.tick(1000);
	assert.deepEqual(texts(), ['ab ']);
	journal.append({ type: 'text', text: 'c d' });
	mock.timers.tick(500);
	journal.append({ type: 'text', text: 'e' });
	mock.timers.tick(500);
	// A word that is still being written waits for its end, or for a second in which nothing came.
	assert.deepEqual(texts(), ['ab ', 'c ']);
	mock.timers.tick(1000);
	assert.deepEqual(texts(), ['ab ', 'c ', 'de']);
	journal.append({ type: 'text', text: 'c'.repeat(1999) });
	assert.equal(texts().length, 3);
	journal.append({ type: 'text', text: 'd' });
	assert.equal(texts().at(-1), `${'c'.repeat(1999)}d`);
	journal.append({ type: 'text', text: 'e' });
	journal.append(note('after'));
	assert.deepEqual(readJournal(pathOf(journal)).events.slice(-2), [{ type: 'text', text: 'e' }, note('after')]);
	journal.append({ type: 'text', text: 'f' });
	journal.close();
	assert.equal(texts().at(-1), 'f');
});

test('the output of one command is kept up to a cap, and the cut is said', () => {
	const journal = createJournal(about());
	for (let piece = 0; piece < 100; piece++) journal.append({ type: 'output', callId: 'a', text: `${'x'.repeat(999)}\n` });
	journal.append({ type: 'output', callId: 'b', text: 'kept' });
	journal.close();
	const outputs = readJournal(pathOf(journal)).events.flatMap(event => (event.type === 'output' ? [event.text] : []));
	assert.equal(outputs.length, 66);
	assert.match(outputs[64]!, /rest of this output was not kept/);
	assert.equal(outputs.at(-1), 'kept');
});

test('a secret that comes in pieces is masked all the same', () => {
	const journal = createJournal(about());
	const secret = ['AKIA', 'Q3EGXY7ZLMNP2RTV'].join('');
	for (const piece of [`${'x'.repeat(2100)} ${secret.slice(0, 9)}`, `${secret.slice(9)} end`])
		journal.append({ type: 'text', text: piece });
	for (const piece of [`line\n${secret.slice(0, 12)}`, secret.slice(12), '\n'])
		journal.append({ type: 'output', callId: 'a', text: piece });
	journal.close();
	const kept = readFileSync(pathOf(journal), 'utf8');
	assert.equal(kept.match(/MASKED_SECRET_/g)?.length, 2);
	assert.ok(!kept.includes(secret.slice(0, 9)) && !kept.includes(secret.slice(12)));
});

test('200 kills at random instants lose no acknowledged event, and every journal can be gone on with', { timeout: 300_000 }, async () => {
	const random = seeded(20);
	const kill = async (): Promise<void> => {
		const { path, acknowledged } = await killedAfter(random(25), [writer, root, '100000']);
		const past = readJournal(path);
		const kept = past.events.map(event => (event.type === 'note' ? Number(event.text.split(':')[0]) : -1));
		assert.deepEqual(
			kept,
			Array.from({ length: kept.length }, (_, number) => number),
		);
		assert.ok(kept.length >= acknowledged, `${acknowledged} acknowledged, ${kept.length} kept`);
		assert.equal(past.skipped, 0);

		const resumed = openJournal(path, about());
		assert.equal(resumed.forked, false);
		resumed.journal.append(asked('go on'));
		resumed.journal.close();
		const whole = readJournal(path);
		assert.deepEqual(whole.events, [...past.events, asked('go on')]);
		assert.equal(whole.torn, false);
		rmSync(path);
	};
	for (let round = 0; round < 50; round++) await Promise.all([kill(), kill(), kill(), kill()]);
});

test('a torn last line is dropped and said, and the next append does not run into it', () => {
	const journal = createJournal(about());
	journal.append(note('one'));
	journal.close();
	appendFileSync(pathOf(journal), '{"type":"note","text":"tw');
	const past = readJournal(pathOf(journal));
	assert.deepEqual(past.events, [note('one')]);
	assert.match(complaints(past).join('\n'), /last line of .* was not finished/);

	const resumed = openJournal(pathOf(journal), about());
	resumed.journal.append(note('three'));
	resumed.journal.close();
	const whole = readJournal(pathOf(journal));
	assert.deepEqual(whole.events, [note('one'), note('three')]);
	assert.equal(whole.skipped, 1);
});

test('a last line that lacks nothing but its end is kept, then and later', () => {
	const journal = createJournal(about());
	journal.close();
	appendFileSync(pathOf(journal), toLine(note('whole')).trimEnd());
	assert.deepEqual(readJournal(pathOf(journal)).events, [note('whole')]);
	const resumed = openJournal(pathOf(journal), about());
	resumed.journal.append(note('next'));
	resumed.journal.close();
	assert.deepEqual(readJournal(pathOf(journal)).events, [note('whole'), note('next')]);
});

test('lines that are no records are skipped, counted and said', () => {
	const journal = createJournal(about());
	journal.append(note('one'));
	journal.close();
	appendFileSync(pathOf(journal), 'not json\n{"type":"note"}\n{"type":"unheard-of"}\n[]\nnull\n\n');
	appendFileSync(pathOf(journal), toLine(note('two')));
	const past = readJournal(pathOf(journal));
	assert.deepEqual(past.events, [note('one'), note('two')]);
	assert.equal(past.skipped, 5);
	assert.match(complaints(past).join('\n'), /5 lines of .* could not be read/);
});

test('no mutation of a journal crashes the reader', () => {
	const journal = createJournal(about());
	for (const event of all) journal.append(event);
	journal.close();
	const bytes = readFileSync(pathOf(journal));
	const random = seeded(3);
	for (let round = 0; round < 1000; round++) {
		writeFileSync(pathOf(journal), mutated(bytes, random));
		try {
			readJournal(pathOf(journal));
		} catch (error) {
			assert.ok(error instanceof Refusal, String(error));
		}
		listJournals(root);
	}
});

for (const [what, make] of [
	['a file without a head', (path: string) => writeFileSync(path, '{"type":"note","text":"x"}\n')],
	['an empty file', (path: string) => writeFileSync(path, '')],
	['a folder', (path: string) => mkdirSync(path)],
	['a head of a later version', (path: string) => writeFileSync(path, '{"type":"conversation","version":2}\n')],
	['nothing', () => {}],
] as const) {
	test(`${what} is refused as a conversation with a sentence`, () => {
		const path = join(folder, 'x.jsonl');
		make(path);
		assert.throws(
			() => openJournal(path, about()),
			(error: unknown) => error instanceof Refusal && error.exitCode === 42,
		);
		assert.deepEqual(
			readdirSync(folder).filter(name => name.includes('.lock-')),
			[],
		);
	});
}

test('a conversation that another program has open goes on in a copy, and neither loses an event', async () => {
	let path = '';
	const first = Promise.withResolvers<void>();
	const { child, ended } = startWriter([writer, root, '100000'], line => {
		if (path === '') path = line;
		else first.resolve();
	});
	await first.promise;
	const second = openJournal(path, about());
	assert.equal(second.forked, true);
	assert.notEqual(second.journal.id, second.past.head.id);
	for (let number = 0; number < 500; number++) second.journal.append(note(`second ${number}`));
	second.journal.close();
	child.kill('SIGKILL');
	await ended;

	const fork = readJournal(pathOf(second.journal));
	assert.equal(fork.head.parent, second.past.head.id);
	assert.deepEqual(fork.events.slice(0, second.past.events.length), second.past.events);
	assert.equal(fork.events.filter(event => event.type === 'note' && event.text.startsWith('second')).length, 500);
	assert.ok(!readFileSync(path, 'utf8').includes('second'));
	const again = openJournal(path, about());
	assert.equal(again.forked, false, 'the lock of the killed program counts for nothing');
	again.journal.close();
});

test('two programs with 500 events each for one conversation lose none', async () => {
	const journal = createJournal(about());
	journal.append(note('begun'));
	journal.close();
	const paths: string[] = [];
	// Neither writes before both have it open: one that is done has given it free.
	const go = join(dirname(root), 'go');
	const write = async (): Promise<void> => {
		let first = true;
		const { ended } = startWriter([writer, root, '500', pathOf(journal), go], line => {
			if (first && paths.push(line) === 2) writeFileSync(go, '');
			first = false;
		});
		await ended;
	};
	await Promise.all([write(), write()]);
	assert.equal(new Set(paths).size, 2);
	for (const path of paths) {
		const past = readJournal(path);
		assert.deepEqual([past.skipped, past.torn], [0, false]);
		const own = past.events.slice(-500).map(event => (event.type === 'note' ? event.text.split(':')[0] : ''));
		assert.deepEqual(
			own,
			Array.from({ length: 500 }, (_, number) => String(number)),
		);
		assert.deepEqual(past.events[0], note('begun'));
	}
});

test('the same program cannot open one conversation twice for writing', () => {
	const journal = createJournal(about());
	const second = openJournal(pathOf(journal), about());
	assert.equal(second.forked, true);
	second.journal.close();
	journal.close();
	assert.deepEqual(
		readdirSync(dirname(pathOf(journal))).filter(name => name.includes('.lock-')),
		[],
	);
});

test('--fork-session leaves the old file as it is, byte for byte', () => {
	const journal = createJournal(about());
	journal.append(asked('first'));
	journal.rename('mine');
	journal.close();
	const bytes = readFileSync(pathOf(journal));
	const fork = openJournal(pathOf(journal), { ...about(), fork: true });
	fork.journal.append(asked('second'));
	fork.journal.close();
	assert.deepEqual(readFileSync(pathOf(journal)), bytes);
	assert.deepEqual(readJournal(pathOf(fork.journal)).events, [asked('first'), asked('second')]);
	assert.deepEqual(readJournal(pathOf(fork.journal)).summary, { type: 'summary', title: 'first', turns: 2, name: 'mine' });
});

test('where nothing can be written the person is told once and the conversation goes on', () => {
	mkdirSync(join(folder, 'state'));
	writeFileSync(join(folder, 'state', 'qwill'), 'a file in the way');
	const journal = createJournal(about());
	journal.append(note('x'));
	journal.sync();
	journal.close();
	assert.equal(journal.path, undefined);
	assert.equal(warnings.length, 1);
	assert.match(warnings[0]!, /No journal of this conversation is kept/);
});

test('a full disk is told once, and what was kept before stays whole', { skip: !existsSync('/dev/full') }, async () => {
	const { openAppender } = await import('../../src/agent/appender.js');
	const appender = openAppender('/dev/full', { fresh: false, warn: sentence => warnings.push(sentence) });
	appender.line(note('a'));
	appender.line(note('b'));
	appender.sync();
	appender.close();
	assert.equal(warnings.length, 1);
	assert.match(warnings[0]!, /\/dev\/full cannot be written .*goes on/);
});

test('an ephemeral conversation leaves nothing', () => {
	const journal = ephemeralJournal();
	journal.append(asked('secret'));
	journal.close();
	assert.equal(existsSync(join(folder, 'state')), false);
});

test('a list shows title, turns, branch and age, newest first, without reading the middle', () => {
	const old = createJournal({ ...about(), branch: 'main' });
	old.append(asked('  why does\nsum fail?  '));
	old.append(done);
	old.close();
	utimesSync(pathOf(old), new Date('2020-01-01'), new Date('2020-01-01'));
	const large = createJournal(about());
	large.append(asked('first'));
	for (let count = 0; count < 30; count++) large.append(note('x'.repeat(20_000)));
	large.append(asked('second'));
	large.rename('big one');
	for (let count = 0; count < 2; count++) large.append(note('y'.repeat(20_000)));
	large.close();
	writeFileSync(join(dirname(pathOf(old)), 'stray.jsonl'), 'nonsense');
	const [first, second, ...rest] = listJournals(root);
	assert.deepEqual(rest, []);
	assert.deepEqual([first?.title, first?.turns, first?.id], ['big one', 2, large.id]);
	assert.deepEqual(
		[second?.title, second?.turns, second?.branch, second?.modified.getUTCFullYear()],
		['why does sum fail?', 1, 'main', 2020],
	);
	assert.deepEqual(listJournals(join(folder, 'elsewhere')), []);
});

test('a conversation is found by id, beginning of the id, or name; else the candidates are named', () => {
	const ids = ['11111111-1111-4111-8111-111111111111', '11111111-2222-4222-8222-222222222222'];
	const journals = ids.map(id => createJournal({ ...about(), id }));
	journals[0]?.append(asked('first question'));
	journals[1]?.append(asked('second question'));
	journals[1]?.rename('Talk');
	for (const journal of journals) journal.close();
	assert.equal(findJournal(root, ids[0]!).id, ids[0]);
	assert.equal(findJournal(root, '11111111-2').id, ids[1]);
	assert.equal(findJournal(root, 'talk').id, ids[1]);
	assert.throws(
		() => findJournal(root, '1111'),
		(error: unknown) => error instanceof Refusal && error.exitCode === 42 && /fits 2 conversations.*first question/.test(error.message),
	);
	assert.throws(() => findJournal(root, 'nothing'), /No conversation "nothing" in this folder\. The newest: 11111111 \(/);
	assert.throws(() => findJournal(join(folder, 'other'), 'x'), /this folder has none yet/);
});

test('old conversations are removed after their days, open and new ones are not', () => {
	const ago = (journal: { path: string | undefined }, days: number): void =>
		utimesSync(pathOf(journal), new Date(), new Date(Date.now() - days * 86_400_000));
	const [old, open, fresh] = [createJournal(about()), createJournal({ ...about(), root: join(folder, 'other') }), createJournal(about())];
	old.close();
	fresh.close();
	ago(old, 31);
	ago(open, 31);
	ago(fresh, 29);
	assert.deepEqual(removeOldJournals(30), [old.path]);
	assert.throws(() => removeJournal(pathOf(open)), /is open in another qwill/);
	open.close();
	removeJournal(pathOf(open));
	assert.deepEqual(
		[old, open, fresh].map(journal => existsSync(pathOf(journal))),
		[false, false, true],
	);
});

test('a lock of a process that never lived, or of a reused id, counts for nothing', () => {
	const journal = createJournal(about());
	journal.close();
	const lock = (owner: string): string => join(dirname(pathOf(journal)), `${basename(pathOf(journal))}.lock-${owner}`);
	for (const owner of ['999999999-0', `${process.ppid}-1`, 'nonsense', '-5-5']) writeFileSync(lock(owner), '');
	const opened = openJournal(pathOf(journal), about());
	assert.equal(opened.forked, false);
	opened.journal.close();
	assert.deepEqual(readdirSync(dirname(pathOf(journal))), [basename(pathOf(journal))]);
});

test('a journal that may only be read goes on in memory, with a word', { skip: process.getuid?.() === 0 }, () => {
	const journal = createJournal(about());
	journal.append(note('x'));
	journal.close();
	chmodSync(dirname(pathOf(journal)), 0o500);
	const opened = openJournal(pathOf(journal), about());
	opened.journal.append(note('y'));
	assert.deepEqual(opened.past.events, [note('x')]);
	chmodSync(dirname(pathOf(journal)), 0o700);
	assert.equal(warnings.length, 1);
});
