import type { Work } from '../agent/loop.js';
import { check } from '../checks/claims/check.js';
import { claimsIn } from '../checks/claims/claims.js';
import { type Repository, repositoryOf } from '../checks/claims/repository.js';
import type { AgentEvent, AssistantMessage, Ending, Message } from '../types.js';

/**
 * Milliseconds, once a reply is written, until nothing more is read to tell what the repository says of it, and until a task waits no
 * longer for what was begun by then.
 */
const reading = 300;
const longest = 1000;

/**
 * Hands on what happens, and behind each plain answer what it says of the repository: right, or wrong and what is true. Looking
 * begins while the answer is written. Where that takes too long, nothing is said.
 */
export async function* grounded(
	running: AsyncGenerator<AgentEvent, Ending>,
	{ agent: { workspace }, messages }: Pick<Work, 'messages'> & { agent: Pick<Work['agent'], 'workspace'> },
): AsyncGenerator<AgentEvent, Ending> {
	let over = new AbortController();
	let repository: Repository | undefined;
	/** What is written since the last look: a long answer is not read again with each of its lines. */
	let fresh = '';
	for (;;) {
		const step = await running.next();
		if (step.done) return step.value;
		const event = step.value;
		yield event;
		if (event.type === 'turn') {
			over = new AbortController();
			repository = undefined;
			fresh = '';
		}
		if (event.type === 'text') {
			fresh += event.text;
			if (repository || !event.text.includes('\n')) continue;
			const isClaiming = claimsIn(fresh).length > 0;
			fresh = '';
			if (isClaiming) {
				repository = repositoryOf(workspace, over.signal);
				void repository.words();
			}
		}
		if (event.type === 'replied' && isAnswer(event.message)) {
			repository ??= repositoryOf(workspace, over.signal);
			for (const claim of await inTime(check({ reply: event.message.text, ...heard(messages) }, repository), over))
				yield { type: 'claim', ...claim };
		}
	}
}

const isAnswer = ({ calls, stop }: AssistantMessage): boolean => calls.length === 0 && (stop === 'end' || stop === 'length');

/** What comes of looking, or nothing when that takes too long; then it is `over`, as it is in the end. */
async function inTime<T>(looking: Promise<readonly T[]>, over: AbortController): Promise<readonly T[]> {
	const late = Promise.withResolvers<readonly T[]>();
	const timers = [setTimeout(() => over.abort(), reading), setTimeout(() => late.resolve([]), longest)];
	try {
		return await Promise.race([looking, late.promise]);
	} finally {
		for (const timer of timers) clearTimeout(timer);
		over.abort();
	}
}

/** The question that is answered, and all that the model had been told by others than itself. */
function heard(messages: readonly Message[]): { question: string; told: string } {
	const others = messages.filter(({ role }) => role !== 'assistant').map(({ text }) => text);
	return { question: messages.findLast(({ role }) => role === 'user')?.text ?? '', told: others.join('\n') };
}
