import { queue } from '../queue.js';
import type { News, Opening, Ready, Request, Result } from './messages.js';
import { type EngineProcess, startProcess } from './process.js';

/** Keeps one engine process: starts it when it is needed, again when it died, and gives it one request at a time. */
export type Host = {
	/** Yields what happens on the way. Never throws. Stops on `signal`, and when the consumer leaves. */
	run(request: Request, signal: AbortSignal): AsyncGenerator<News, Result | Loss>;
	/** What the process said of itself when the model was last in memory. */
	ready(): Ready | undefined;
	close(): Promise<void>;
};

/** No result: the process died (`unheard`: without a word on the request), the model cannot be loaded, or it was stopped. */
export type Loss = { kind: 'lost'; detail: string; unheard?: true } | { kind: 'unusable'; detail: string } | { kind: 'stopped' };

type Running = { process: EngineProcess; ready: boolean };

const answerToStopMs = 5_000;
const closeMs = 1_000;
const keepMs = 900;
const closed = { kind: 'lost', detail: 'The engine has been closed.' } as const;

/**
 * `loadTimeoutMs` is how long loading may go on without progress, `silentMs` how long the process may give no sign of life.
 * `program` is what it runs, if it is not the engine's own.
 */
export type Patience = { loadTimeoutMs: number; silentMs: number; program?: string | undefined };

export function hostFor(opening: Opening, { loadTimeoutMs, silentMs, program }: Patience): Host {
	const line = queue();
	const closing = new AbortController();
	let running: Running | undefined;
	let lastReady: Ready | undefined;
	const note = (ready: Ready) => {
		lastReady = ready;
	};

	async function* run(request: Request, asked: AbortSignal): AsyncGenerator<News, Result | Loss> {
		const signal = AbortSignal.any([asked, closing.signal]);
		const leave = await line.enter(signal);
		if (!leave) return { kind: 'stopped' };
		try {
			for (;;) {
				const wasIdle = running?.ready === true && running.process.alive();
				if (!running?.process.alive()) {
					// A graphics driver may crash while loading: the next attempt does without it.
					const gpu = running && !running.ready ? false : opening.gpu;
					if (gpu !== opening.gpu) yield { type: 'note', text: 'The last start failed, so this one does without the graphics card.' };
					running = { process: startProcess({ ...opening, gpu }, program), ready: false };
				}
				const loss = yield* untilReady(running, { signal, loadTimeoutMs, silentMs, note });

				if (loss) return loss;
				const outcome = yield* carryOut(running.process, request, { signal, silentMs });
				// It had died in idleness, and the news of it came only now: a new one has done nothing wrong.
				if (outcome.kind !== 'lost' || !outcome.unheard || !wasIdle) return outcome;
			}
		} finally {
			leave();
		}
	}

	async function close(): Promise<void> {
		closing.abort();
		const idle = await line.enter(AbortSignal.timeout(closeMs));
		if (idle && opening.states && running?.ready && running.process.alive()) {
			const late = setTimeout(() => void running?.process.kill(closed.detail), keepMs);
			await drained(carryOut(running.process, { type: 'keep' }, { signal: new AbortController().signal, silentMs }));
			clearTimeout(late);
		}
		await running?.process.kill(closed.detail);
		idle?.();
	}

	let closes: Promise<void> | undefined;
	return {
		async *run(request, signal) {
			if (closing.signal.aborted) return closed;
			return yield* run(request, signal);
		},
		ready: () => lastReady,
		close() {
			closes ??= close();
			return closes;
		},
	};
}

async function drained(running: AsyncGenerator<unknown, unknown>): Promise<void> {
	while (!(await running.next()).done);
}

type Loading = { signal: AbortSignal; loadTimeoutMs: number; silentMs: number; note(ready: Ready): void };

