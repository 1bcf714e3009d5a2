import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../../src/engine/engine.js';
import { Refusal } from '../../src/types.js';
import { engineOn } from '../engine/remote/talker.js';

/** llama-server with these weights, spoken to by the program's own engine for servers, whose holes go to /infill. */
export type LlamaServer = { engine: Engine; close(): Promise<void> };

const loadMs = 120_000;

/** Starts `program` on a socket of its own and waits until the model is in memory. Throws `Refusal` when it does not come up. */
export async function startLlamaServer(program: string, model: string, threads: number): Promise<LlamaServer> {
	const folder = mkdtempSync(join(tmpdir(), 'qwill-llama-'));
	const socket = join(folder, 'model.sock');
	const child = spawn(program, ['-m', model, '--host', socket, '-c', '4096', '-np', '1', '-t', String(threads)], { stdio: 'ignore' });
	const gone = new Promise<void>(resolve => {
		child.on('exit', () => resolve());
		child.on('error', () => resolve());
	});
	const engine = engineOn({ baseUrl: `unix:${socket}` });
	const close = async () => {
		await engine.close();
		child.kill('SIGKILL');
		await gone;
		rmSync(folder, { recursive: true, force: true });
	};
	for (const end = performance.now() + loadMs; await isLoading(engine); await pause(500)) {
		if (child.exitCode === null && child.signalCode === null && performance.now() < end) continue;
		await close();
		throw new Refusal(`${program} did not start with ${model}.`);
	}
	return { engine, close };
}

async function isLoading(engine: Engine): Promise<boolean> {
	const warming = engine.warm(undefined, new AbortController().signal);
	for (;;) {
		const step = await warming.next();
		if (step.done) return step.value !== undefined;
	}
}
