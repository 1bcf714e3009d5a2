import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** A server that speaks OpenAI's chat interface and thinks nothing: what is left is the cost of everything around a model. */
export type Mock = {
	url: string;
	/** Makes the next replies. */
	say(next: () => Speech): void;
	/** When each question came and when the last word of its answer was sent (`performance.now()`). */
	log: { came: number; ended: number }[];
	close(): void;
};

/** Pieces of text of about a token each, so many a second. */
export type Speech = { pieces: readonly string[]; perSecond: number };

const contextSize = 1_000_000;

/** Listens on this machine, with one model of this name; the name tells its size. */
export async function startMock(model: string): Promise<Mock> {
	const log: Mock['log'] = [];
	let next = (): Speech => ({ pieces: [], perSecond: 1000 });
	const server = createServer((request, response) => {
		const came = performance.now();
		request.resume().on('end', async () => {
			if (request.url?.endsWith('/models')) {
				response.writeHead(200, { 'content-type': 'application/json' });
				response.end(JSON.stringify({ object: 'list', data: [{ id: model, object: 'model', max_model_len: contextSize }] }));
			} else if (request.url?.endsWith('/chat/completions')) log.push({ came, ended: await stream(response, next()) });
			else response.writeHead(404).end('{}');
		});
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	return {
		url: `http://127.0.0.1:${address.port}/v1`,
		log,
		say(makes) {
			next = makes;
		},
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}

/** Gives the time at which the last piece was sent. */
async function stream(response: ServerResponse, { pieces, perSecond }: Speech): Promise<number> {
	response.writeHead(200, { 'content-type': 'text/event-stream' });
	const send = (content: string, more: object = {}, finish: string | null = null) =>
		response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }], ...more })}\n\n`);
	const started = performance.now();
	for (let sent = 0; sent < pieces.length && !response.destroyed; ) {
		const due = Math.min(pieces.length, Math.ceil(((performance.now() - started) * perSecond) / 1000));
		for (; sent < due; sent++) send(pieces[sent]!);
		if (sent < pieces.length) await pause(1000 / perSecond);
	}
	const ended = performance.now();
	const usage = { prompt_tokens: 10, completion_tokens: pieces.length, total_tokens: pieces.length + 10 };
	send('', { usage }, 'stop');
	response.end('data: [DONE]\n\n');
	return ended;
}

/** So many pieces of what coding assistants write, over and over. */
export const pagePieces = (count: number): string[] => Array.from({ length: count }, (_, index) => page[index % page.length]!);

/** What coding assistants write: headings, prose, lists, code, a table. */
const page = `## How the cache works

The cache keeps **one entry for each key** and drops the one that was used longest ago; reading an entry with \`get\` makes it the newest one again, so that what is needed often stays.

1. Look the key up in the map.
2. When it is there, take it out and put it in again at the end.
3. When the map is full, remove its first entry.

\`\`\`ts
export function remember<K, V>(cache: Map<K, V>, key: K, value: V, most: number): void {
	cache.delete(key);
	cache.set(key, value);
	const [oldest] = cache.keys();
	if (cache.size > most && oldest !== undefined) cache.delete(oldest);
}
\`\`\`

| step | cost |
|---|---|
| look up | constant |
| insert | constant |

- It never grows beyond \`most\` entries.
- It needs no timer and no second list.

`.match(/\s*\S{1,4}|\s+/g)!;
