import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, mock } from 'node:test';
import type { CatalogueEntry } from '../../src/models/catalogue.js';
import { type Hub, makeHub, sha256 } from './hub.js';

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

async function listen(answer: RequestListener): Promise<string> {
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
	let store = '';
	const { hub, asHub, asStore } = makeHub(data, () => store);
	store = await listen(asStore);
	process.env.HF_ENDPOINT = await listen(asHub);
	return hub;
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
