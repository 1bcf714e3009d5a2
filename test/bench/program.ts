import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Refusal } from '../../src/types.js';
import type { Home } from './home.js';

/** The built program, started as a person starts it. */
export const qwill = join(import.meta.dirname, '..', '..', 'bin', 'qwill.js');

export type Ended = { ms: number; stdout: string; stderr: string; code: number | null };
export type Started = {
	program?: string;
	args: readonly string[];
	env?: Record<string, string | undefined>;
	cwd?: string;
	/** Sees each line of standard output when it comes; `stop` is Ctrl-C. */
	line?(text: string, at: number, stop: () => void): void;
};

/** Runs a program (Node by default) to its end. `at` and `ms` count from its start. */
export async function runToEnd({ program = process.execPath, args, env, cwd, line }: Started): Promise<Ended> {
	const started = performance.now();
	const child: ChildProcess = spawn(program, args, {
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
		...(cwd === undefined ? {} : { cwd }),
	});
	let stdout = '';
	let stderr = '';
	let rest = '';
	child.stdout?.setEncoding('utf8').on('data', (text: string) => {
		const at = performance.now() - started;
		stdout += text;
		const lines = `${rest}${text}`.split('\n');
		rest = lines.pop() ?? '';
		if (line) for (const one of lines) line(one, at, () => child.kill('SIGINT'));
	});
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	const exited = new Promise<{ code: number | null; ms: number }>((resolve, reject) => {
		let ms = 0;
		child.on('exit', () => {
			ms = performance.now() - started;
		});
		child.on('close', code => resolve({ code, ms }));
		child.on('error', reject);
	});
	return { ...(await exited), stdout, stderr };
}

export type Told = { ms: number; output: number; prompt: number; contextSize: number; pieces: { at: number; text: string }[] };
export type Asking = { text: string; model: string; home: Home; more?: readonly string[]; stopAfter?: number };

type Line = {
	type: string;
	event?: { delta?: { type: string; text?: string } };
	usage?: { output_tokens: number; input_tokens: number; cache_read_input_tokens: number };
	local?: { context_size: number };
};

/**
 * `qwill -p` on this model, told piece by piece: when each came, from the start of the program, and the tokens in all. It is
 * stopped after `stopAfter` pieces. Throws `Refusal` when it fails.
 */
export async function oneshot({ text, model, home, more = [], stopAfter = Number.POSITIVE_INFINITY }: Asking): Promise<Told> {
	const pieces: Told['pieces'] = [];
	let last: Line | undefined;
	const stream = ['-o', 'stream-json', '--include-partial-messages', '--seed', '1', '--offline'];
	const { ms, code, stderr } = await runToEnd({
		args: [qwill, '-p', text, '-m', model, ...stream, ...more],
		env: home.env,
		cwd: home.folder(),
		line(json, at, stop) {
			const line = JSON.parse(json) as Line;
			if (line.type === 'result') last = line;
			const piece = line.event?.delta?.type === 'text_delta' ? (line.event.delta.text ?? '') : '';
			if (piece === '') return;
			pieces.push({ at, text: piece });
			if (pieces.length === stopAfter) stop();
		},
	});
	const stopped = pieces.length >= stopAfter;
	if (!last?.usage || !last.local || (code !== 0 && !stopped)) throw new Refusal(`qwill -p ended with ${code}: ${stderr.slice(-500)}`);
	const { output_tokens: output, input_tokens: fresh, cache_read_input_tokens: reused } = last.usage;
	return { ms, output, prompt: fresh + reused, contextSize: last.local.context_size, pieces };
}
