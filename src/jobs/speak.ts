import { carryOut, type Work } from '../agent/loop.js';
import type { AgentEvent, Call, Ending, Outcome, Writer } from '../types.js';

/** The program's own last word on a task, as a reply in the conversation: the model reads later what was said. */
export async function* speak(text: string, { messages }: Work): AsyncGenerator<AgentEvent, Ending> {
	const message = { role: 'assistant', text, calls: [], stop: 'end', raw: text } as const;
	messages.push({ ...message, calls: [] });
	yield { type: 'text', text };
	yield { type: 'replied', message: { ...message, calls: [] }, usage: { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 } };
	return { reason: 'answered' };
}

/** Says why nothing came of a task, which ends it. */
export async function* fails(problem: string, work: Work): AsyncGenerator<AgentEvent, Ending> {
	yield* speak(problem, work);
	return { reason: 'checks-failed', detail: problem };
}

/**
 * Writes each file (path to whole new text) as one call of this `kind`, which the person is asked about with what was `verified`.
 * The words are `writer`'s, or, when undefined, the program's own.
 * Gives how that ended where one was not written.
 */
export async function* writeAll(
	files: ReadonlyMap<string, string>,
	{ kind, verified, writer }: { kind: string; verified?: string | undefined; writer: Writer | undefined },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Ending | undefined> {
	const { workspace } = work.agent;
	const signing = { ...work, agent: { ...work.agent, workspace: { ...workspace, files: workspace.files.signed(writer) } } };
	for (const [path, content] of files) {
		if ((await workspace.files.sight(path)) !== 'absent') await workspace.files.read(path);
		const call = { id: callId(kind, work), tool: 'write_file', args: { file_path: path, content } };
		const written = yield* carryOut({ call, because: '', ...(verified !== undefined && { verified }) }, signing, signal);
		if (written.refused) return { reason: 'denied', tool: 'write_file' };
		if (!written.ok) return { reason: 'checks-failed', detail: written.text };
	}
	return undefined;
}

/** The id of a call that the program makes itself: one of its kind at this place of the conversation. */
export const callId = (what: string, { messages }: Work): string => `${what}-${messages.length}`;

/** What a search came to that the person stopped: what it had found by then is not offered. */
export const stopped: Outcome = { ok: false, text: 'stopped' };

/** Ends a call that the program made itself: the person sees the outcome, and the model reads it later. */
export async function* conclude(call: Call, outcome: Outcome, { messages }: Work): AsyncGenerator<AgentEvent, void> {
	messages.push({ role: 'tool', callId: call.id, tool: call.tool, ok: outcome.ok, text: outcome.text });
	yield { type: 'result', callId: call.id, outcome };
}
