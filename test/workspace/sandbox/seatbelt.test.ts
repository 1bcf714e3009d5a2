/** The box on macOS: its profile as a text, how a command is started in it, how it is found out whether it works; there, what it does. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { readPs } from '../../../src/workspace/ps.js';
import type { Engine, Inside } from '../../../src/workspace/sandbox/engines.js';
import { enclosing } from '../../../src/workspace/sandbox/engines.js';
import { probe, trial } from '../../../src/workspace/sandbox/probe.js';
import { type Enclosure, seatbelt } from '../../../src/workspace/sandbox/seatbelt.js';
import { put, tree } from '../world.js';
import { boxed, place } from './boxes.js';

const root = '/Users/me/code/app';
const enclosure: Enclosure = {
	place: { root, home: '/Users/me', shown: [{ real: '/Volumes/tools/nvm', at: '/Users/me/.nvm' }], ours: [`${root}/state`] },
	private: { secrets: [`${root}/packages/api/.env`], repositories: [`${root}/.git`] },
	doors: { folders: [], writable: true },
	controls: [`${root}/.qwill`, `${root}/.mcp.json`],
	guarded: ['/private/etc/master.passwd'],
	own: '/private/var/folders/ab/T/qwill-box-1',
};

type Rule = { head: string; filters: string[] };

/** The rules of a profile, in which a line is a filter and a rule begins at the margin; parameters are replaced by their values. */
function rulesOf(of: Enclosure): Rule[] {
	const { text, values } = seatbelt(of);
	return text.split(/\n(?=\()/).map(one => {
		const [head = '', ...filters] = one.slice(1, -1).split('\n\t');
		return {
			head,
			filters: filters.map(filter =>
				filter.replace(/\(param "(\w+)"\)/, (_, name: string) => JSON.stringify(values[name] ?? assert.fail(name))),
			),
		};
	});
}

test('a folder that compilers keep things in can be written, and not taken away', () => {
	const rules = rulesOf({ ...enclosure, place: { ...enclosure.place, kept: '/Users/me/cache/kept' } });
	const holding = rules.filter(({ filters }) => filters.some(filter => filter.includes('/Users/me/cache/kept')));
	assert.deepEqual(
		holding.map(({ head }) => head),
		['allow file-read* file-test-existence file-map-executable file-write*', 'deny file-write-unlink'],
	);
});

describe('the profile', () => {
	const rules = rulesOf(enclosure);
	const heads = rules.map(({ head }) => head);
	const at = (start: string, filter: string) => rules.findIndex(({ head, filters }) => head.startsWith(start) && filters.includes(filter));

	test('begins with nothing allowed, has each rule once, and none that holds for everything but those meant so', () => {
		assert.deepEqual(heads.slice(0, 2), ['version 1', 'deny default']);
		assert.equal(new Set(rules.map(rule => JSON.stringify(rule))).size, rules.length);
		assert.deepEqual(
			rules.filter(({ filters }) => filters.length === 0).map(({ head }) => head),
			['version 1', 'deny default', 'allow process-fork process-exec', 'allow ipc-posix-sem', 'deny file-link file-clone', 'deny network*'],
		);
	});

	test('what is taken back comes behind what it is taken from, and nothing is allowed behind the last of it', () => {
		const order = [
			at('allow file-read*', '(subpath "/usr")'),
			at('deny file-read*', '(subpath "/Users/me")'),
			at('allow file-read*', '(subpath "/Volumes/tools/nvm")'),
			at('allow file-read*', `(subpath "${root}")`),
			at('deny file-write-unlink', `(literal "${root}")`),
			at('deny file-write*', `(subpath "${root}/.git")`),
			at('deny file-read-data', `(literal "${root}/packages/api/.env")`),
			heads.indexOf('deny network*'),
		];
		assert.deepEqual(
			order.toSorted((one, other) => one - other),
			order,
		);
		assert.ok(order[0]! > 0);
		assert.ok(heads.slice(order[4]).every(head => head.startsWith('deny ')));
	});

	test('only the root and the command’s own folder can be written, and the devices that take everything', () => {
		const written = rules.filter(({ head }) => /^allow .*file-write/.test(head)).flatMap(({ filters }) => filters);
		assert.deepEqual(written, [
			'(literal "/dev/null")',
			'(literal "/dev/zero")',
			'(subpath "/dev/fd")',
			`(subpath "${root}")`,
			'(subpath "/private/var/folders/ab/T/qwill-box-1")',
		]);
		assert.ok(!heads.some(head => /^allow .*(?:network|iokit|appleevent|job-creation|file\*)/.test(head)));
	});

	test('no rule takes back under a wider name than it was given by: that would do nothing', () => {
		const operations = (verdict: string) =>
			rules.filter(({ head }) => head.startsWith(verdict)).flatMap(({ head }) => head.split(' ').slice(1));
		const families = operations('deny file').filter(name => name.endsWith('*'));
		const past = operations('allow ').filter(name => families.some(family => name !== family && name.startsWith(family.slice(0, -1))));
		// Meant to get past: how the folders above are walked through, and the devices.
		assert.deepEqual(past, ['file-write-data', 'file-read-metadata']);
	});

	test('what is closed stays where it is: no folder around it moves, and names count in capitals too', () => {
		const kept = rules.find(({ head }) => head === 'deny file-write-unlink')?.filters;
		assert.deepEqual(kept, [
			`(literal "${root}")`,
			'(literal "/private/var/folders/ab/T/qwill-box-1")',
			`(literal "${root}/packages")`,
			`(literal "${root}/packages/api")`,
		]);
		const { values } = seatbelt(enclosure);
		const spelt = new RegExp(values.SPELT0 ?? '');
		for (const path of ['.qwill', '.QWILL', '.Qwill/config.json']) assert.match(`${root}/${path}`, spelt);
		for (const path of ['.qwill2', 'x/.qwill', 'xqwill']) assert.doesNotMatch(`${root}/${path}`, spelt);
		assert.match(`${root}/.MCP.json`, new RegExp(values.SPELT1 ?? ''));
	});

	test('the folders above what is given are walked through, not listed', () => {
		const above = rules.find(({ head }) => head === 'allow file-read-metadata file-test-existence')?.filters ?? [];
		for (const path of ['/Users', '/Users/me', '/Users/me/code', '/Volumes', '/Volumes/tools', '/private/var/folders/ab/T'])
			assert.ok(above.includes(`(literal "${path}")`), path);
		assert.ok(!above.some(filter => filter.startsWith('(subpath')));
	});

	test('a path is never part of the text, whatever it is called', () => {
		const hostile = '/Users/me/a")\n(allow default)\n(allow file-write* (subpath "/\\';
		const odd: Enclosure = {
			...enclosure,
			place: { root: hostile, home: hostile, shown: [{ real: `${hostile}1`, at: `${hostile}2` }], ours: [`${hostile}/o`] },
			private: { secrets: [`${hostile}/.env`], repositories: [`${hostile}/.git`] },
			controls: [`${hostile}/.qwill`, `${hostile}/.mcp.json`],
			own: `${hostile}3`,
		};
		const { text, values } = seatbelt(odd);
		assert.doesNotMatch(text, /allow default|\\|\/a/);
		assert.equal(values.ROOT0, hostile);
		assert.match(`${hostile}/.qwill`, new RegExp(values.SPELT0 ?? ''));
		for (const [, name] of text.matchAll(/\(param "(\w+)"\)/g)) assert.ok(values[name!] !== undefined, name);
	});

	test('where there is nothing to close, no rule closes everything', () => {
		const nothing = rulesOf({
			...enclosure,
			place: { ...enclosure.place, shown: [], ours: [] },
			private: { secrets: [], repositories: [] },
			controls: [],
			guarded: [],
		});
		assert.ok(!nothing.some(({ head, filters }) => filters.length === 0 && /file-(?:read|write)/.test(head)));
	});
});

describe('the profile with a door to a folder', () => {
	const lib = '/Users/me/lib';
	const open: Enclosure = {
		...enclosure,
		doors: { folders: [lib], writable: true },
		private: { secrets: [`${lib}/deep/.env`], repositories: [`${root}/.git`, `${lib}/.git`] },
		controls: [`${root}/.qwill`, `${lib}/.qwill`],
	};
	/** The rules beyond those without the door; the same ones are there in both. */
	const filtersOf = (rules: readonly Rule[], start: string, other: string) =>
		rules.filter(({ head, filters }) => head.startsWith(start) && filters.includes(other)).flatMap(({ filters }) => filters);

	test('it is read and written like the root, and nothing beside it', () => {
		const [closed, opened] = [rulesOf({ ...open, doors: { folders: [], writable: true } }), rulesOf(open)];
		const writing = filtersOf(opened, 'allow file-read* file-test-existence file-map-executable file-write*', `(subpath "${root}")`);
		assert.deepEqual(writing, [`(subpath "${root}")`, `(subpath "${lib}")`, `(subpath "${enclosure.own}")`]);
		const allowed = (rules: readonly Rule[]) => rules.filter(({ head }) => head.startsWith('allow ')).flatMap(({ filters }) => filters);
		const more = allowed(opened).filter(filter => !allowed(closed).includes(filter));
		assert.deepEqual(new Set(more), new Set([`(subpath "${lib}")`]));
		assert.deepEqual(
			opened.map(({ head }) => head),
			closed.map(({ head }) => head),
		);
	});

	test('what is closed in the root is closed in it, and stays where it is', () => {
		const rules = rulesOf(open);
		const closed = filtersOf(rules, 'deny file-write*', `(subpath "${lib}/.git")`);
		assert.ok(closed.includes(`(subpath "${lib}/.qwill")`) && closed.some(filter => filter.includes(`^${lib}/\\\\.[qQ]`)), closed.join());
		assert.deepEqual(filtersOf(rules, 'deny file-read-data', `(literal "${lib}/deep/.env")`), [`(literal "${lib}/deep/.env")`]);
		assert.deepEqual(filtersOf(rules, 'deny file-write-unlink', `(literal "${root}")`), [
			...[`(literal "${root}")`, `(literal "${lib}")`, `(literal "${enclosure.own}")`, `(literal "${lib}/deep")`],
		]);
	});

	test('where changes are tried it can only be read', () => {
		const rules = rulesOf({ ...open, doors: { folders: [lib], writable: false }, controls: [] });
		const allowing = rules.filter(({ head, filters }) => head.startsWith('allow ') && filters.includes(`(subpath "${lib}")`));
		assert.deepEqual(
			allowing.map(({ head }) => head),
			['allow file-read* file-test-existence file-map-executable'],
		);
	});

	test('its path is a parameter', () => {
		const hostile = '/Users/me/lib")\n(allow default)\n(x "';
		const { text, values } = seatbelt({ ...open, doors: { folders: [hostile], writable: true } });
		assert.doesNotMatch(text, /allow default/);
		assert.equal(values.ROOT1, hostile);
	});
});

const engine: Engine = { name: 'sandbox-exec' };

test('a command is started by its arguments, with a home that its tools are found from and that goes with it', () => {
	const { base, root } = place();
	const home = join(base, 'home');
	put(home, '.cargo/bin/cargo', '');
	const cache = join(home, '.cache/tool');
	put(cache, 'kept', '');
	const inside: Inside = {
		place: {
			...enclosure.place,
			root,
			home,
			top: root,
			shown: [{ real: join(home, '.cargo/bin'), at: join(home, '.cargo/bin') }],
			ours: [],
		},
		folders: [cache],
		hosts: [],
		private: { secrets: [], repositories: [] },
		words: ['ls', '-l', 'a b'],
		folder: root,
		env: { PATH: '/usr/bin', HOME: home },
		limits: { file: 4096, processes: 9, memory: 1 },
		thrownAway: false,
	};
	const { program, args, env, feeds, release } = enclosing(engine)(inside);
	assert.deepEqual([program, feeds], ['/usr/bin/sandbox-exec', []]);
	assert.ok(args.includes(`ROOT0=${root}`) && args.includes(`CLOSED0=${root}/.qwill`));
	assert.ok(args.includes(`ROOT1=${cache}`) && args.some(arg => /^CLOSED\d+=/.test(arg) && arg.endsWith(`=${cache}/.husky`)));
	const profile = args.indexOf('-p');
	assert.match(args[profile + 1] ?? '', /^\(version 1\)\n\(deny default\)\n/);
	assert.deepEqual(args.slice(profile + 3), [
		...['--norc', '--noprofile', '-c', 'ulimit -c 0; ulimit -f 4; exec "$@"', 'box'],
		...['ls', '-l', 'a b'],
	]);
	assert.equal(env.PATH, '/usr/bin');
	assert.deepEqual(readdirSync(env.TMPDIR!), []);
	assert.equal(readlinkSync(join(env.HOME!, '.cargo/bin')), join(home, '.cargo/bin'));
	assert.equal(readlinkSync(join(env.HOME!, '.cache/tool')), cache);
	const own = dirname(env.HOME!);
	assert.equal(lstatSync(own).mode & 0o777, 0o700);
	release();
	assert.ok(!existsSync(own) && existsSync(join(home, '.cargo/bin/cargo')) && existsSync(join(cache, 'kept')));
	assert.deepEqual(readdirSync(root), []);
});

describe('whether it works', () => {
	const mac = { platform: 'darwin', arch: 'arm64', has: () => true };
	const saying = (said: string) => async () => said;

	test('is found out by trying it in a folder that has something to lose', async () => {
		let seen: string[] = [];
		const able = await probe(async (folder, tried) => {
			seen = [tried.name, ...readdirSync(folder), ...readdirSync(join(folder, '..'))];
			return '';
		}, mac);
		assert.deepEqual(able, { works: true, engine });
		assert.deepEqual(seen, ['sandbox-exec', '.env', 'outside', 'root']);
	});

	test('and if not, the reason is named', async () => {
		const reasons: [string, string, string | undefined][] = [
			[
				'sandbox_apply: Operation not permitted',
				'qwill itself runs in a sandbox, and macOS makes none inside another',
				'start qwill outside of it',
			],
			['unbound variable: file-link', 'sandbox-exec does not work here (unbound variable: file-link)', undefined],
			['it lets a command read .env', 'sandbox-exec does not work here (it lets a command read .env)', undefined],
		];
		for (const [said, why, fix] of reasons)
			assert.deepEqual(await probe(saying(said), mac), { works: false, why, ...(fix === undefined ? {} : { fix }) });
		const never = () => assert.fail('it is not tried');
		assert.deepEqual(await probe(never, { ...mac, has: () => false }), { works: false, why: '/usr/bin/sandbox-exec is missing' });
		assert.deepEqual(await probe(never, { ...mac, platform: 'win32' }), { works: false, why: 'this version has none for win32' });
	});

	test('the trial tells what gets through: without a box, all of it', () => {
		const [bash = '', ...args] = trial(engine);
		const [works = '', ...checks] = (args.at(-1) ?? '').split('\n');
		assert.equal(checks.length, 11);
		for (const check of checks) {
			const { base, root: around } = place();
			const root = join(around, 'root');
			put(base, 'ws/outside', 'x');
			put(root, '.env', 'x');
			const ran = spawnSync(bash, [...args.slice(0, -1), `${works}\n${check}`], { cwd: root, encoding: 'utf8' });
			// Where capitals make a difference, the other name is another file.
			const harmless = check.includes('.QWILL') && !existsSync(join(root, '.qwill'));
			assert.match(ran.stderr, harmless ? /^$/ : /^it lets a command \w+ [^\n]+\n$/, check);
			assert.equal(ran.status, harmless ? 0 : 1);
		}
	});
});

test('processes are read from what ps lists, and known again by the mark in their environment', () => {
	const said = [
		'    1     0     1 Ss   Sun Nov 29 08:00:00 2026     /sbin/launchd',
		'  812   811   811 S+   Sun Nov 29 22:01:07 2026     /bin/sleep 100 HOME=/x QWILL_RUN=0a1b PATH=/bin',
		'  813   812   811 Z    Sun Nov 29 22:01:07 2026     (sh)',
		'rubbish',
		'',
	];
	const found = readPs(said.join('\n'));
	assert.deepEqual(
		found.map(({ pid, parent, group, buried }) => [pid, parent, group, buried]),
		[
			[1, 0, 1, false],
			[812, 811, 811, false],
			[813, 812, 811, true],
		],
	);
	assert.deepEqual([found[1]?.start, found[1]?.words?.split(' ').includes('QWILL_RUN=0a1b')], ['Sun Nov 29 22:01:07 2026', true]);
});

/** On macOS one that does not work is a failure. */
const noMac = process.platform !== 'darwin' && 'only macOS has sandbox-exec';

describe('in a box on macOS', { skip: noMac }, () => {
	function scene() {
		const { base, root } = place();
		put(base, 'home/.ssh/id_rsa', 'CANARY-key');
		put(base, 'outside/victim.txt', 'orig');
		put(root, '.env', 'KEY=CANARY-env\n');
		put(root, 'packages/api/.env.local', 'KEY=CANARY-deep\n');
		put(root, '.git/config', '[core]\n');
		symlinkSync('../outside', join(root, 'out_link'));
		return { base, root };
	}

	test('it writes in its folder and its temporary one, and nowhere else', async () => {
		const { base, root } = scene();
		const before = tree(join(base, 'outside'));
		const ran = await boxed(root, 'echo hi > new && echo x > "$TMPDIR/a" && echo x > ~/a && cat "$TMPDIR/a" ~/a');
		assert.deepEqual([ran.exitCode, ran.output, readFileSync(join(root, 'new'), 'utf8')], [0, 'x\nx\n', 'hi\n']);
		await boxed(
			root,
			'echo x > ../outside/victim.txt; echo x > out_link/new; ln ../outside/victim.txt l && echo x > l; echo x > /tmp/qwill-pwn',
		);
		assert.deepEqual(tree(join(base, 'outside')), before);
		assert.ok(!existsSync('/tmp/qwill-pwn'));
	});

	test('it reads no secret, and changes nothing that other programs start from', async () => {
		const { base, root } = scene();
		const before = tree(root);
		for (const command of [
			`cat ${base}/home/.ssh/id_rsa /System/Volumes/Data${base}/home/.ssh/id_rsa .env packages/api/.env.local`,
			'cp .env copy; cat copy; ln .env link; cat link; mv .env moved; cat moved; mv packages p; cat p/api/.env.local',
			'rm -rf .git; mv .git g; echo x > .git/config; mkdir .qwill; mkdir .QWILL; echo x > .MCP.json; mkdir .vscode',
		])
			assert.doesNotMatch((await boxed(root, command)).output, /CANARY/, command);
		assert.deepEqual(tree(root), before);
	});

	test('it reaches no server, and stops no other process; its tools work', async () => {
		const { root } = scene();
		const server = createServer(socket => socket.end()).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const address = server.address();
		const port = typeof address === 'object' ? address?.port : undefined;
		const connect = `node -e "require('net').connect(${port},'127.0.0.1').on('connect',()=>console.log('CONNECTED')).on('error',()=>{})"`;
		assert.doesNotMatch((await boxed(root, connect)).output, /CONNECTED/);
		server.close();
		const other = spawn('sleep', ['100']);
		await boxed(root, `kill -9 ${other.pid}`);
		assert.equal(other.signalCode, null);
		other.kill();
		assert.equal((await boxed(root, 'node -p 1+1 | cat')).output, '2\n');
	});

	test('stopped, it ends with all that it started', async () => {
		const { root } = scene();
		const ran = await boxed(root, "trap '' TERM; sleep 1000 & echo $!; (sleep 1000; :) & wait", { timeoutMs: 1500 });
		assert.equal(ran.timedOut, true);
		assert.throws(() => process.kill(Number(ran.output.trim()), 0), { code: 'ESRCH' });
	});
});
