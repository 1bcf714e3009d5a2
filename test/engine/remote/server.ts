import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after } from 'node:test';

/** A request as the server got it. `left` comes true when the other side closes the connection. */
export type Asked = { path: string; body: Body; headers: IncomingHttpHeaders; left: Promise<void> };
export type Body = { messages: { role: string; content: string }[]; [field: string]: unknown };
export type Answering = (response: ServerResponse, asked: Asked) => void | Promise<void>;

/** `asked` are the requests so far. `close` makes the server disappear, in the middle of whatever it does. */
export type TestServer = { baseUrl: string; asked: Asked[]; close(): void };

/** A server on a Unix socket: it needs no network, not even this machine's own. `answers` are found by the end of the path. */
export async function serve(answers: Record<string, Answering>): Promise<TestServer> {
	const folder = mkdtempSync(join(tmpdir(), 'qwill-server-'));
	const socket = join(folder, 'model.sock');
	const asked: Asked[] = [];
	const server = createServer(async (request, response) => {
		const path = request.url ?? '';
		const left = new Promise<void>(resolve => response.once('close', resolve));
		const body = request.method === 'POST' ? (JSON.parse(await text(request)) as Body) : { messages: [] };
		const one = { path, body, headers: request.headers, left };
		asked.push(one);
		const found = Object.entries(answers).find(([end]) => path.split('?')[0]?.endsWith(end));
		if (found) await found[1](response, one);
		else refuse(404, `there is no ${path}`)(response, one);
	});
	await new Promise<void>(resolve => server.listen(socket, resolve));
	const close = () => {
		server.closeAllConnections();
		server.close();
	};
	after(() => {
		close();
		rmSync(folder, { recursive: true, force: true });
	});
	return { baseUrl: `unix:${socket}`, asked, close };
}

export const json =
	(value: unknown): Answering =>
	response =>
		void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));

export const refuse =
	(status: number, message: string, headers: Record<string, string> = {}): Answering =>
	response =>
		void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error: { message } }));

/** One answer after another; the last one again and again. */
export function inTurn(...answers: Answering[]): Answering {
	let next = 0;
	return (response, asked) => answers[Math.min(next++, answers.length - 1)]?.(response, asked);
}

export const models = (owner: 'llamacpp' | 'vllm' | 'sglang' | 'somebody', ...ids: string[]) =>
	json({ object: 'list', data: ids.map(id => ({ id, object: 'model', owned_by: owner, max_model_len: 4096 })) });

/** An event of a streamed reply. */
export const event = (delta: object, more: object = {}): string =>
	`data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: null, ...more }] })}\n\n`;
export const finish = (reason: string): string => event({}, { finish_reason: reason });
export const usage = (prompt: number, reused: number, output: number): string =>
	`data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: prompt, completion_tokens: output, prompt_tokens_details: { cached_tokens: reused } } })}\n\n`;
export const done = 'data: [DONE]\n\n';

export const begin = (response: ServerResponse) => void response.writeHead(200, { 'content-type': 'text/event-stream' });

/** A streamed reply of these events. */
export const stream =
	(...events: string[]): Answering =>
	response => {
		begin(response);
		response.end(events.join(''));
	};

/** A reply that says this and ends. */
export const says = (...pieces: string[]): Answering =>
	stream(...pieces.map(content => event({ content })), finish('stop'), usage(20, 12, pieces.length), done);
