import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** A server that speaks OpenAI's chat interface and thinks nothing: what is left is the cost of everything around a model. */
export type Mock = { url: string; model: string; close(): void; say(what: Speech): void };

/** So many pieces of about a token each, at so many a second, and the words at the end. */
export type Speech = { pieces: number; perSecond: number; end: string };

/** A name that counts as a small model: nothing but the conversation is sent. */
const model = 'mock-0.5b';
const contextSize = 1_000_000;

/** Listens on this machine. `say` sets what the next replies are. */
export async function startMock(): Promise<Mock> {
	let speech: Speech = { pieces: 5, perSecond: 1000, end: '' };
	const server = createServer((request, response) => {
		request.resume().on('end', () => {
			if (request.url?.endsWith('/models')) {
				response.writeHead(200, { 'content-type': 'application/json' });
				response.end(JSON.stringify({ object: 'list', data: [{ id: model, object: 'model', max_model_len: contextSize }] }));
			} else if (request.url?.endsWith('/chat/completions')) void stream(response, speech);
			else response.writeHead(404).end('{}');
		});
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	return {
		url: `http://127.0.0.1:${address.port}/v1`,
		model,
		say(what) {
			speech = what;
		},
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}

async function stream(response: ServerResponse, { pieces, perSecond, end }: Speech): Promise<void> {
	response.writeHead(200, { 'content-type': 'text/event-stream' });
	const send = (content: string, more: object = {}, finish: string | null = null) =>
		response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }], ...more })}\n\n`);
	const started = performance.now();
	for (let sent = 0; sent < pieces && !response.destroyed; ) {
		const due = Math.min(pieces, Math.ceil(((performance.now() - started) * perSecond) / 1000));
		for (; sent < due; sent++) send(page[sent % page.length]!);
		if (sent < pieces) await pause(1000 / perSecond);
	}
	send(end);
	send('', { usage: { prompt_tokens: 10, completion_tokens: pieces, total_tokens: pieces + 10 } }, 'stop');
	response.end('data: [DONE]\n\n');
}

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
