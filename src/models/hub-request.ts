import type { CatalogueEntry } from './catalogue.js';

/**
 * A file of the model hub, about to be read from byte `from` on. `etag` names its version; `sha256` is the digest that the hub
 * itself reports for it, `total` its whole size. `hold` restarts the clock that ends a silent connection.
 */
export type HubReply =
	| {
			ok: true;
			body: ReadableStream<Uint8Array>;
			from: number;
			total: number | undefined;
			etag: string;
			sha256: string | undefined;
			hold(): void;
			end(): void;
	  }
	/** `beyond`: the file is shorter than `from`. */
	| { ok: false; why: string; beyond?: true };

export type HubRequest = { hub: CatalogueEntry['hub']; from: number; signal: AbortSignal; answerMs: number; stallMs: number };

const maxRedirects = 5;

/**
 * Asks the hub (`HF_ENDPOINT`, with `HF_TOKEN`) for a file. Follows at most five redirects, over https only (plain http when the
 * endpoint itself is on this machine), and shows the token to no other host. Says why when there is no file to be had;
 * throws only when `signal` fires.
 */
export async function askHub(request: HubRequest): Promise<HubReply> {
	const endpoint = endpointOf(process.env.HF_ENDPOINT || 'https://huggingface.co');
	if (!endpoint) return { ok: false, why: `HF_ENDPOINT is not an https address: ${process.env.HF_ENDPOINT}` };
	const clock = watch(request.signal);
	const linked: Linked = { etag: undefined, size: undefined };
	let url = new URL(`${endpoint.pathname.replace(/\/$/, '')}/${request.hub.repo}/resolve/main/${request.hub.file}`, endpoint);
	try {
		for (let hop = 0; hop <= maxRedirects; hop++) {
			if (!mayVisit(url, endpoint)) return { ok: false, why: `${endpoint.host} leads to an address that is not https` };
			// The hub itself must answer quickly; the store it leads to may take its time.
			clock.start(hop === 0 ? request.answerMs : request.stallMs);
			const response = await fetch(url, { headers: headersFor(url, endpoint, request.from), redirect: 'manual', signal: clock.signal });
			if (url.origin === endpoint.origin) note(linked, response.headers);
			const next = response.headers.get('location');
			if (response.status < 300 || response.status >= 400 || !next)
				return opened(response, linked, { request, clock, host: endpoint.host });
			await response.body?.cancel();
			url = new URL(next, url);
		}
		return { ok: false, why: `${endpoint.host} redirects in a circle` };
	} catch (error) {
		clock.stop();
		request.signal.throwIfAborted();
		return {
			ok: false,
			why: clock.signal.aborted ? `${endpoint.host} does not answer` : `${endpoint.host} cannot be reached (${causeOf(error)})`,
		};
	}
}

/** What the hub says of the file behind a redirect (the `x-linked-…` headers of huggingface.co). */
type Linked = { etag: string | undefined; size: number | undefined };
type Opening = { request: HubRequest; clock: Clock; host: string };

function note(linked: Linked, headers: Headers): void {
	linked.etag ??= headers.get('x-linked-etag') ?? undefined;
	linked.size ??= whole(headers.get('x-linked-size'));
}

function opened(response: Response, linked: Linked, { request, clock, host }: Opening): HubReply {
	const refuse = (why: string) => {
		clock.end();
		return { ok: false as const, why };
	};
	const { status, headers, body } = response;
	if (status === 401 || status === 403) return refuse(`${host} wants a key for ${request.hub.repo}; set HF_TOKEN`);
	if (status === 404) return refuse(`${host} has no ${request.hub.repo}/${request.hub.file}`);
	if (status === 416) return { ...refuse('the part kept here is longer than the file'), beyond: true };
	if ((status !== 200 && status !== 206) || !body) return refuse(`${host} answers with error ${status}`);
	const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
	if (status === 206 && Number(range?.[1]) !== request.from) return refuse(`${host} sends another part than the one asked for`);
	const from = status === 206 ? request.from : 0;
	const length = whole(headers.get('content-length'));
	const total = linked.size ?? whole(range?.[2] ?? null) ?? (length === undefined ? undefined : from + length);
	const etag = (linked.etag ?? headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '');
	const sha256 = /^[0-9a-f]{64}$/.test(etag) ? etag : undefined;
	clock.start(request.stallMs);
	return { ok: true, body, from, total, etag, sha256, hold: () => clock.start(request.stallMs), end: clock.end };
}

function headersFor(url: URL, endpoint: URL, from: number): Record<string, string> {
	const token = process.env.HF_TOKEN;
	return {
		// Compressed bytes would make every size and range a lie.
		'accept-encoding': 'identity',
		...(from > 0 && { range: `bytes=${from}-` }),
		...(token && url.origin === endpoint.origin && { authorization: `Bearer ${token}` }),
	};
}

const loopback = (url: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
const mayVisit = (url: URL, endpoint: URL) =>
	url.protocol === 'https:' || (url.protocol === 'http:' && loopback(url) && loopback(endpoint) && endpoint.protocol === 'http:');

function endpointOf(text: string): URL | undefined {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	return url && mayVisit(url, url) ? url : undefined;
}

type Clock = { signal: AbortSignal; start(ms: number): void; stop(): void; end(): void };

/** A signal that fires with `outer`, when the time given to `start` runs out, and on `end`. */
function watch(outer: AbortSignal): Clock {
	const own = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const stop = () => clearTimeout(timer);
	return {
		signal: AbortSignal.any([outer, own.signal]),
		start(ms) {
			stop();
			timer = setTimeout(() => own.abort(), ms);
		},
		stop,
		end() {
			stop();
			own.abort();
		},
	};
}

const whole = (text: string | null): number | undefined => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined);

function causeOf(error: unknown): string {
	const cause = error instanceof Error ? (error.cause ?? error) : error;
	return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause instanceof Error ? cause.message : cause);
}
