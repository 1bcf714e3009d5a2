import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { actingIn } from '../src/acting.js';
import { guidanceIn } from '../src/guidance.js';
import { places } from '../src/places.js';
import { trust } from '../src/trust.js';

let folder: string;
let root: string;

beforeEach(() => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-guidance-')));
	root = join(folder, 'project');
	process.env.XDG_CONFIG_HOME = join(folder, 'config');
	process.env.XDG_STATE_HOME = join(folder, 'state');
	mkdirSync(join(root, '.git'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, text: string, base = root) => {
	mkdirSync(dirname(join(base, path)), { recursive: true });
	writeFileSync(join(base, path), text);
};
const look = (at = root, asking: Partial<Parameters<typeof guidanceIn>[1]> = {}) =>
	guidanceIn(at, { bare: false, trustNow: false, how: '/trust', ...asking });
const told = async (at = root, trustNow = true) => (await look(at, { trustNow })).instructions.map(({ path, text }) => `${path}: ${text}`);

test('instructions come from the top of the repository down to the folder, the nearest last', async () => {
	put('AGENTS.md', 'top');
	put('packages/AGENTS.md', 'middle');
	put('packages/app/AGENTS.md', 'here');
	put('packages/app/src/AGENTS.md', 'below');
	assert.deepEqual(await told(join(root, 'packages/app')), ['../../AGENTS.md: top', '../AGENTS.md: middle', 'AGENTS.md: here']);
});

test('without a repository only the folder itself counts', async () => {
	put('AGENTS.md', 'above', folder);
	rmSync(join(root, '.git'), { recursive: true });
	put('AGENTS.md', 'here');
	assert.deepEqual(await told(), ['AGENTS.md: here']);
});

test('of each folder the first name counts: the override, then AGENTS.md, QWEN.md and CLAUDE.md', async () => {
	const names = ['CLAUDE.md', 'QWEN.md', 'AGENTS.md', 'AGENTS.override.md'];
	for (const name of names) {
		put(name, name);
		assert.deepEqual(await told(), [`${name}: ${name}`]);
	}
});

test("the person's own instructions come first and always count, through a link too", async () => {
	put('dotfiles/qwill.md', 'Be kind.', folder);
	mkdirSync(places.config(), { recursive: true });
	symlinkSync(join(folder, 'dotfiles/qwill.md'), join(places.config(), 'AGENTS.md'));
	put('AGENTS.md', 'Use tabs.');
	const own = join(folder, 'dotfiles/qwill.md');
	assert.deepEqual(await told(root, true), [`${own}: Be kind.`, 'AGENTS.md: Use tabs.']);
	assert.deepEqual(await told(root, false), [`${own}: Be kind.`]);
	assert.deepEqual((await look(root, { bare: true, trustNow: true })).instructions, []);
});

test('what is not trusted is not opened, and one line says that it is there', async () => {
	put('AGENTS.md', 'x'.repeat(1648));
	put('.qwill/config.json', '{}');
	put('.qwill/commands/review.md', 'Review.');
	const { instructions, commands, notes } = await look();
	assert.deepEqual([instructions, commands], [[], []]);
	assert.deepEqual(notes, [
		'This folder has settings, instructions and commands (AGENTS.md, about 412 tokens; .qwill/config.json; .qwill/commands). Inert until you trust them: /trust',
	]);
	rmSync(join(root, 'AGENTS.md'));
	mkdirSync(join(root, 'AGENTS.md')); // Opening it would be told.
	assert.equal((await look()).notes.length, 1);
});

test('a folder that has nothing that acts says nothing', async () => {
	put('README.md', 'Hello.');
	assert.deepEqual(await look(), { instructions: [], commands: [], notes: [] });
});

test('exactly the bytes that were trusted count; a change is told and counts for nothing', async () => {
	put('AGENTS.md', 'Use tabs.');
	trust(root, 'AGENTS.md', readFileSync(join(root, 'AGENTS.md')));
	assert.deepEqual(await told(root, false), ['AGENTS.md: Use tabs.']);
	assert.deepEqual((await look()).notes, []);
	put('AGENTS.md', 'Use tabs!');
	put('QWEN.md', 'unused');
	put('.qwill/config.json', '{}');
	assert.deepEqual(await told(root, false), []);
	assert.deepEqual((await look()).notes, [
		'This folder has settings (.qwill/config.json). Inert until you trust them: /trust',
		'AGENTS.md has changed since you trusted it. Inert until you trust it again: /trust',
	]);
});

test('trust of a folder is not trust of the folders in it', async () => {
	put('AGENTS.md', 'top');
	put('inner/a.txt', '');
	trust(root, 'AGENTS.md', Buffer.from('top'));
	assert.deepEqual(await told(join(root, 'inner'), false), []);
});

test('comments are for people, but not in code', async () => {
	put('AGENTS.md', 'Use tabs.\n<!-- why:\nbecause -->\n```html\n<!-- kept -->\n```\nEnd.<!-- open');
	assert.deepEqual(await told(), ['AGENTS.md: Use tabs.\n```html\n<!-- kept -->\n```\nEnd.']);
});

test('imports follow the file that names them, relative to it, once each, four deep', async () => {
	put('AGENTS.md', 'See @docs/style.md and @docs/style.md, not `@docs/no.md`, and ask @ann at ann@example.org about @types/node.');
	put('docs/style.md', 'Style: @more/one.md and back to @../AGENTS.md');
	put('docs/no.md', 'never');
	put('docs/more/one.md', '@two.md');
	put('docs/more/two.md', '@three.md');
	put('docs/more/three.md', '@four.md');
	put('docs/more/four.md', 'too deep');
	const { instructions, notes } = await look(root, { trustNow: true });
	assert.deepEqual(
		instructions.map(({ path }) => path),
		['AGENTS.md', 'docs/style.md', 'docs/more/one.md', 'docs/more/two.md', 'docs/more/three.md'],
	);
	assert.deepEqual(notes, []);
});

test('an import that is not trusted itself is left out and told', async () => {
	put('AGENTS.md', 'See @style.md.');
	put('style.md', 'Style.');
	trust(root, 'AGENTS.md', Buffer.from('See @style.md.'));
	assert.deepEqual(await told(root, false), ['AGENTS.md: See @style.md.']);
	assert.match((await look()).notes.join('|'), /^This folder has instructions \(style\.md, about 2 tokens\)/);
});

for (const [what, target] of [
	['outside the project', '@../secret.md'],
	['outside through a link', '@link.md'],
	['a secret', '@.env'],
	["git's own", '@.git/config'],
] as const)
	test(`an import that is ${what} is left out and told: ${target}`, async () => {
		put('secret.md', 'SECRET', folder);
		put('.env', 'SECRET');
		put('.git/config', 'SECRET');
		symlinkSync(join(folder, 'secret.md'), join(root, 'link.md'));
		put('AGENTS.md', `Read ${target} first.`);
		const { instructions, notes } = await look(root, { trustNow: true });
		assert.ok(!JSON.stringify(instructions).includes('SECRET'));
		assert.deepEqual(notes, [`${target} in AGENTS.md leads outside this project, or is private; it is left out.`]);
	});

for (const [what, make, says] of [
	['binary', () => writeFileSync(join(root, 'AGENTS.md'), 'a\0b'), /^AGENTS\.md is not used: AGENTS\.md is binary/],
	['a folder', () => mkdirSync(join(root, 'AGENTS.md')), /^AGENTS\.md is not used: AGENTS\.md is a folder/],
	['a link out', () => symlinkSync('/etc/passwd', join(root, 'AGENTS.md')), /^AGENTS\.md is not used: .*leads outside/],
	['huge', () => put('AGENTS.md', 'x'.repeat(1_000_001)), /^AGENTS\.md is not used: it is larger than 1 MB/],
] as const)
	test(`instructions that are ${what} are told and not used`, async () => {
		make();
		const { instructions, notes } = await look(root, { trustNow: true });
		assert.deepEqual(instructions, []);
		assert.match(notes.join('|'), says);
	});

test('to be shown, everything is opened and followed, trusted or not', async () => {
	put('AGENTS.md', 'See @style.md.');
	put('style.md', 'Style.');
	put('.qwill/commands/git/review.md', 'Review.');
	const { files, unopened } = await actingIn(root, { all: true });
	assert.deepEqual(
		files.map(({ path, kind, state, text }) => [path, kind, state, text]),
		[
			['AGENTS.md', 'instructions', 'new', 'See @style.md.'],
			['style.md', 'instructions', 'new', 'Style.'],
			['.qwill/commands/git/review.md', 'command', 'new', 'Review.'],
		],
	);
	assert.deepEqual(unopened, []);
});
