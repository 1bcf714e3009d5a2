import { say } from '../prompts.js';
import type { AgentEvent, AssistantMessage, Ending, Message } from '../types.js';
import type { Guard } from './guard.js';
import { carryOut, type Work } from './loop.js';

/** Says, after each turn, whether the task is done. The program decides that, not the model. */
export type Judge = {
	/** An ending; or words to the model for its next turn; or `{}` to go on. */
	afterTurn(turn: FinishedTurn, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending | { say?: string }>;
};
export type FinishedTurn = { message: AssistantMessage; malformed: string | undefined };

/** Unreadable calls in a row before the person is told; repairs of failing tests before giving up. */
const unreadableAllowed = 1;
const repairsAllowed = 2;

/**
 * The judge of one task. A reply without calls ends it, once the changes it made have passed the project's own tests.
 * Small models (`verifyAtOnce`) are judged as soon as they have changed a file: they rarely say when they are done.
 */
export function createJudge({ verifyAtOnce, testable }: { verifyAtOnce: boolean; testable: () => Promise<boolean> }): Judge {
	let unreadable = 0;
	let repairs = 0;
	let checked = 0;

	return {
		async *afterTurn({ message, malformed }, work, signal) {
			const { messages, guard } = work;
			if (malformed !== undefined && message.calls.length === 0) {
				unreadable += 1;
				if (unreadable > unreadableAllowed) return { reason: 'stuck', detail: `the model's calls could not be read (${malformed})` };
				return { say: say('repair/unreadable', { complaint: malformed }) };
			}
			unreadable = 0;
			const changed = message.calls.some(call => changes(call.tool) && resultOf(call.id, messages)?.ok);
			const unverified = (await work.agent.workspace.files.changes()).length > 0;
			if (message.calls.length > 0 && !(verifyAtOnce && changed)) return withNudge(guard);
			if (unverified && (await testable())) return yield* verify(work, signal);
			const tool = guard.allRefused();
			return tool === undefined ? { reason: 'answered' } : { reason: 'denied', tool };
		},
	};

	async function* verify(work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending | { say?: string }> {
		const call = { id: `check-${work.messages.length}-${++checked}`, tool: 'run_tests', args: {} };
		const outcome = yield* carryOut({ call, because: '' }, work, signal);
		if (signal.aborted) return { reason: 'interrupted' };
		if (outcome.ok) return { reason: 'answered' };
		if (outcome.refused) {
			yield { type: 'note', text: 'The tests were not run, so this change is not verified. Run them to be sure.' };
			return { reason: 'answered' };
		}
		repairs += 1;
		if (repairs > repairsAllowed) return { reason: 'checks-failed', detail: firstLine(outcome.text) };
		return { say: say('repair/tests-fail') };
	}
}

const withNudge = (guard: Guard): { say?: string } => {
	const words = guard.nudge();
	return words === undefined ? {} : { say: words };
};

const changes = (tool: string) => tool === 'edit' || tool === 'write_file';
const resultOf = (callId: string, messages: Message[]) =>
	messages.findLast(message => message.role === 'tool' && message.callId === callId) as { ok: boolean } | undefined;
const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';
