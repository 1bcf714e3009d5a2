/** What a boxed command can do, seen from outside. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { returned } from '../../../src/returned.js';
import { openProcesses } from '../../../src/workspace/processes.js';
import { boxOf } from '../../../src/workspace/sandbox/box.js';
import { put, refusedWith, shell, tree } from '../world.js';
import { boxed, noBubblewrap, place } from './boxes.js';

/** A folder of the person with something to lose. */
function scene() {
	const { base, root } = place();
	put(base, 'home/.ssh/id_rsa', 'CANARY-key');
	put(base, 'home/.bashrc', 'orig');
	put(base, 'home/other-project/main.js', 'CANARY-project');
	put(base, 'outside/victim.txt', 'orig');
	put(root, 'src/a.js', 'console.log(1)\n');
	put(root, '.env', 'KEY=CANARY-env\n');
	put(root, 'packages/api/.env.local', 'KEY=CANARY-deep\n');
	put(root, 'packages/api/.env.example', 'KEY=\n');
	put(root, '.qwill/config.json', '{}');
	shell(root, 'git init -q -b main . && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x');
	symlinkSync('../outside', join(root, 'out_link'));
	return { base, root };
}

describe('in a box', { skip: noBubblewrap }, () => {
	test('it writes in its folder, and nowhere else', async () => {
		const { base, root } = scene();
		const before = [tree(join(base, 'outside')), tree(join(base, 'home'))];
		await boxed(root, 'true'); // Our own folders in the home are made by now.
		const home = tree(join(base, 'home'));
		for (const path of [
			'/etc/qwill-pwn',
			'/usr/local/bin/qwill-pwn',
			'/var/tmp/qwill-pwn',
			'/dev/shm/qwill-pwn',
			'/tmp/qwill-pwn',
			'/qwill-pwn',
		])
			await boxed(root, `echo x > ${path}`);
		await boxed(root, 'echo x >> ~/.bashrc; echo x > ../outside/victim.txt; echo x > out_link/new; rm -rf ~/.ssh; mkdir ../new');
		for (const folder of ['/etc', '/usr/local/bin', '/var/tmp', '/dev/shm', '/tmp', '/'])
			assert.ok(!existsSync(join(folder, 'qwill-pwn')), folder);
		assert.deepEqual(tree(join(base, 'outside')), before[0]);
		assert.deepEqual(tree(join(base, 'home')), home);
		assert.deepEqual(readdirSync(base).sort(), ['home', 'outside', 'ws']);
		assert.equal((await boxed(root, 'echo hi > src/new.js && mkdir deep && mv src/a.js deep')).exitCode, 0);
		assert.equal(readFileSync(join(root, 'src/new.js'), 'utf8'), 'hi\n');
		assert.ok(existsSync(join(root, 'deep/a.js')));
	});

	test('it has a temporary folder and a home of its own, empty and writable, and its tools', async () => {
		const { root } = scene();
		const ran = await boxed(root, 'ls -A /tmp /var/tmp; echo x > /tmp/a && echo x > ~/a && cat /tmp/a ~/a && node -p 1+1 && git --version');
		assert.equal(ran.exitCode, 0, ran.output);
		assert.match(ran.output, /x\nx\n2\ngit version/);
	});

	test('it reads no secret: not in the home, another project, the environment, the settings of the system', async () => {
		const { base, root } = scene();
		process.env.QWILL_TEST_TOKEN = 'CANARY-env';
		const read = [
			`cat ${base}/home/.ssh/id_rsa ${base}/home/other-project/main.js`,
			'cat .env packages/api/.env.local; cp .env copy; cat copy; dd if=.env status=none',
			"env; tr '\\0' '\\n' < /proc/1/environ; tr '\\0' ' ' < /proc/1/cmdline",
			'grep -rs CANARY / --include=id_rsa --include=main.js --include=.env* --exclude-dir=proc --exclude-dir=usr',
		];
		for (const command of read) assert.doesNotMatch((await boxed(root, command)).output, /CANARY/, command);
		assert.equal((await boxed(root, 'cat .env')).exitCode, 0);
		assert.equal((await boxed(root, 'cat packages/api/.env.example')).output, 'KEY=\n');
		const shadow = await boxed(root, 'wc -c < /etc/shadow');
		assert.notEqual(shadow.exitCode, 0, shadow.output);
		delete process.env.QWILL_TEST_TOKEN;
		assert.equal(readFileSync(join(root, '.env'), 'utf8'), 'KEY=CANARY-env\n');
	});

	test('it sees no process outside, and its descriptors are the three of a command', async () => {
		const { root } = scene();
		const other = spawn('sleep', ['100']);
		const ran = await boxed(
			root,
			`kill -9 ${other.pid}; cat /proc/${other.pid}/environ; ls /proc/self/fd | wc -l; ls /proc | grep -c '^[0-9]'`,
		);
		assert.equal(other.signalCode, null);
		other.kill();
		const [descriptors, processes] = ran.output.trim().split('\n').slice(-2).map(Number);
		// One more is the folder that is being listed.
		assert.equal(descriptors, 4);
		assert.ok(processes !== undefined && processes < 10, ran.output);
	});

	test('it reaches nobody: TCP, UDP, IPv6, sockets in files and abstract ones', async () => {
		const { base, root } = scene();
		let heard = 0;
		const server = () => createServer(socket => void (heard++ + socket.end().bytesRead));
		const [tcp, file, abstract] = [
			server().listen(0, '127.0.0.1'),
			server().listen(join(base, 'outside/s')),
			server().listen('\0qwill-box-test'),
		];
		const udp = createSocket('udp4', () => heard++).bind(0, '127.0.0.1');
		await Promise.all([tcp, file, abstract, udp].map(one => once(one, 'listening')));
		const port = (tcp.address() as { port: number }).port;
		const connect = (to: string) => `node -e "require('net').connect(${to}).on('connect',()=>console.log('CONNECTED')).on('error',()=>{})"`;
		for (const to of [`${port},'127.0.0.1'`, `${port},'::1'`, `'${base}/outside/s'`, "'\\0qwill-box-test'"])
			assert.doesNotMatch((await boxed(root, connect(to))).output, /CONNECTED/, to);
		await boxed(root, `echo x > /dev/udp/127.0.0.1/${udp.address().port}; echo x > /dev/tcp/127.0.0.1/${port}`);
		// What has arrived is told before this is.
		const last = once(udp, 'message');
		const sender = createSocket('udp4');
		sender.send('last', udp.address().port, '127.0.0.1');
		await last;
		sender.close();
		for (const one of [tcp, file, abstract, udp]) one.close();
		assert.equal(heard, 1);
	});

	test('programs talk to themselves: loopback, pairs of sockets, pipes, children', async () => {
		const { root } = scene();
		const script = `const s = require('net').createServer(c => c.end('hi')).listen(0, '127.0.0.1', () =>
			require('net').connect(s.address().port, '127.0.0.1').on('data', d => { console.log(String(d)); s.close(); }));
			require('child_process').fork('src/a.js'); require('os').networkInterfaces();`;
		const ran = await boxed(root, { program: 'node', args: ['-e', script] });
		assert.deepEqual([ran.exitCode, ran.output.trim().split('\n').sort()], [0, ['1', 'hi']]);
		const python = await boxed(root, `python3 -c "import multiprocessing as m; print(m.Pool(2).map(abs,[-1,-2]))"`);
		assert.equal(python.output, '[1, 2]\n');
	});

	test('git’s folder, our settings and those that start programs stay as they are, and nothing is left over', async () => {
		const { root } = scene();
		const before = tree(root);
		for (const command of [
			"printf '#!/bin/sh\\n' > .git/hooks/pre-commit",
			'git config core.hooksPath /tmp/h',
			'rm -rf .git',
			'mv .git git2',
			'echo 1 > .qwill/config.json; rm -rf .qwill; mv .qwill x',
			'echo x > .mcp.json; mkdir -p .vscode && echo x > .vscode/tasks.json; echo x > .idea/x; echo x > .husky/pre-commit; rmdir .husky',
			'rm -f .env; echo x > .env',
		])
			await boxed(root, command);
		assert.deepEqual(tree(root), before);
		assert.match((await boxed(root, 'git status --short; git log --oneline | wc -l')).output, /\n1\n$/);
	});

	test('a new repository below is told about', async () => {
		const { root } = scene();
		const ran = await boxed(root, 'git init -q sub');
		assert.match(ran.output, /\[This command made a repository: sub\/\.git\]/);
		assert.doesNotMatch((await boxed(root, 'true')).output, /repository/);
		// From now on it is as closed as the first one.
		await boxed(root, 'echo x > sub/.git/hooks/pre-commit');
		assert.ok(!existsSync(join(root, 'sub/.git/hooks/pre-commit')));
	});

	test('it gets no rights: no namespaces, no mounts, no set-user-id, no devices, no kernel settings', async () => {
		const { root } = scene();
		for (const command of [
			'unshare -U true',
			'unshare -Urm mount -o remount,rw /',
			'mount -t tmpfs x /tmp',
			'nsenter -t 1 -m true',
			'mknod b b 254 0',
			'grep -v "NoNewPrivs:.1" /proc/self/status | grep NoNewPrivs',
			'ls /dev | grep -E "^(sd|vd|nvme|mem|kmsg|kvm)"',
			'v=$(cat /proc/sys/kernel/core_pattern); echo "$v" > /proc/sys/kernel/core_pattern',
			'echo x > /dev/tty',
		])
			assert.notEqual((await boxed(root, command)).exitCode, 0, command);
		assert.equal((await boxed(root, "awk '/CapEff/ {print $2}' /proc/self/status")).output, '0000000000000000\n');
	});

	test('a folder of any name, a link to one, and a folder below it', async () => {
		const { base } = place();
		const odd = join(base, "a b'c%d--e\u00e9");
		put(odd, 'sub/x', '');
		assert.equal((await boxed(odd, 'echo x > f && pwd', { cwd: 'sub' })).output, `${odd}/sub\n`);
		assert.ok(existsSync(join(odd, 'sub/f')));
		await assert.rejects(boxed(odd, 'true', { cwd: '..' }), refusedWith(/outside the workspace/));
		await assert.rejects(boxed(odd, { program: 'no-such-program', args: [] }), refusedWith(/^no-such-program is not installed/));
	});

	test('a link where settings would be is refused, and leads nowhere', async () => {
		const { base, root } = place();
		symlinkSync('../outside/new', join(root, '.vscode'));
		await assert.rejects(boxed(root, 'true'), refusedWith(/\.vscode is a link, which the sandbox cannot protect; nothing was run/));
		assert.deepEqual(readdirSync(join(base, 'outside')), []);
		assert.deepEqual(readdirSync(root), ['.vscode']);
	});

	test('in a part of a repository the rest can be read, but for its secrets', async () => {
		const { base, root } = scene();
		put(root, 'packages/web/x.js', '');
		const ran = await boxed(
			join(root, 'packages/web'),
			'cat ../../src/a.js ../../.env ../api/.env.local; echo x > ../../src/a.js; echo x > y.js; git rev-parse --show-toplevel',
		);
		// Which of the two pipes is read first is a matter of luck.
		const lines = ran.output.split('\n');
		assert.ok(lines.includes('console.log(1)') && lines.includes(root), ran.output);
		assert.doesNotMatch(ran.output, /CANARY/);
		assert.equal(readFileSync(join(root, 'src/a.js'), 'utf8'), 'console.log(1)\n');
		assert.ok(existsSync(join(root, 'packages/web/y.js')) && existsSync(join(base, 'outside')));
	});

	test('the repository of a linked work tree can be read, not written', async () => {
		const { base, root } = scene();
		shell(root, `git worktree add -q ${base}/linked`);
		const linked = join(base, 'linked');
		assert.equal((await boxed(linked, 'git log --oneline | wc -l')).output, '1\n');
		const before = tree(join(root, '.git'));
		await boxed(linked, `git config a.b c; echo x > ${root}/.git/hooks/x; rm .git; echo y > .git`);
		assert.deepEqual(tree(join(root, '.git')), before);
		assert.ok(statSync(join(linked, '.git')).size > 10);
	});

	test('what compilers made is there for the next command, in the folder and in its copies apart, and for no other folder', async () => {
		const { base, root } = scene();
		mkdirSync(join(base, 'copy'));
		mkdirSync(join(base, 'other'));
		const copy = { copyOf: root, thrownAway: true };
		const keep = (what: string) => `mkdir -p $GOCACHE && echo ${what} >> $GOCACHE/made && cat $GOCACHE/made`;
		assert.equal((await boxed(root, keep('one'))).output, 'one\n');
		assert.equal((await boxed(root, keep('two'))).output, 'one\ntwo\n');
		assert.equal((await boxed(join(base, 'copy'), keep('three'), copy)).output, 'three\n');
		assert.equal((await boxed(join(base, 'copy'), keep('four'), copy)).output, 'three\nfour\n');
		assert.equal((await boxed(join(base, 'other'), keep('five'))).output, 'five\n');
		const seen = await boxed(root, `ls -R ${base}/home/cache; cat ${base}/home/cache/qwill/compiled/*/trials/go/made`);
		assert.doesNotMatch(seen.output, /three|trials\n|other-/);
		// Whoever clears the cache meanwhile loses what was in it, and no more.
		const processes = openProcesses(root, await boxOf(root, 'always'));
		rmSync(join(base, 'home/cache'), { recursive: true });
		const run = { timeoutMs: 60_000, signal: new AbortController().signal };
		assert.equal((await returned(processes.run({ shell: keep('six') }, run))).output, 'six\n');
	});

	test('folders that links of a copy lead to are read, not written', async () => {
		const { base, root } = place();
		put(base, 'project/node_modules/m/index.js', 'module.exports = 7');
		mkdirSync(join(base, 'project/secret'));
		symlinkSync(join(base, 'project/node_modules'), join(root, 'node_modules'));
		const before = tree(join(base, 'project'));
		const options = { links: [join(base, 'project/node_modules')], thrownAway: true };
		assert.equal((await boxed(root, 'node -p "require(\'m\')"', options)).output, '7\n');
		await boxed(root, `echo 8 > node_modules/m/index.js; rm -rf node_modules/m; ls ${base}/project/secret`, options);
		assert.deepEqual(tree(join(base, 'project')), before);
	});
});

test('folders that are too wide get no box, and one that has to be is refused with 44', async () => {
	const { base, root } = place();
	for (const wide of ['/', '/etc', '/etc/ssh', '/tmp', '/usr', '/usr/lib', '/home', '/var', '/proc', join(base, 'home'), base]) {
		const none = await boxOf(wide, 'where it works');
		assert.equal(none.on, false, wide);
		await assert.rejects(boxOf(wide, 'always'), { exitCode: 44, message: /^No sandbox: .*(too wide a folder|holds your home folder)/ });
	}
	writeFileSync(join(root, 'x'), '');
	assert.deepEqual(await boxOf(root, 'never'), { on: false, wish: 'never', why: 'it is switched off' });
});
