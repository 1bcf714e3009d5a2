import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { openGit } from '../../src/workspace/git.js';
import { attacks } from '../accept/attacks.js';
import { put, refusedWith, shell, tree, type World, world } from './world.js';

/** The person of these tests has a global configuration with a name, and no other. */
const person = world();
put(person.base, 'home/.gitconfig', '[user]\n\tname = Ann Example\n\temail = ann@example.org\n');
beforeEach(() => {
	process.env.HOME = join(person.base, 'home');
	delete process.env.XDG_CONFIG_HOME;
});

/** A repository with one commit of `files`. */
function repository(files: Record<string, string> = { 'a.txt': 'one\n' }): World {
	const place = world(files);
	shell(place.root, 'git init -q -b main . && git add -A && git commit -q -m first');
	return place;
}
const subject = (root: string) => shell(root, 'git log -1 --format=%s').trim();

test('status, diff, log, blame and branch say what git says', async () => {
	const { root } = repository({ 'a.txt': 'one\n', 'sub/b.txt': 'b\n' });
	put(root, 'a.txt', 'two\n');
	put(root, 'neu ü.txt', 'x');
	const git = openGit(root);
	assert.equal(await git.branch(), 'main');
	assert.equal(await git.status(), '## main\n M a.txt\n?? "neu ü.txt"\n');
	assert.equal(await git.diff(), shell(root, 'git diff --no-ext-diff'));
	assert.equal(await git.diff({ path: 'sub' }), '');
	assert.match(await git.log(), /^[0-9a-f]{7,} \d{4}-\d\d-\d\d Ann Example: first$/);
	assert.match(await git.blame('sub/b.txt'), /Ann Example .* 1\) b\n$/);
	shell(root, 'git add a.txt');
	assert.equal(await git.diff(), '');
	assert.match(await git.diff({ staged: true }), /^\+two$/m);
	assert.match(await git.diff({ rev: 'HEAD' }), /^\+two$/m);
	assert.deepEqual(await git.staged(), ['a.txt']);
});

test('a folder below the top sees and names only its own', async () => {
	const { root } = repository({ 'a.txt': 'one\n', 'sub/b.txt': 'b\n' });
	put(root, 'a.txt', 'SECRET\n');
	put(root, 'sub/b.txt', 'B\n');
	shell(root, 'git add -A');
	const git = openGit(join(root, 'sub'));
	assert.doesNotMatch(`${await git.diff({ staged: true })}${await git.status()}${await git.diff({ rev: 'HEAD' })}`, /SECRET/);
	assert.deepEqual(await git.staged(), ['b.txt']);
	assert.match(await git.blame('b.txt'), /b|B/);
	await assert.rejects(git.blame('../a.txt'), refusedWith(/outside the workspace/));
});

test('commits what is staged, and leaves the rest', async () => {
	const { root } = repository({ 'a.txt': 'one\n', 'b.txt': 'one\n' });
	put(root, 'a.txt', 'two\n');
	put(root, 'b.txt', 'two\n');
	shell(root, 'git add a.txt');
	const id = await openGit(root).commit('Change a', ['b.txt']);
	assert.equal(id, shell(root, 'git rev-parse --short HEAD').trim());
	assert.equal(shell(root, 'git show --name-only --format=%s%n%an%n%cn').trim(), 'Change a\nAnn Example\nAnn Example\n\na.txt');
	assert.equal(shell(root, 'git status --porcelain'), ' M b.txt\n');
});

test('commits exactly the given paths when nothing is staged, new and deleted ones too', async () => {
	const { root } = repository({ 'a.txt': 'one\n', 'gone.txt': 'x\n', 'other.txt': 'x\n' });
	put(root, 'a.txt', 'two\n');
	put(root, 'new/-dash *.txt', 'x');
	put(root, 'other.txt', 'y\n');
	shell(root, 'rm gone.txt');
	await openGit(root).commit('m', ['a.txt', 'new/-dash *.txt', 'gone.txt']);
	assert.deepEqual(shell(root, 'git show --name-status --format= -z').split('\0').filter(Boolean), [
		'M',
		'a.txt',
		'D',
		'gone.txt',
		'A',
		'new/-dash *.txt',
	]);
	assert.equal(shell(root, 'git status --porcelain'), ' M other.txt\n');
});

