/** Which hosts a box reaches through a door, and that what it sends there does no harm. */
import assert from 'node:assert/strict';
import dns, { type LookupAddress } from 'node:dns';
import { symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { type ClientHttp2Session, connect as connectStreams } from 'node:http2';
import { syncBuiltinESMExports } from 'node:module';
import { type AddressInfo, createServer as createListener } from 'node:net';
import { join } from 'node:path';
import { type Duplex, duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import { type Host, hostFrom, hostName } from '../../../src/workspace/sandbox/door-host.js';
import { closedDoors } from '../../../src/workspace/sandbox/doors.js';
import { serveHosts } from '../../../src/workspace/sandbox/gate.js';
import { put, refusedWith } from '../world.js';
import { boxed, noBubblewrap, place } from './boxes.js';

type Seen = { method: string | undefined; url: string | undefined; headers: IncomingMessage['headers']; body: string };

/** A server on this machine that tells what it is asked. */
async function server(t: TestContext): Promise<{ port: number; seen: Seen[] }> {
	const seen: Seen[] = [];
	const answering = createServer(async (asked, answer) => {
		seen.push({ method: asked.method, url: asked.url, headers: asked.headers, body: await text(asked) });
		answer.end(asked.url === '/big' ? 'x'.repeat(3_000_000) : `here is ${asked.url}\n`);
	});
	t.after(() => {
		answering.close();
		answering.closeAllConnections();
	});
	await new Promise<void>(resolve => answering.listen(0, '127.0.0.1', resolve));
	return { port: (answering.address() as AddressInfo).port, seen };
}

describe('a door to a host', { skip: noBubblewrap }, () => {
	test('commands reach that host, with requests and tunnels, and no other', async t => {
		const { root } = place();
		const [open, closed] = [await server(t), await server(t)];
		const doors = closedDoors(root);
		assert.match((await boxed(root, `curl -sS http://localhost:${open.port}/a`, { doors })).output, /Failed to connect|Couldn't connect/);
		assert.equal(doors.openHost(`LOCALHOST.:${open.port}`), `localhost:${open.port}`);
		const output = async (command: string) => (await boxed(root, command, { doors })).output;
		assert.equal(await output(`curl -sS http://localhost:${open.port}/a?b=c`), 'here is /a?b=c\n');
		assert.equal(await output(`curl -sS --proxytunnel http://localhost:${open.port}/t`), 'here is /t\n');
		assert.equal(
			await output(`node -e "fetch('http://localhost:${open.port}/n').then(a => a.text()).then(t => process.stdout.write(t))"`),
			'here is /n\n',
		);
		assert.equal(await output(`curl -sS http://localhost:${open.port}/big | wc -c`), '3000000\n');
		assert.equal(
			await output(`head -c 2000000 /dev/zero | tr '\\0' x | curl -sS --data-binary @- http://localhost:${open.port}/up`),
			'here is /up\n',
		);
		assert.equal(open.seen.at(-1)?.body.length, 2_000_000);
		const count = open.seen.length;
		assert.equal(
			await output(`curl -sS http://localhost:${closed.port}/`),
			`No door of the sandbox leads to localhost:${closed.port}; open are: localhost:${open.port}.\n`,
		);
		assert.match(await output(`curl -sS --proxytunnel http://localhost:${closed.port}/`), /403/);
		// Another name of the same machine is another host, and without the proxy there is nothing.
		assert.match(await output(`curl -sS --noproxy '' http://127.0.0.1:${open.port}/`), /^No door of the sandbox leads to 127\.0\.0\.1/);
		assert.match(await output(`curl -sS --noproxy '*' http://localhost:${open.port}/`), /Failed to connect|Couldn't connect/);
		assert.deepEqual([open.seen.length, closed.seen.length], [count, 0]);
		doors.close();
		assert.equal(await output('echo "$http_proxy$HTTPS_PROXY"'), '\n');
	});

	test('the way is gone with the command, holds nothing open, and leaves programs to talk to themselves', async t => {
		const { root } = place();
		const { port } = await server(t);
		const doors = closedDoors(root);
		doors.openHost(`localhost:${port}`);
		const itself = `const s = require('http').createServer((a, b) => b.end('me')).listen(0, '127.0.0.1', async () => {
			console.log(await (await fetch('http://127.0.0.1:' + s.address().port)).text()); s.close(); });`;
		assert.equal((await boxed(root, { program: 'node', args: ['-e', itself] }, { doors })).output, 'me\n');
		const ran = await boxed(
			root,
			'ls /proc/self/fd | wc -l; (sleep 0.1; echo late) & wait; echo x > /run/x; cat /proc/self/task/*/children',
			{ doors },
		);
		assert.match(ran.output, /^4\nlate\n/);
		assert.equal(ran.exitCode, 0);
		assert.equal((await boxed(root, 'exit 7', { doors })).exitCode, 7);
		assert.equal((await boxed(root, `curl -sS http://localhost:${port}/`, { doors, thrownAway: true })).exitCode, 7);
	});

	test('a link that takes the place of our own Node in the folder shows nothing, and the command is told', async t => {
		const { base, root } = place();
		put(base, 'outside/key', 'CANARY');
		symlinkSync('../outside/key', join(root, 'node'));
		const { execPath } = process;
		t.after(() => (process.execPath = execPath));
		process.execPath = join(root, 'node');
		const doors = closedDoors(root);
		doors.openHost('localhost');
		const ran = await boxed(root, 'cat node; exit 3', { doors });
		assert.match(ran.output, /^The way to the open hosts could not be made; this command reaches none\.$/m);
		assert.doesNotMatch(ran.output, /CANARY/);
		assert.equal(ran.exitCode, 3);
	});

	for (const way of ['--proxytunnel', '--no-keepalive'])
		test(`when a command is stopped, its connections end: curl ${way}`, async t => {
			const { root } = place();
			const silent = createListener();
			const stop = new AbortController();
			const left = new Promise<void>(resolve => {
				silent.once('connection', socket => {
					socket.on('error', () => {}).once('close', resolve);
					socket.once('data', () => stop.abort());
				});
			});
			await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
			t.after(() => silent.close());
			const { port } = silent.address() as AddressInfo;
			const doors = closedDoors(root);
			doors.openHost(`localhost:${port}`);
			assert.equal((await boxed(root, `curl -sS ${way} http://localhost:${port}/`, { doors, signal: stop.signal })).aborted, true);
			await left;
		});
});

/** The box's end of a channel, of which the other end leads to these hosts. */
function box(
	t: TestContext,
	...hosts: readonly string[]
): { channel: Duplex; session: ClientHttp2Session; ask(bytes: string, isAll?: 'all'): Promise<string> } {
	const [channel, outside] = duplexPair();
	serveHosts(
		outside,
		hosts.map(host => hostFrom(host, false)),
	);
	const session = connectStreams('http://outside', { createConnection: () => channel });
	session.on('error', () => {});
	t.after(() => channel.destroy());
	return {
		channel,
		session,
		ask(bytes, isAll) {
			const stream = session.request({ ':method': 'CONNECT', ':authority': 'outside' });
			stream.write(bytes, 'latin1');
			if (isAll) stream.end();
			return text(stream);
		},
	};
}
const get = (url: string, headers = '') => `GET ${url} HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n${headers}\r\n`;
const tunnel = (authority: string) => `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;

/** Names as they are looked up in this test, whatever the machine knows. */
function namesAre(t: TestContext, names: Readonly<Record<string, string>>): void {
	t.mock.method(dns, 'lookup', (name: string, _options: unknown, done: (error: Error | null, found: LookupAddress[]) => void) => {
		const address = names[name];
		if (address === undefined) done(new Error('not known'), []);
		else done(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
	});
	syncBuiltinESMExports();
	t.after(() => {
		t.mock.restoreAll();
		syncBuiltinESMExports();
	});
}

test('the host that is judged is the one that is asked, whatever the headers say', async t => {
	const { port, seen } = await server(t);
	const { ask } = box(t, `localhost:${port}`);
	assert.match(
		await ask(get(`http://localhost:${port}/x?y`, 'Proxy-Authorization: s\r\nX-Kept: 1\r\n')),
		/^HTTP\/1\.1 200 OK\r\n[\s\S]*here is \/x\?y/,
	);
	assert.match(
		await ask(`${tunnel(`localhost:${port}`)}${get('/in')}`),
		/^HTTP\/1\.1 200 Connection Established\r\n\r\nHTTP\/1\.1 200[\s\S]*here is \/in/,
	);
	const [plain] = seen;
	assert.deepEqual(
		[plain?.headers.host, plain?.headers['x-kept'], plain?.headers['proxy-authorization']],
		[`localhost:${port}`, '1', undefined],
	);
});

test('names are compared whole; other spellings, ports and schemes lead nowhere', async t => {
	const { port, seen } = await server(t);
	const { ask } = box(t, `localhost:${port}`, 'example.org');
	const closed = [
		...['example.org.evil.net', 'evil-example.org', 'sub.example.org', 'example.org@evil.net', 'evil.net?example.org', '*', ''].map(
			name => `http://${name}/`,
		),
		...['example.org:8080', `127.0.0.1:${port}`, `2130706433:${port}`, `[::1]:${port}`, `localhost.localdomain:${port}`, 'localhost'].map(
			name => `http://${name}/`,
		),
		...['https://example.org/', 'ftp://example.org/', '/', `//localhost:${port}/`, 'file:///etc/passwd'],
	];
	for (const url of closed) assert.match(await ask(get(url)), /^HTTP\/1\.1 403 /, url);
	for (const authority of [
		'example.org:22',
		'example.org',
		'evil.net:443',
		`127.0.0.1:${port}`,
		`localhost:${port}@evil.net:443`,
		`0:${port}`,
	])
		assert.match(await ask(tunnel(authority)), /^HTTP\/1\.1 403 /, authority);
	assert.match(
		await ask(tunnel('evil.net:443')),
		/\r\n\r\nNo door of the sandbox leads to evil\.net:443; open are: localhost:\d+, example\.org\.\n$/,
	);
	assert.deepEqual(seen, []);
});

const inward = ['127.0.0.1', '10.1.2.3', '169.254.169.254', '172.20.0.1', '192.168.1.1', '100.64.0.1', '0.0.0.0', '224.0.0.1'];
const inwardV6 = [
	'::1',
	'::',
	'fe80::1',
	'fd00::1',
	'::ffff:127.0.0.1',
	'::ffff:10.0.0.1',
	'64:ff9b::10.0.0.1',
	'2002:7f00:1::',
	'ff02::1',
];
for (const address of [...inward, ...inwardV6])
	test(`a name that leads to ${address} is closed`, async t => {
		namesAre(t, { 'inside.example.org': address });
		const { ask } = box(t, 'inside.example.org');
		for (const asked of [tunnel('inside.example.org:443'), get('http://inside.example.org/')])
			assert.match(
				await ask(asked),
				/^HTTP\/1\.1 403 [\s\S]*inside\.example\.org is \S+, which is not on the public network: such addresses are open only where/,
			);
	});

test('an address that is open itself is reached by a name too, and localhost is this machine only', async t => {
	const { port } = await server(t);
	namesAre(t, { 'inside.example.org': '127.0.0.1', localhost: '93.184.215.14' });
	const { ask } = box(t, `inside.example.org:${port}`, `127.0.0.1:${port}`, 'localhost');
	assert.match(await ask(get(`http://inside.example.org:${port}/i`)), /^HTTP\/1\.1 200 [\s\S]*here is \/i/);
	assert.match(await ask(get(`http://127.0.0.1:${port}/a`)), /^HTTP\/1\.1 200 [\s\S]*here is \/a/);
	assert.match(await ask(get('http://localhost/')), /^HTTP\/1\.1 403 /);
	assert.match(await ask(get('http://[::1]/')), /^HTTP\/1\.1 403 /);
});

test('a host that is not there is said to be', async t => {
	namesAre(t, {});
	const { ask } = box(t, 'gone.example.org');
	for (const asked of [tunnel('gone.example.org:443'), get('http://gone.example.org/')])
		assert.match(await ask(asked), /^HTTP\/1\.1 502 [\s\S]*gone\.example\.org:\d+ was not reached \(not known\)\.\n/);
});

test('whatever a box sends, its way ends and the program goes on', async t => {
	const { port } = await server(t);
	const { ask } = box(t, `localhost:${port}`);
	for (const bytes of [
		'',
		'GET',
		'\0'.repeat(1000),
		'x'.repeat(100_000),
		`${tunnel(`localhost:${port}`)}\0\0`,
		get(`http://localhost:${port}/\xff\x80`),
		'POST http://localhost/ HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
	])
		await ask(bytes, 'all').catch(() => '');
	assert.match(await ask(get(`http://localhost:${port}/still`)), /here is \/still/);
	for (const bytes of ['GET / HTTP/1.1\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '\xff'.repeat(50_000)]) {
		const [channel, outside] = duplexPair();
		serveHosts(outside, []);
		channel.on('error', () => {}).resume();
		const over = new Promise(resolve => outside.once('close', resolve));
		channel.end(bytes, 'latin1');
		await over;
	}
});

test('other streams than the way uses do no harm either', async t => {
	const { port } = await server(t);
	const { session, ask } = box(t, `localhost:${port}`);
	for (const headers of [
		{ ':method': 'HEAD' },
		{ ':method': 'GET', ':path': '/x' },
		{ ':method': 'POST', ':path': '//' },
		{ ':method': 'CONNECT', ':authority': 'x' },
	])
		for (const harm of ['end', 'close', 'destroy'] as const) {
			const stream = session.request(headers);
			stream.on('error', () => {}).resume();
			const over = new Promise(resolve => stream.once('close', resolve));
			if (harm === 'end') stream.end('GET');
			else stream[harm]();
			await over;
		}
	assert.match(await ask(get(`http://localhost:${port}/still`)), /here is \/still/);
});

test('whatever a host answers, the program goes on', async t => {
	const answers = [
		'HTTP/1.1 099 X\r\n\r\n',
		'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
		'\0\0\0\r\n\r\n',
		'HTTP/1.1 200 OK\r\nX: \xff\x80\r\nContent-Length: 9\r\n\r\nshort',
		'',
	];
	const odd = createListener(socket => void socket.on('error', () => {}).once('data', () => socket.end(answers.shift() ?? '', 'latin1')));
	t.after(() => odd.close());
	await new Promise<void>(resolve => odd.listen(0, '127.0.0.1', resolve));
	const { port } = odd.address() as AddressInfo;
	const { ask } = box(t, `localhost:${port}`);
	for (let left = answers.length; left > 0; left--)
		assert.doesNotMatch(await ask(get(`http://localhost:${port}/`)).catch(() => ''), /HTTP\/1\.1 (?:099|101)/);
	assert.equal(answers.length, 0);
});

const spelled: readonly (readonly [string, string | RegExp])[] = [
	['api.example.org', 'api.example.org'],
	['API.Example.ORG.', 'api.example.org'],
	['localhost:8080', 'localhost:8080'],
	['10.0.0.1:80', '10.0.0.1:80'],
	['[::1]', '[::1]'],
	['[0:0:0:0:0:0:0:1]:443', '[::1]:443'],
	['', /is not a host/],
	['*', /is not a host/],
	['*.example.org', /is not a host/],
	['example.org/x', /is not a host/],
	['https://example.org', /is not a host/],
	['me@example.org', /is not a host/],
	['a..b', /is not a host/],
	['2130706433', /is not a host/],
	['0x7f.1', /is not a host/],
	['example.org:', /is not a host/],
	['example.org:0', /is not a host/],
	['example.org:65536', /is not a host/],
	['::1', /is not a host/],
	['b\u00fccher.example', /is not a host/],
];
for (const [typed, is] of spelled)
	test(`as a host: ${JSON.stringify(typed)}`, () => {
		const host = (): Host => hostFrom(typed, false);
		if (typeof is === 'string') assert.equal(hostName(host()), is);
		else assert.throws(host, refusedWith(is));
	});

test('where qwill is offline, only this machine can be opened', () => {
	for (const here of ['localhost', '127.0.0.1:8080', '[::1]']) assert.ok(hostFrom(here, true));
	for (const other of ['example.org', '10.0.0.1', '0.0.0.0'])
		assert.throws(() => hostFrom(other, true), refusedWith(/--offline keeps to this machine, and/));
});

test('in the chat, words with a dot or a port are hosts, others folders', () => {
	const { root } = place();
	const doors = closedDoors(root, false, 'linux');
	assert.equal(doors.open('api.example.org'), 'api.example.org');
	assert.equal(doors.open('db:5432'), 'db:5432');
	assert.equal(doors.open('../outside'), '../outside');
	assert.throws(() => doors.open('outsid'), refusedWith(/"outsid" is not a folder/));
	assert.deepEqual(doors.names(), ['../outside', 'api.example.org', 'db:5432']);
	doors.close(['db:5432']);
	assert.deepEqual(doors.names(), ['db:5432']);
});

test('on macOS no door leads to a host yet, which is said when one is opened', () => {
	const { root } = place();
	const doors = closedDoors(root, false, 'darwin');
	for (const open of [doors.open, doors.openHost])
		assert.throws(
			() => open('db:5432'),
			refusedWith(/^Not opened: on macOS no door leads to a host yet; run what needs db:5432 yourself, or /),
		);
	assert.throws(() => doors.openHost('*'), refusedWith(/is not a host such as/));
	assert.equal(doors.open('../outside'), '../outside');
	assert.deepEqual([doors.names(), doors.hosts()], [['../outside'], []]);
});
