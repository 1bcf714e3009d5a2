import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Turn } from '../../src/engine/dialects/dialect.js';
import { Refusal } from '../../src/types.js';
import type { Weights } from './model.js';
import { programOf, type Reference } from './reference.js';

/** llama-server on the same file, with as many threads and as much context as ours. */
export type LlamaServer = {
	pid: number;
	/** `performance.now()` when it was started. */
	startedAt: number;
	/** A reply at temperature 0: its text, and the milliseconds until its first piece came. */
	ask(turns: readonly Turn[], maxTokens: number): Promise<{ firstMs: number; text: string }>;
	close(): Promise<void>;
};

const loadMs = 120_000;

/** Starts it and waits until the model is in memory. */
export async function startServer(reference: Reference, weights: Weights, contextSize: number): Promise<LlamaServer> {
	const port = await freePort();
	const startedAt = performance.now();
	const { path, threads } = weights;
	const place = ['--host', '127.0.0.1', '--port', String(port), '--no-webui'];
	const size = ['-m', path, '-t', String(threads), '-c', String(contextSize), '-np', '1'];
	const child = spawn(programOf(reference, 'llama-server'), [...size, ...place], { stdio: ['ignore', 'ignore', 'pipe'] });
	let said = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		said = (said + text).slice(-2000);
	});
	const address = `http://127.0.0.1:${port}`;
	try {
		await untilHealthy(child, address, () => said);
	} catch (error) {
		child.kill('SIGKILL');
		throw error;
	}
	return {
		pid: child.pid!,
		startedAt,
		ask: (turns, maxTokens) => ask(`${address}/v1/chat/completions`, turns, maxTokens),
		async close() {
			const gone = new Promise(resolve => child.once('exit', resolve));
			child.kill('SIGTERM');
			const late = setTimeout(() => child.kill('SIGKILL'), 5000);
			await gone;
			clearTimeout(late);
		},
	};
}

async function untilHealthy(child: ChildProcess, address: string, said: () => string): Promise<void> {
	const end = performance.now() + loadMs;
	while (performance.now() < end) {
		if (child.exitCode !== null || child.signalCode !== null) throw new Refusal(`llama-server ended while it started: ${said()}`);
		const answer = await fetch(`${address}/health`).catch(() => undefined);
		await answer?.body?.cancel();
		if (answer?.ok) return;
		await pause(20);
	}
	throw new Refusal(`llama-server was not ready within ${loadMs / 1000} seconds: ${said()}`);
}

async function ask(url: string, turns: readonly Turn[], maxTokens: number): Promise<{ firstMs: number; text: string }> {
	const messages = turns.map(({ role, text }) => ({ role, content: text }));
	const body = { messages, stream: true, cache_prompt: true, temperature: 0, max_tokens: maxTokens };
	const started = performance.now();
	const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
	if (!answer.ok || !answer.body) throw new Refusal(`llama-server answered ${answer.status}: ${await answer.text()}`);
	let firstMs: number | undefined;
	let text = '';
	let rest = '';
	for await (const bytes of answer.body.pipeThrough(new TextDecoderStream())) {
		const lines = `${rest}${bytes}`.split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) {
			const piece = pieceIn(line);
			if (piece) firstMs ??= performance.now() - started;
			text += piece;
		}
	}
	if (firstMs === undefined) throw new Refusal('llama-server wrote nothing.');
	return { firstMs, text };
}

/** The text that one line of the event stream adds. */
export function pieceIn(line: string): string {
	const data = /^data: (\{.*)$/.exec(line)?.[1];
	if (data === undefined) return '';
	const event = JSON.parse(data) as { choices?: { delta?: { content?: string | null } }[] };
	return event.choices?.[0]?.delta?.content ?? '';
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise(resolve => server.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('no port');
	return address.port;
}
