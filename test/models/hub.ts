import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

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

/** A hub that has this file, and how it and its store answer; `store` is the address that it leads to. */
export function makeHub(data: Buffer, store: () => string): { hub: Hub; asHub: RequestListener; asStore: RequestListener } {
	const held = new Set<ServerResponse>();
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
		cut() {
			for (const response of held) response.destroy();
		},
	};
	return {
		hub,
		asStore(request, response) {
			hub.stored.push(request);
			serve(hub, request, response);
			held.add(response);
		},
		asHub(request, response) {
			hub.requests.push(request);
			if (hub.silent) return;
			const location = hub.redirect === 'store' ? `${store()}/blob` : hub.redirect === 'circle' ? request.url : hub.redirect;
			const linked = hub.etag === undefined ? {} : { 'x-linked-etag': `"${hub.etag}"`, 'x-linked-size': String(hub.data.length) };
			response.writeHead(hub.status, { ...linked, ...(hub.status === 302 && { location }) }).end();
		},
	};
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
