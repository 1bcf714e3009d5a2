import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, mock } from 'node:test';
import type { CatalogueEntry } from '../../src/models/catalogue.js';

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** How the hub behaves; tests change it between requests. */
export type Behaviour = {
	data: Buffer;
	/** What `x-linked-etag` says; none when undefined. */
	etag: string | undefined;
	status: number;
	/** The body holds after this many bytes, until `cut` ends the connection. */
	cutAfter: number;
	ignoreRange: boolean;
	/** Never answers. */
	silent: boolean;
	/** Where the hub leads to; itself in a circle, or elsewhere. */
	redirect: 'store' | 'circle' | string;
};
export type Hub = Behaviour & { requests: IncomingMessage[]; stored: IncomingMessage[]; cut(): void };

/**
 * Where the servers listen: at sockets in a folder, so that the tests need no network, not even the machine's own. The ports are
 * made up; `fetch` opens its connections with `net.connect`, which leads those ports to the sockets and nothing else elsewhere.
 */
const sockets = mkdtempSync(join(tmpdir(), 'qwill-hub-'));
const paths = new Map<number, string>();
const connect = net.connect as (options: net.NetConnectOpts) => net.Socket;
mock.method(net, 'connect', (options: net.NetConnectOpts) => {
	const path = 'port' in options ? paths.get(Number(options.port)) : undefined;
	return connect(path === undefined ? options : { path });
});
after(() => rmSync(sockets, { recursive: true, force: true }));

const open: Server[] = [];
afterEach(() => {
	for (const server of open.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
});

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
	const server = createServer(answer);
	open.push(server);
	const port = 50_000 + paths.size;
	const path = join(sockets, `${port}`);
	paths.set(port, path);
	await new Promise<void>(resolve => server.listen(path, resolve));
	return `http://127.0.0.1:${port}`;
}

/** A hub that leads to a store on another port, as the real one does; `HF_ENDPOINT` points to it. */
export async function startHub(data: Buffer): Promise<Hub> {
	const held = new Set<ServerResponse>();
	const cut = () => {
		for (const response of held) response.destroy();
	};
	const hub: Hub = {
		data,
		etag: sha256(data),
		status: 302,
		cutAfter: Infinity,
		ignoreRange: false,
		silent: false,
		redirect: 'store',
		requests: [],
		stored: [],
		cut,
	};
	const store = await listen((request, response) => {
		hub.stored.push(request);
		serve(hub, request, response);
		held.add(response);
	});
	process.env.HF_ENDPOINT = await listen((request, response) => {
		hub.requests.push(request);
		if (hub.silent) return;
		const location = hub.redirect === 'store' ? `${store}/blob` : hub.redirect === 'circle' ? request.url : hub.redirect;
		const linked = hub.etag === undefined ? {} : { 'x-linked-etag': `"${hub.etag}"`, 'x-linked-size': String(hub.data.length) };
		response.writeHead(hub.status, { ...linked, ...(hub.status === 302 && { location }) }).end();
	});
	return hub;
}

function serve(hub: Hub, request: IncomingMessage, response: ServerResponse): void {
	const from = hub.ignoreRange ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
	const { data } = hub;
	if (from >= data.length) return void response.writeHead(416, { 'content-range': `bytes */${data.length}` }).end();
	const body = data.subarray(from);
	const range = { 'content-range': `bytes ${from}-${data.length - 1}/${data.length}` };
	response.writeHead(from > 0 ? 206 : 200, { etag: '"store"', 'content-length': body.length, ...(from > 0 && range) });
	if (hub.cutAfter >= body.length) return void response.end(body);
	response.write(body.subarray(0, hub.cutAfter));
}

/** A known model whose file holds these bytes. */
export function entryFor(data: Buffer, more: Partial<CatalogueEntry> = {}): CatalogueEntry {
	return {
		id: 'tiny',
		name: 'Tiny',
		family: 'tiny',
		purpose: 'code',
		parameters: 1000,
		active: 1000,
		quant: 'F32',
		bytes: data.length,
		exact: true,
		sha256: sha256(data),
		hub: { repo: 'owner/tiny-GGUF', file: 'tiny.gguf' },
		licence: { name: 'Apache-2.0', commercial: true },
		tier: 'T0',
		dialect: 'fenced',
		shape: { layers: 1, kvHeads: 1, headDim: 1, embedding: 256, vocab: 4, stateBytes: 0 },
		contextLength: 4096,
		notes: '',
		...more,
	};
}

/** An entry of which neither size nor digest is known beforehand. */
export function unpinned(data: Buffer): CatalogueEntry {
	const { sha256: _pinned, ...entry } = entryFor(data, { exact: false, bytes: data.length + 5 });
	return entry;
}
