import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonIn } from '../../json.js';
import type { EngineEvent } from '../../types.js';
import { type Access, ask, type Question, textOf } from './request.js';
import { refusedBy, type Trouble, unanswered } from './trouble.js';

/** Waits for so many milliseconds, or until `signal` fires. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export type Patience = { pause: Pause; final?(trouble: Trouble): boolean };

/** An answer with status 200, or why there is none. */
export type Outcome = { answer: IncomingMessage } | { trouble: Trouble };

const mostTries = 4;
const firstWaitMs = 500;
/** A server that wants to be left alone for longer is not waited for. */
const longestWaitMs = 30_000;

export const pauseFor: Pause = async (milliseconds, signal) => {
	await sleep(milliseconds, undefined, { signal }).catch(() => {}); // An ended wait is what `signal` is for.
};

/** Asks once. */
export async function tryOnce(access: Access, question: Question): Promise<Outcome> {
	try {
		const answer = await ask(access, question);
		return answer.statusCode === 200 ? { answer } : { trouble: await refusedBy(access, answer) };
	} catch (error) {
		return { trouble: unanswered(access, error) };
	}
}

/**
 * Asks, and asks again where that may help: at most four times, twice as long a wait before each, or as long as the server
 * says. Nothing of an answer has been given out by then, so nothing comes twice. Each new try is a note. Ends on `signal`, and
 * with a trouble that is `final`.
 */
export async function* tryOften(access: Access, question: Question, { pause, final }: Patience): AsyncGenerator<EngineEvent, Outcome> {
	for (let tries = 1; ; tries++) {
		const outcome = await tryOnce(access, question);
		if ('answer' in outcome || !outcome.trouble.again || tries === mostTries || question.signal.aborted) return outcome;
		if (final?.(outcome.trouble)) return outcome;
		const { brief, waitMs = 0 } = outcome.trouble;
		const wait = Math.max(waitMs, firstWaitMs * 2 ** (tries - 1));
		if (wait > longestWaitMs) return outcome;
		yield { type: 'note', text: `${brief}. Trying again in ${wait / 1000} s (${tries + 1} of ${mostTries}).` };
		await pause(wait, question.signal);
		if (question.signal.aborted) return outcome;
	}
}

/** The whole of an answer as JSON; undefined in place of what is none. */
export async function jsonOf(access: Access, outcome: Outcome): Promise<{ json: unknown } | { trouble: Trouble }> {
	if ('trouble' in outcome) return outcome;
	try {
		return { json: jsonIn(await textOf(outcome.answer)) };
	} catch (error) {
		return { trouble: unanswered(access, error) };
	}
}