test('the message is stored byte for byte, whatever it looks like', async () => {
	const { root } = repository();
	for (const message of [
		'-m evil',
		'--amend',
		'# only a comment',
		'x\u001b]0;t\u0007',
		'Merge café list\n\n- 中文\n- b',
		'Erster Absatz\n\nüber\n\n第三段\n',
	]) {
		put(root, 'a.txt', `${message}!\n`);
		await openGit(root).commit(message, ['a.txt']);
		assert.equal(shell(root, 'git cat-file commit HEAD').split('\n\n').slice(1).join('\n\n'), message);
	}
	await assert.rejects(openGit(root).commit('a\0b', ['a.txt']), refusedWith(/cannot store/));
	await assert.rejects(openGit(root).commit(' \n', ['a.txt']), refusedWith(/message is empty/));
});

test('a commit that cannot be is refused with the reason, and the index stays byte for byte', async () => {
	const { root } = repository({ 'a.txt': 'one\n' });
	const git = openGit(root);
	const index = () => shell(root, 'git ls-files -s');
	const before = index();
	await assert.rejects(git.commit('m', []), refusedWith(/Nothing to commit/));
	await assert.rejects(git.commit('m', ['a.txt']), refusedWith(/Nothing to commit/));
	await assert.rejects(git.commit('m', ['nope.txt']), refusedWith(/nope\.txt/));
	await assert.rejects(git.commit('m', ['.git/config']), refusedWith(/git’s own data|git's own data/));
	put(root, 'a.txt', 'two\n');
	writeFileSync(join(root, '.git/index.lock'), '');
	await assert.rejects(git.commit('m', ['a.txt']), refusedWith(/index\.lock/));
	assert.ok(existsSync(join(root, '.git/index.lock')));
	shell(root, 'rm .git/index.lock; git checkout -q --detach');
	await assert.rejects(git.commit('m', ['a.txt']), refusedWith(/detached.*git switch -c/));
	assert.match((await git.branch()) ?? '', /^detached at [0-9a-f]{7}/);
	assert.equal(index(), before);
});

test('without a name no commit is made, and the command to set one is told', async () => {
	const { root } = repository();
	put(root, 'a.txt', 'two\n');
	process.env.HOME = join(person.base, 'nobody');
	await assert.rejects(openGit(root).commit('m', ['a.txt']), refusedWith(/git config user\.name/));
	shell(root, 'git config user.name Local; git config user.email l@example.org');
	await openGit(root).commit('m', ['a.txt']);
	assert.equal(shell(root, 'git log -1 --format=%an').trim(), 'Local');
});

test('in the midst of a merge reading works and committing does not', async () => {
	const { root } = repository();
	shell(
		root,
		'git checkout -q -b side; echo side > a.txt; git commit -qam side; git checkout -q main; echo main > a.txt; git commit -qam main; git merge -q side || true',
	);
	const git = openGit(root);
	assert.match(await git.status(), /^UU a\.txt$/m);
	assert.match(await git.diff(), /^\+\+<<<<<<</m);
	await assert.rejects(git.commit('m', ['a.txt']), refusedWith(/A merge is under way/));
});

test('a repository without commits and a folder without repository answer plainly', async () => {
	const empty = world({ 'a.txt': 'x' });
	shell(empty.root, 'git init -q -b main .');
	const git = openGit(empty.root);
	assert.equal(await git.branch(), 'main');
	assert.match(await git.status(), /No commits yet on main/);
	assert.equal(await git.diff(), '');
	await assert.rejects(git.log(), refusedWith(/no commit yet/));
	await assert.rejects(git.diff({ rev: 'HEAD' }), refusedWith(/HEAD is no commit/));
	assert.match(await git.commit('first', ['a.txt']), /^[0-9a-f]{7}/);
	assert.equal(subject(empty.root), 'first');

	const none = world();
	assert.equal(await openGit(none.root).branch(), undefined);
	await assert.rejects(openGit(none.root).status(), refusedWith(/no git repository/));
	const path = process.env.PATH;
	process.env.PATH = join(none.base, 'nothing');
	try {
		assert.equal(await openGit(empty.root).branch(), undefined);
		await assert.rejects(openGit(empty.root).status(), refusedWith(/git is not installed/));
	} finally {
		process.env.PATH = path;
	}
});

test('a git inside the workspace is never the one that is run', async () => {
	const { root } = repository();
	put(root, 'bin/git', '#!/bin/sh\ntouch ran\n');
	chmodSync(join(root, 'bin/git'), 0o755);
	const path = process.env.PATH;
	process.env.PATH = `${join(root, 'bin')}:${path}`;
	try {
		assert.match(await openGit(root).status(), /## main/);
		assert.ok(!existsSync(join(root, 'ran')));
	} finally {
		process.env.PATH = path;
	}
});

test('work goes on in a linked work tree and in a submodule', async () => {
	const place = repository();
	shell(
		place.root,
		'git worktree add -q ../linked -b linked; git -c protocol.file.allow=always submodule add -q "$PWD" sub 2>/dev/null; git commit -qm sub',
	);
	const linked = join(place.base, 'linked');
	put(linked, 'a.txt', 'two\n');
	assert.equal(await openGit(linked).branch(), 'linked');
	await openGit(linked).commit('in linked', ['a.txt']);
	assert.equal(subject(linked), 'in linked');
	put(place.root, 'sub/a.txt', 'two\n');
	await openGit(join(place.root, 'sub')).commit('in sub', ['a.txt']);
	assert.equal(subject(join(place.root, 'sub')), 'in sub');
});

test('a .git that points elsewhere without being pointed back to is refused', async () => {
	const victim = repository();
	const place = world({ '.git': `gitdir: ${victim.root}/.git\n` });
	await assert.rejects(openGit(place.root).status(), refusedWith(/does not point back/));
	const other = world();
	symlinkSync(join(victim.root, '.git'), join(other.root, '.git'));
	await assert.rejects(openGit(other.root).status(), refusedWith(/not a folder but a link/));
});

test('files with a filter are not committed raw', async () => {
	const { root } = repository({ '.gitattributes': '*.bin filter=lfs\n', 'a.txt': 'x\n' });
	shell(root, 'git config filter.lfs.clean "git-lfs clean -- %f"; git config filter.lfs.required true');
	put(root, 'a.bin', 'big');
	const before = shell(root, 'git ls-files -s');
	await assert.rejects(openGit(root).commit('m', ['a.bin']), refusedWith(/Not committed: a\.bin uses the filter 'lfs'/));
	assert.equal(shell(root, 'git ls-files -s'), before);
});

test('hooks do not run, and the result says so', async () => {
	const { root } = repository();
	put(root, '.git/hooks/pre-commit', '#!/bin/sh\ntouch ran\nexit 1\n');
	put(root, '.git/hooks/post-commit', '#!/bin/sh\ntouch ran\n');
	shell(root, 'chmod +x .git/hooks/p*');
	put(root, 'a.txt', 'two\n');
	assert.match(
		await openGit(root).commit('m', ['a.txt']),
		/^[0-9a-f]{7,} \(the repository's hooks were not run: post-commit, pre-commit\)$/,
	);
	assert.ok(!existsSync(join(root, 'ran')));
});

test('line endings of the person’s own settings decide what is stored', async () => {
	const { root } = repository();
	put(person.base, 'crlf/.gitconfig', '[user]\n\tname = A\n\temail = a@b\n[core]\n\tautocrlf = input\n');
	process.env.HOME = join(person.base, 'crlf');
	put(root, 'w.txt', 'a\r\nb\r\n');
	await openGit(root).commit('m', ['w.txt']);
	assert.equal(shell(root, 'git cat-file blob HEAD:w.txt'), 'a\nb\n');
});

test('names of commits that are more than names are refused, ordinary ones found', async () => {
	const { root } = repository();
	shell(root, 'git branch feature/login-2; git tag v1; git commit -q --allow-empty -m second');
	const git = openGit(root);
	for (const rev of [
		'-vu',
		'--',
		'--output=P',
		'main;touch P',
		'HEAD^{/x}',
		'a..b',
		'refs/../x',
		'x.lock',
		'a\0b',
		'.hidden',
		'x/',
		'$(touch P)',
		'HEAD:f.txt',
		'@{-1}',
		'nope',
		'',
		'main@{upstream}',
		'dead',
	]) {
		await assert.rejects(git.diff({ rev }), refusedWith(/is no commit, branch or tag/), rev);
	}
	for (const rev of ['HEAD', 'HEAD~1', 'HEAD^', 'main', 'feature/login-2', 'v1', shell(root, 'git rev-parse HEAD').trim(), 'main~1^0'])
		assert.equal(await git.diff({ rev }), '');
});

test('paths are taken as the names they are', async () => {
	const { root } = repository({ ':!x': 'a\n', '--output=P': 'a\n', '*': 'a\n', b: 'b\n' });
	for (const path of [':!x', '--output=P', '*']) {
		put(root, path, 'changed\n');
		put(root, 'b', 'changed\n');
		const diff = await openGit(root).diff({ path });
		assert.match(diff, /^\+changed$/m);
		assert.equal(diff.match(/^diff --git/gm)?.length, 1);
		assert.match(await openGit(root).log({ path }), /first/);
	}
	assert.ok(!existsSync(join(root, 'P')));
	for (const path of ['/etc/passwd', '../x', 'a\0b', '.git/config']) await assert.rejects(openGit(root).diff({ path }), refusedWith(/./));
});

test('a history with control characters is shown with them written out', async () => {
	const { root } = repository();
	shell(root, `git -c user.name="$(printf 'a\\033[2Jb')" commit -q --allow-empty -m "$(printf 's\\033]0;t\\007\\nbody')"`);
	const first = (await openGit(root).log()).split('\n')[0] ?? '';
	assert.match(first, /<U\+001B>\[2Jb: s<U\+001B>\]0;t<U\+0007>/);
});

test('a broken index is told in a sentence and left as it is', async () => {
	const { root } = repository();
	shell(root, 'head -c 40 .git/index > i && mv i .git/index');
	const before = readFileSync(join(root, '.git/index'));
	put(root, 'a.txt', 'two\n');
	await assert.rejects(openGit(root).commit('m', ['a.txt']), refusedWith(/^git: /));
	assert.deepEqual(readFileSync(join(root, '.git/index')), before);
});

test('nothing of the person’s environment steers git', async () => {
	const { root, base } = repository();
	const planted = {
		GIT_CONFIG_PARAMETERS: `'core.fsmonitor=touch ${base}/ran'`,
		GIT_DIR: '/nonexistent',
		GIT_INDEX_FILE: '/nonexistent',
		GIT_EXTERNAL_DIFF: `touch ${base}/ran`,
		GIT_PAGER: `touch ${base}/ran`,
	};
	Object.assign(process.env, planted);
	try {
		put(root, 'a.txt', 'two\n');
		assert.match(await openGit(root).diff(), /^\+two$/m);
		assert.ok(!existsSync(join(base, 'ran')));
	} finally {
		for (const name of Object.keys(planted)) delete process.env[name];
	}
});

let base: string | undefined;

/** The repository that plants are put into: three commits, two branches, attributes that name drivers. */
function victim(): string {
	const { root } = world();
	shell(
		root,
		`git init -q -b main .; git config user.name a; git config user.email a@b
		echo one > f.txt; echo bin > f.bin; echo k > f.filt; git add .; git commit -qm one
		echo two >> f.txt; echo bin2 > f.bin; git add .; git commit -qm two; git branch feat HEAD~1
		git checkout -q feat; echo conflict > f.txt; git commit -qam c3; git checkout -q main
		printf 'f.bin diff=evil\\nf.filt filter=evil\\n*.txt merge=evil\\n' > .gitattributes`,
	);
	return root;
}

/** The hostile repository of the attack cases, with what `plant` adds. `R`, `P` and `O` are its folders. */
function hostile(plants: readonly string[]): World & { markers: string; outside: string } {
	const place = world();
	base ??= victim();
	const env = { BASE: base, R: place.root, P: join(place.base, 'pwn'), O: join(place.base, 'outside'), HOME: join(person.base, 'home') };
	shell(
		place.base,
		`
		mk(){ printf '#!/bin/sh\\ntouch %s/%s\\n%s\\n' $P $1 "$2" > .git/evil_$1; chmod +x .git/evil_$1; echo "$R/.git/evil_$1"; }
		mkdir -p $P $O; echo keep > $O/victim.txt; cp -a $BASE/. $R; cd $R
		${plants.map(plant => `( ${plant}\n) >/dev/null 2>&1 || true\ncd $R`).join('\n')}
		echo three >> f.txt; echo b3 > f.bin; echo k2 > f.filt; rm -f $P/*`,
		env,
	);
	return { ...place, markers: env.P, outside: env.O };
}

/** Every operation of the door; each ends with its result or one plain refusal. */
async function everything(root: string): Promise<void> {
	const git = openGit(root);
	const operations = [
		() => git.branch(),
		() => git.status(),
		() => git.diff({ staged: true }),
		() => git.diff({ rev: 'HEAD~1' }),
		() => git.diff(),
		() => git.log(),
		() => git.blame('f.txt'),
		() => git.blame('f.filt'),
		async () => {
			const parcel = await git.parcel(['f.txt']);
			const [part] = await git.parts(parcel, [parcel.files.map(({ path }) => path)]);
			await git.commitParts(parcel, [{ tree: part!.tree, message: 'm' }]);
		},
	];
	for (const operation of operations) await operation().catch(error => assert.ok(refusedWith(/./)(error), String(error)));
	for (const path of ['f.txt', 'f.bin', 'f.filt'])
		await git.commit('m', [path]).catch(error => assert.ok(refusedWith(/./)(error), String(error)));
}

/** What stands here even without the folder of cases: one plant of each way that ran something unguarded. */
const ownPlants = [
	'git config core.fsmonitor "$(mk fsmonitor)"',
	'git config core.pager "$(mk pager cat)"',
	'git config filter.evil.clean "$(mk clean cat)"',
	'git config filter.evil.smudge "$(mk smudge cat)"',
	'git config filter.evil.process "$(mk process)"',
	'git config diff.evil.textconv "$(mk textconv cat)"',
	'git config diff.evil.command "$(mk command)"',
	'git config diff.external "$(mk external)"',
	'git config merge.evil.driver "$(mk driver)"',
	'git config core.hooksPath .git/h; mkdir .git/h; mk hooks; cp .git/evil_hooks .git/h/pre-commit; cp .git/evil_hooks .git/h/post-index-change',
	'git config gpg.program "$(mk gpg)"; git config log.showSignature true; git config commit.gpgSign true',
	'git config alias.status "!touch $P/alias"',
	'git config core.editor "$(mk editor)"',
	'printf "[core]\\n fsmonitor = %s\\n" "$(mk inc)" > .git/i; git config include.path i',
	'git config filter."o d.d".clean "$(mk odd cat)"; echo "*.txt filter=\\"o d.d\\"" > .git/info/attributes',
	'git init -q n; cd n; git config core.fsmonitor "$(cd ..; mk nested)"; git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x; cd ..; git add n; git -c core.hooksPath=/dev/null commit -qm n; echo x > n/x; git config diff.submodule diff; git config status.submoduleSummary true',
];

const plants = [
	...new Set([
		...ownPlants,
		...attacks('git-repo')
			.filter(one => one.part === 'plant')
			.map(one => String(one.input)),
	]),
];

test('a hostile repository runs nothing, whatever is planted, one by one', async () => {
	for (const plant of plants) {
		const { root, markers, outside } = hostile([plant]);
		await everything(root);
		assert.deepEqual(Object.keys(tree(markers)), [], plant);
		assert.equal(readFileSync(join(outside, 'victim.txt'), 'utf8'), 'keep\n', plant);
	}
});

test('a hostile repository runs nothing with everything planted at once', async () => {
	const { root, markers } = hostile(plants);
	await everything(root);
	assert.deepEqual(Object.keys(tree(markers)), []);
});

test('the plants are live: git without a guard runs them', () => {
	const { root, markers } = hostile(ownPlants);
	shell(root, 'git status >/dev/null 2>&1; git diff >/dev/null 2>&1; git add f.txt f.filt >/dev/null 2>&1; true');
	assert.ok(Object.keys(tree(markers)).length > 0);
});

test('a work tree that the repository moves outside stays where the workspace is', async () => {
	const { root, outside } = hostile(['git config core.worktree $O; cp f.txt f.bin f.filt $O/; echo mine > $O/f.txt']);
	const before = tree(outside);
	await everything(root);
	assert.deepEqual(tree(outside), before);
});

test('what differs has whole texts, from exact commits only, moved and new files told apart', async () => {
	const { root } = repository({
		'a.txt': 'one\r\n',
		'moved.txt': 'many\nlines\nof text\n',
		'gone.txt': 'x\n',
		'sub/b.txt': 'b\n',
		'.gitignore': 'out\n',
	});
	shell(root, 'git tag first && mkdir new && git mv moved.txt new/place.txt && git rm -q gone.txt');
	put(root, 'a.txt', 'two\r\n');
	put(root, 'neu ü\n.txt', 'n\n');
	put(root, 'out', 'ignored\n');
	put(root, '.env', 'SECRET=1\n');
	put(root, 'b.bin', Buffer.from([0, 255]));
	symlinkSync('/etc/passwd', join(root, 'link'));
	const git = openGit(root);
	const found = await git.differing();
	assert.deepEqual(found.map(({ path, was, before, after }) => [path, was, before, after]).sort(), [
		['.env', '.env', undefined, undefined],
		['a.txt', 'a.txt', 'one\n', 'two\n'],
		['b.bin', 'b.bin', null, undefined],
		['gone.txt', 'gone.txt', 'x\n', null],
		['link', 'link', null, undefined],
		['neu ü\n.txt', 'neu ü\n.txt', null, 'n\n'],
		['new/place.txt', 'moved.txt', 'many\nlines\nof text\n', 'many\nlines\nof text\n'],
	]);
	assert.deepEqual((await git.differing({ from: 'first', to: 'HEAD' })).length, 0);
	assert.deepEqual(await openGit(join(root, 'sub')).differing(), []);
	for (const from of ['--output=x', 'HEAD:a.txt', 'first..HEAD', '', '-p', 'nowhere'])
		await assert.rejects(git.differing({ from }), refusedWith(/is no commit, branch or tag/), from);
});
