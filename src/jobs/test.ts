import { carryOut, type Work } from '../agent/loop.js';
import type { AgentEvent, Ending } from '../types.js';
import { speak } from './speak.js';

/** Runs the project's tests and says what comes next: no model is asked to say which command that would be. */
export async function* test(work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	const call = { id: `tests-${work.messages.length}`, tool: 'run_tests', args: {} };
	const { ok, refused, show, text } = yield* carryOut({ call, because: '' }, work, signal);
	if (signal.aborted) return { reason: 'interrupted' };
	if (refused) return { reason: 'denied', tool: 'run_tests' };
	if (show?.kind !== 'terminal') return { reason: 'checks-failed', detail: text };
	const [count] = (show.verdict ?? '').split('\n');
	return yield* speak(ok ? `${count}` : `${count} "Fix it" makes me look for a change with which they pass.`, work);
}
