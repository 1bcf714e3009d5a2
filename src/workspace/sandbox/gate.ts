/**
 * The other end of a box's way to hosts: a proxy for HTTP and its tunnels that speaks through a descriptor, not on a port of this
 * machine. What is asked for is not trusted; it leads to open hosts only, and whoever asks gets no other connection.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createStreams } from 'node:http2';
import { connect, isIP } from 'node:net';
import { Duplex } from 'node:stream';
import { shown } from '../names.js';
import { bare, Closed, type Host, hostName, isOpen, lookupAmong, spelling } from './door-host.js';

/** Connections that a box may have at the same time. */
const mostConnections = 128;
const connectMs = 30_000;

/** Serves a box at the other end of `channel` until that ends: each stream is a connection to a proxy that leads to `hosts`. */
export function serveHosts(channel: Duplex, hosts: readonly Host[]): void {
	const proxy = createServer((asked, answer) => orEnd(answer, () => forward(asked, answer, hosts)));
	proxy.on('connect', (asked: IncomingMessage, client: Duplex, head: Buffer) =>
		orEnd(client, () => tunnel(asked.url ?? '', { client, head }, hosts)),
	);
	const streams = createStreams({ settings: { maxConcurrentStreams: mostConnections } });
	streams.on('stream', stream => {
		stream.on('error', () => {}); // The box ended it; whoever uses it sees it close.
		if (stream.closed) return;
		stream.respond({ ':status': 200 });
		// In between, for a stream mixes up what is written to it as text and as bytes.
		proxy.emit('connection', Duplex.from({ readable: stream, writable: stream }));
	});
	streams.on('sessionError', () => channel.destroy());
	channel.on('error', () => channel.destroy()).once('end', () => channel.destroy());
	streams.emit('connection', channel);
}

/** A box, and a host, may send what they like: what is too odd to be handed on ends a connection, not the program. */
function orEnd(connection: { destroy(): unknown }, work: () => void): void {
	try {
		work();
	} catch {
		connection.destroy();
	}
}

type Target = { name: string; port: number };

/** Where `CONNECT` leads, once it may lead there. */
function tunnel(authority: string, { client, head }: { client: Duplex; head: Buffer }, hosts: readonly Host[]): void {
	const target = targetOf(authority);
	const end = (status: string, sentence: string) => {
		const body = `${sentence}\n`;
		client.end(`HTTP/1.1 ${status}\r\n${textHeaders(body)}Connection: close\r\n\r\n${body}`);
	};
	client.on('error', () => client.destroy());
	if (!target || !isOpen(hosts, target.name, target.port)) {
		end('403 Forbidden', notThere(authority, hosts));
		return;
	}
	const { port } = target;
	const host = bare(target.name);
	const server = connect({ host, port, allowHalfOpen: true, timeout: connectMs, lookup: lookupAmong(hosts, port) });
	let through = false;
	server.once('connect', () => {
		through = true;
		server.setTimeout(0);
		client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		server.write(head);
		client.pipe(server).pipe(client);
	});
	server.once('timeout', () => server.destroy(new Error('it did not answer')));
	server.on('error', error => {
		if (through) client.destroy();
		else if (error instanceof Closed) end('403 Forbidden', notPublic(error));
		else end('502 Bad Gateway', notReached(target, error));
	});
	client.once('close', () => server.destroy());
}

/** A plain request, handed on as it is, but for what concerns a single connection. The host is the one that was judged. */
function forward(asked: IncomingMessage, answer: ServerResponse, hosts: readonly Host[]): void {
	const [, authority = '', rest = ''] = /^http:\/\/([^/?#]*)([^#]*)/i.exec(asked.url ?? '') ?? [];
	const target = targetOf(/:\d+$/.test(authority) ? authority : `${authority}:80`);
	const say = (status: number, sentence: string) => {
		if (answer.headersSent) answer.destroy();
		else answer.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(`${sentence}\n`);
	};
	if (!target || !isOpen(hosts, target.name, target.port)) {
		say(403, notThere(authority || (asked.url ?? ''), hosts));
		return;
	}
	const { port } = target;
	const onward = request({
		...{ host: bare(target.name), port, agent: false, timeout: connectMs * 10, lookup: lookupAmong(hosts, port) },
		...{ method: asked.method ?? 'GET', path: rest.startsWith('/') ? rest : `/${rest}` },
		headers: { ...endToEnd(asked.headers), host: port === 80 ? target.name : `${target.name}:${port}` },
	});
	onward.once('response', back =>
		orEnd(answer, () => {
			answer.writeHead(back.statusCode ?? 502, endToEnd(back.headers));
			back.on('error', () => answer.destroy()).pipe(answer);
		}),
	);
	onward.once('upgrade', (_back, socket) => {
		socket.destroy();
		say(502, notReached(target, new Error('it changed the protocol unasked')));
	});
	onward.once('timeout', () => onward.destroy(new Error('it did not answer')));
	onward.on('error', error => (error instanceof Closed ? say(403, notPublic(error)) : say(502, notReached(target, error))));
	answer.on('error', () => onward.destroy()).once('close', () => onward.destroy());
	asked.pipe(onward);
}

/** `host:port` in its one spelling. */
function targetOf(authority: string): Target | undefined {
	const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(authority) ?? [];
	const name = spelling(isIP(host) === 6 ? `[${host}]` : host);
	return name === undefined ? undefined : { name, port: Number(port) };
}

const hopByHop = ['connection', 'expect', 'keep-alive', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'upgrade'];

/** Headers without those that are about one connection. */
function endToEnd(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
	const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
	return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name) && !named.includes(name)));
}

const textHeaders = (body: string): string => `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;

const notThere = (asked: string, hosts: readonly Host[]): string =>
	`No door of the sandbox leads to ${shown(asked.slice(0, 300))}; open are: ${hosts.map(hostName).join(', ')}.`;
const notPublic = (error: Closed): string => `${error.message}: such addresses are open only where they are named themselves.`;
const notReached = ({ name, port }: Target, error: Error): string => `${name}:${port} was not reached (${error.message}).`;
