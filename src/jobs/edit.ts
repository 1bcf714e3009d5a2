import type { Work } from '../agent/loop.js';
import { definitions } from '../checks/syntax/definitions.js';
import { worseBy } from '../checks/syntax/faults.js';
import type { AgentEvent, Ending } from '../types.js';
import { attempts, type Verdict } from './attempts.js';
import type { Order } from './draft.js';
import { callId, conclude, fails, speak, writeAll } from './speak.js';
import { timeFor } from './time.js';

/** Texts that are tried at the most. */
const mostTries = 5;
/** Words that ask for something to go. */
const removes = /\b(remove|delete|drop|rename|replace|merge|inline|rid of|instead|convert|turn|move)\b/i;

/**
 * Changes one file of code where no tests can tell what is right: proposes whole texts, and offers the first that is a change,
 * parses as well as before, and has lost nothing that nobody asked to lose. Undefined where the model writes no such texts.
 */
export async function* edit(
	order: Order & { target: { path: string; text: string } },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Ending | undefined> {
	const { path } = order.target;
	const late = AbortSignal.timeout(timeFor(work.agent.limits).search);
	const found = yield* search(order, work, AbortSignal.any([signal, late]));
	if (signal.aborted) return { reason: 'interrupted' };
	if (!found) return undefined;
	if (found.text === undefined)
		return yield* fails(`Nothing that was written for \`${path}\` was a change that could be offered; nothing was changed.`, work);
	const stopped = yield* writeAll(new Map([[path, found.text]]), { kind: 'write' }, work, signal);
	return stopped ?? (yield* speak(`Changed: \`${path}\`. There are no tests that say whether it is right.`, work));
}

/** The search as one call that the person can watch. */
async function* search(
	order: Order & { target: { path: string; text: string } },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, { text: string | undefined } | undefined> {
	const { path, text: before } = order.target;
	const call = { id: callId('search', work), tool: 'edit', args: { file_path: path } };
	yield { type: 'call', call, title: `changing ${path}` };
	const judge = async (after: string): Promise<Verdict> => {
		const wrong = await wrongWith({ path, before, after, asked: order.task.text });
		return { verified: wrong === undefined, why: wrong ?? sound };
	};
	const { text, tried } = yield* attempts({ callId: call.id, order, tests: '', most: mostTries }, judge, work, signal);
	yield* conclude(call, { ok: text !== undefined, text: text === undefined ? 'nothing that could be offered' : sound }, work);
	return tried === 0 ? undefined : { text };
}

const sound = 'a change that parses';

type Change = { path: string; before: string; after: string; asked: string };

async function wrongWith({ path, before, after, asked }: Change): Promise<string | undefined> {
	const fault = await worseBy(path, { before, after });
	if (fault) return `line ${fault.line}: ${fault.message}`;
	if (removes.test(asked)) return undefined;
	const names = async (text: string) => ((await definitions(path, text)) ?? []).map(({ name }) => name);
	const left = new Set(await names(after));
	const lost = (await names(before)).find(name => !left.has(name));
	return lost === undefined ? undefined : `${lost} is lost`;
}