/** Waits until the model is in memory. When stopped, loading goes on, and whoever comes next waits for the rest of it. */
async function* untilReady(running: Running, loading: Loading): AsyncGenerator<News, Loss | undefined> {
	const watch = watchOver(running.process, loading.silentMs);
	try {
		return yield* loaded(running, loading);
	} finally {
		clearInterval(watch);
	}
}

async function* loaded(running: Running, { signal, loadTimeoutMs, note }: Loading): AsyncGenerator<News, Loss | undefined> {
	const { process } = running;
	while (!running.ready) {
		const hung = AbortSignal.timeout(loadTimeoutMs);
		const message = await process.receive(AbortSignal.any([signal, hung]));
		if (!message && signal.aborted) return { kind: 'stopped' };
		if (!message) {
			const detail = `The model did not load: nothing happened for ${Math.round(loadTimeoutMs / 1000)} seconds. The next message tries again.`;
			await process.kill(detail);
			return { kind: 'lost', detail };
		}
		if (message.type === 'died') return { kind: 'lost', detail: message.detail };
		if (message.type === 'unusable') {
			await process.kill(message.detail);
			return { kind: 'unusable', detail: message.detail };
		}
		if (message.type === 'loading' || message.type === 'note') yield message;
		if (message.type === 'ready') {
			running.ready = true;
			note(message);
		}
	}
	return signal.aborted ? { kind: 'stopped' } : undefined;
}

/** One request from sending to its result. The process is idle again, or gone, when this ends. */
type Carrying = { signal: AbortSignal; silentMs: number };

async function* carryOut(process: EngineProcess, request: Request, { signal, silentMs }: Carrying): AsyncGenerator<News, Result | Loss> {
	const watch = watchOver(process, silentMs);
	let patience: NodeJS.Timeout | undefined;
	const stop = () => {
		process.send({ type: 'stop' });
		patience ??= setTimeout(
			() => void process.kill('The engine did not stop in time and was ended. The next message starts it again.'),
			answerToStopMs,
		);
	};
	let outcome: Result | Loss | undefined;
	let heard = false;
	try {
		process.send(request);
		signal.addEventListener('abort', stop, { once: true });
		if (signal.aborted) stop();
		while (!outcome) {
			const step = await next(process);
			if ('type' in step) {
				heard = true;
				yield step;
			} else outcome = step;
		}
	} finally {
		if (!outcome) stop();
		while (!outcome) {
			const step = await next(process);
			if (!('type' in step)) outcome = step;
		}
		clearTimeout(patience);
		clearInterval(watch);
		signal.removeEventListener('abort', stop);
	}
	if (outcome.kind === 'failed') await process.kill(outcome.detail);
	// It was stopped, if not the gentle way: what was asked for has happened.
	if (outcome.kind === 'lost' && signal.aborted) return { kind: 'stopped' };
	return outcome.kind === 'lost' && !heard ? { ...outcome, unheard: true } : outcome;
}

/** Ends a process that gives no sign of life. Looks several times, so that a pause of this program itself counts as one look. */
function watchOver(process: EngineProcess, silentMs: number): NodeJS.Timeout {
	const looks = 5;
	let silent = 0;
	const watch = setInterval(() => {
		if (!process.alive()) return clearInterval(watch);
		silent = process.silence() < silentMs / looks ? 0 : silent + 1;
		if (silent < looks) return;
		const seconds = Math.round(silentMs / 1000);
		void process.kill(`The engine gave no sign of life for ${seconds} seconds and was ended. The next message starts it again.`);
	}, silentMs / looks);
	// Whoever left a reply half read must not be kept from ending.
	return watch.unref();
}

async function next(process: EngineProcess): Promise<News | Result | Loss> {
	const message = await process.receive();
	if (!message || message.type === 'died') return { kind: 'lost', detail: message?.detail ?? 'The engine is gone.' };
	if (message.type === 'done') return message.result;
	if (message.type === 'unusable' || message.type === 'ready')
		return { kind: 'lost', detail: 'The engine started anew in the middle of a reply.' };
	return message;
}
