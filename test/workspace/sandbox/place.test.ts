/** What the box shows of a machine and closes in a folder, and how it says why there is none. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { coverControls } from '../../../src/workspace/sandbox/control.js';
import { guardedSettings, tooWide } from '../../../src/workspace/sandbox/place.js';
import { named } from '../../../src/workspace/sandbox/probe.js';
import { privateIn } from '../../../src/workspace/sandbox/secrets.js';
import { toolFolders } from '../../../src/workspace/sandbox/tools.js';
import { put, shell } from '../world.js';
import { place } from './boxes.js';

test('of the PATH, folders of programs are shown with what belongs to them, and no more', () => {
	const { base, root } = place();
	const home = join(base, 'home');
	const at = (path: string, ...files: string[]) => {
		for (const file of files) put(home, `${path}/${file}`, '');
		return join(home, path);
	};
	const path = [
		at('.nvm/versions/node/v24/bin', 'node', '../lib/node_modules/npm/x'),
		at('.cargo/bin', 'cargo', '../credentials.toml', '../registry/x'),
		at('.local/bin', 'tool', '../share/keyrings/x'),
		at('code/app/bin', 'run', '../.git/config', '../lib/x'),
		at('scripts', 'go.sh'),
		at('code/web/node_modules/.bin', 'tsc', '../typescript/x'),
		join(root, 'node_modules/.bin'),
		'/usr/bin',
		'relative/bin',
		'/no/such/folder',
		home,
		'',
	].join(':');
	mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
	put(home, 'code/elsewhere/linked', '');
	symlinkSync('../../code/elsewhere/linked', join(home, '.local/bin/linked'));
	const shown = toolFolders({ path, home, root }).map(({ at }) => at.slice(home.length + 1));
	assert.deepEqual(shown.sort(), [
		'.cargo/bin',
		'.cargo/registry',
		'.local/bin',
		'.nvm',
		'code/app/bin',
		'code/elsewhere/linked',
		'code/web/node_modules',
		'scripts',
	]);
});

test('secrets and repositories are found at any depth, and again when they come and go', () => {
	const { root } = place();
	for (const file of ['.env', 'a/b/.env.local', 'a/.env.example', 'a/b/.git/config', 'node_modules/x/.env', 'k/id_ed25519', 'venv/.env'])
		put(root, file, 'x');
	mkdirSync(join(root, 'py/.env/bin'), { recursive: true });
	put(root, 'py/.env/bin/python', '');
	symlinkSync('a/b/c', join(root, '.env.production'));
	put(root, 'a/b/c', 'x');
	symlinkSync('/etc/passwd', join(root, '.netrc'));
	const look = privateIn(root);
	const found = (kind: 'secrets' | 'repositories') =>
		look()
			[kind].map(path => path.slice(root.length + 1))
			.sort();
	assert.deepEqual(found('secrets'), ['.env', 'a/b/.env.local', 'a/b/c', 'k/id_ed25519']);
	assert.deepEqual(found('repositories'), ['a/b/.git']);
	put(root, 'new/.env', 'x');
	shell(root, 'rm -r k');
	assert.deepEqual(found('secrets'), ['.env', 'a/b/.env.local', 'a/b/c', 'new/.env']);
});

test('of the system’s settings, what is closed to others and open to this person is closed, and no more', () => {
	const guarded = guardedSettings();
	const asRoot = process.getuid?.() === 0;
	if (existsSync('/etc/shadow')) assert.equal(guarded.includes('/etc/shadow'), asRoot);
	assert.ok(!guarded.includes('/etc/passwd'));
	for (const path of guarded) assert.ok((statSync(path).mode & 0o005) !== 0o005, path);
});

test('the temporary folder of a person on macOS is too wide, one in it is not', () => {
	const temporary = '/private/var/folders/ab/c1d2e3/T';
	for (const path of ['/private/var/folders', '/private/var/folders/ab', temporary])
		assert.match(tooWide(path) ?? '', /is too wide a folder/);
	assert.equal(tooWide(`${temporary}/work`), undefined);
});

test('names that programs start from are covered while commands run, and gone with the last of them', () => {
	const { root } = place();
	mkdirSync(join(root, '.vscode'));
	const [one, two] = [coverControls(root), coverControls(root)];
	const names = ['.husky', '.idea', '.mcp.json', '.qwill', '.vscode'];
	assert.deepEqual(one.paths.map(path => path.slice(root.length + 1)).sort(), names);
	assert.deepEqual(readdirSync(root), names);
	one.release();
	one.release();
	assert.deepEqual(readdirSync(root), names);
	two.release();
	assert.deepEqual(readdirSync(root), ['.vscode']);
	assert.deepEqual(readdirSync(join(process.env.XDG_CACHE_HOME!, 'qwill/covers')), []);
});

test('what another program put in the place of a cover stays', () => {
	const { root } = place();
	const covers = coverControls(root);
	rmdirSync(join(root, '.idea'));
	mkdirSync(join(root, '.idea'));
	rmdirSync(join(root, '.mcp.json'));
	writeFileSync(join(root, '.mcp.json'), '{}');
	writeFileSync(join(root, '.husky/x'), '');
	covers.release();
	assert.deepEqual(readdirSync(root), ['.husky', '.mcp.json', ...(existsSync(join(root, '.idea')) ? ['.idea'] : [])].sort());
	assert.ok(existsSync(join(root, '.husky/x')));
});

test('covers that a dead program left go with the next command', () => {
	const { base, root } = place();
	const script = `const { coverControls } = await import(${JSON.stringify(join(import.meta.dirname, '../../../src/workspace/sandbox/control.ts'))});
		coverControls(${JSON.stringify(root)}); MORE`;
	const run = (more: string) =>
		shell(base, '"$NODE" --import tsx --input-type=module -e "$SCRIPT" || true', {
			NODE: process.execPath,
			SCRIPT: script.replace('MORE', more).replace(root, more.includes('kill') ? root : join(base, 'outside')),
			NODE_PATH: '',
		});
	shell(base, `ln -s ${join(import.meta.dirname, '../../../node_modules')} node_modules`);
	run("process.kill(process.pid, 'SIGKILL')");
	assert.ok(existsSync(join(root, '.qwill')));
	run('process.exit()');
	assert.deepEqual(readdirSync(root), []);
});

test('a folder that cannot be written to needs no covers', { skip: process.getuid?.() === 0 && 'root may write everywhere' }, () => {
	const { root } = place();
	chmodSync(root, 0o555);
	const covers = coverControls(root);
	assert.deepEqual(covers.paths, []);
	covers.release();
	chmodSync(root, 0o755);
});

const reasons: readonly [string, Partial<Record<string, string>>, boolean, RegExp, RegExp | undefined][] = [
	[
		'user namespaces are switched off',
		{ 'user/max_user_namespaces': '0' },
		false,
		/user\.max_user_namespaces is 0/,
		/^sysctl -w user\.max/,
	],
	['as on older Debian', { 'kernel/unprivileged_userns_clone': '0' }, false, /unprivileged_userns_clone is 0/, /^sysctl -w kernel\.unpriv/],
	['AppArmor', { 'kernel/apparmor_restrict_unprivileged_userns': '1' }, false, /^AppArmor forbids/, /AppArmor profile/],
	['a container', { 'kernel/apparmor_restrict_unprivileged_userns': '1' }, true, /^this container .*\(no\)/, /--security-opt/],
	['something else', { 'user/max_user_namespaces': '15000' }, false, /^bubblewrap does not work here \(no\)$/, undefined],
];
for (const [what, switches, container, why, fix] of reasons)
	test(`why there is no box: ${what}`, () => {
		const reason = named({ said: 'no', sysctl: name => switches[name], container });
		assert.match(reason.why, why);
		if (fix) assert.match(reason.fix ?? '', fix);
		else assert.equal(reason.fix, undefined);
	});
