import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ActingFile, Program } from '../../../src/chat/program.js';
import { carryOut } from './host.js';

const file = (path: string, more: Partial<ActingFile> = {}): ActingFile => {
	const text = more.text ?? `Text of ${path}.`;
	return { path, kind: 'instructions', own: false, state: 'new', bytes: Buffer.from(text), text, before: undefined, ...more };
};
/** A program in which these files act; what becomes trusted is in `yes`. */
function acting(files: ActingFile[], { notes = [], atOnce = true }: { notes?: string[]; atOnce?: boolean } = {}) {
	const yes: string[] = [];
	const program: Partial<Program> = {
		acting: async () => ({ files, notes }),
		async trust(given) {
			yes.push(...given.map(({ path }) => path));
			return atOnce;
		},
		ownCommands: () => (yes.includes('.qwill/commands/review.md') ? [{ name: 'review', purpose: 'r', message: () => 'R' }] : []),
	};
	return { program, yes };
}

describe('/trust', () => {
	it('shows what waits exactly and whole, asks once, and says what counts', async () => {
		const files = [
			file('AGENTS.md'),
			file('.qwill/config.json', { kind: 'settings', text: '{}' }),
			file('.qwill/commands/review.md', { kind: 'command' }),
			file('~/AGENTS.md', { own: true, state: 'trusted' }),
			file('old.md', { state: 'trusted' }),
		];
		const { program, yes } = acting(files, { notes: ['x.md is not used.'] });
		const { said, offered } = await carryOut('trust', '', { program, picks: ['yes'] });
		assert.deepEqual(said, [
			'x.md is not used.',
			'exactly: AGENTS.md, about 5 tokens | Text of AGENTS.md.',
			'exactly: .qwill/config.json, about 1 tokens | {}',
			'exactly: .qwill/commands/review.md, about 9 tokens | Text of .qwill/commands/review.md.',
			'The instructions count from now.',
			'New commands: /review.',
			'The settings count from the next start of qwill.',
			'went on with c1',
		]);
		assert.equal(offered.length, 1);
		assert.equal(offered[0]?.[0], 'Trust exactly these 3 files?');
		assert.deepEqual(yes, ['AGENTS.md', '.qwill/config.json', '.qwill/commands/review.md']);
	});
	it('shows the difference where a file has changed since', async () => {
		const { program, yes } = acting([file('AGENTS.md', { state: 'changed', before: 'Old.' })]);
		const { said, offered } = await carryOut('trust', '', { program, picks: ['yes'] });
		assert.equal(said[0], 'exactly: AGENTS.md has changed since you trusted it | diff AGENTS.md');
		assert.equal(offered[0]?.[0], 'Trust exactly this AGENTS.md?');
		assert.deepEqual(yes, ['AGENTS.md']);
	});
	it('trusts nothing without a yes', async () => {
		for (const pick of ['no', undefined]) {
			const { program, yes } = acting([file('AGENTS.md')]);
			assert.equal((await carryOut('trust', '', { program, picks: [pick] })).said.at(-1), 'Nothing more is trusted.');
			assert.deepEqual(yes, []);
		}
	});
	it('says that instructions wait where the model has been told others', async () => {
		const { program } = acting([file('AGENTS.md')], { atOnce: false });
		const { said } = await carryOut('trust', '', { program, picks: ['yes'] });
		assert.deepEqual(said.slice(1), ['The instructions count from the next conversation: /clear.']);
	});
	it('asks nothing where nothing waits', async () => {
		const none = await carryOut('trust', '', { program: acting([file('~/A.md', { own: true, state: 'trusted' })]).program });
		assert.deepEqual(none.said, ['This folder has no settings, instructions or commands.']);
		const all = await carryOut('trust', '', { program: acting([file('AGENTS.md', { state: 'trusted' })]).program });
		assert.deepEqual(all.said, ['Trusted as they are now: AGENTS.md.']);
		assert.deepEqual([...none.offered, ...all.offered], []);
	});
});

describe('/memory', () => {
	it('lists the instruction files with their size, and whether they count', async () => {
		const { program } = acting([
			file('~/AGENTS.md', { own: true, state: 'trusted' }),
			file('AGENTS.md', { state: 'changed', text: 'x'.repeat(4000) }),
			file('docs/a.md'),
			file('.qwill/config.json', { kind: 'settings' }),
		]);
		const [text = ''] = (await carryOut('memory', '', { program })).said;
		assert.match(
			text,
			/\| ~\/AGENTS\.md {2}about 5 tokens, yours\nAGENTS\.md {4}about 1,000 tokens, changed since you trusted it: \/trust\n/,
		);
		assert.match(text, /\ndocs\/a\.md {4}about 5 tokens, not trusted: \/trust$/);
	});
	it('says how to get one', async () =>
		assert.match((await carryOut('memory', '', { program: acting([]).program })).said[0] ?? '', /^refused: .*\/init/));
});
