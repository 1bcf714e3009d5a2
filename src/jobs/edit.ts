import type { Work } from '../agent/loop.js';
import { writerOf } from '../agent/writer.js';
import { occurrences } from '../checks/escaped.js';
import { definitions, outermost } from '../checks/syntax/definitions.js';
import { worseBy } from '../checks/syntax/faults.js';
import { signatures } from '../checks/syntax/signatures.js';
import type { AgentEvent, Ending } from '../types.js';
import { type Agreed, agreementIn, openAgreement } from './agreement.js';
import { attempts, type Verdict } from './attempts.js';
import type { Order } from './draft.js';
import { callId, conclude, fails, speak, stopped, writeAll } from './speak.js';
import { lateIn, timeFor, timeUp } from './time.js';
import { capital } from './verdicts.js';

/** Texts that are tried at the most. */
const mostTries = 5;
/** Words that ask for something to go. */
const removes =
	/\b(?:remove|delete|drop|rename|replace|merge|inline|rid of|instead|convert|turn|move)\b|\bchange (?:the |its )?(?:\w+ )?names?\b/i;

/** Words that ask for something beside what is there. */
const adds = /\b(add|append|also|create|example|export|implement|import|include|insert|introduce|main|new|print|provide|test|write)\b/i;

/** Words that ask for something that is not run, or for the look of it. */
const remarks =
	/\b(annotat\w*|comment\w*|describe|docstrings?|document\w*|explain|format\w*|indent\w*|spac\w*|style|tidy|types?|typing)\b/i;

/**
 * Changes one file of code where no tests can tell what is right: proposes whole texts, keeps those that are a change, parse as
 * well as before, and have lost nothing that nobody asked to lose, and offers the one that most of them agree with in what it
 * does. Undefined where the model writes no such texts.
 */
export async function* edit(
	order: Order & { target: { path: string; text: string } },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Ending | undefined> {
	const { path } = order.target;
	const { limits } = work.agent;
	const late = lateIn(timeFor(limits).search);
	const found = yield* search(order, work, { signal, late });
	if (signal.aborted) return { reason: 'interrupted' };
	if (!found) return late.aborted && limits.seconds !== undefined ? { reason: 'time-limit', seconds: limits.seconds } : undefined;
	const ended = late.aborted ? ` ${timeUp}` : '';
	if (found === 'nothing')
		return yield* fails(`Nothing that was written for \`${path}\` was a change that could be offered; nothing was changed.${ended}`, work);
	const verified = agreementIn(found);
	const stopped = yield* writeAll(
		new Map([[path, found.text]]),
		{ kind: 'write', verified, writer: writerOf(work.agent.engine.model, work.agent.sampling) },
		work,
		signal,
	);
	const besides = verified === undefined ? '' : ` ${capital(verified)}.`;
	return stopped ?? (yield* speak(`Changed: \`${path}\`. There are no tests that say whether it is right.${besides}${ended}`, work));
}

/** The search as one call that the person can watch. */
async function* search(
	order: Order & { target: { path: string; text: string } },
	work: Work,
	{ signal, late }: { signal: AbortSignal; late: AbortSignal },
): AsyncGenerator<AgentEvent, Agreed | 'nothing' | undefined> {
	const stop = AbortSignal.any([signal, late]);
	const { path, text: before } = order.target;
	const call = { id: callId('search', work), tool: 'edit', args: { file_path: path } };
	yield { type: 'call', call, title: `changing ${path}` };
	let half: string | undefined;
	const judge = async (after: string): Promise<Verdict> => {
		const wrong = await wrongWith({ path, before, after, asked: order.task.text });
		const open = wrong === undefined ? await taken(path, { before, after }) : undefined;
		if (open !== undefined) half ??= after;
		return { verified: (wrong ?? open) === undefined, why: wrong ?? open ?? sound };
	};
	const agreeing = openAgreement({ path, before }, work, stop);
	try {
		const { tried } = yield* attempts({ callId: call.id, order, tests: '', most: mostTries, enough: agreeing.hear }, judge, work, stop);
		const best = agreeing.best() ?? (half === undefined ? undefined : { text: half, alike: 1, heard: 1, calls: 0 });
		const outcome = { ok: best !== undefined, text: best ? sound : 'nothing that could be offered' };
		yield* conclude(call, signal.aborted ? stopped : outcome, work);
		return best ?? (tried === 0 ? undefined : 'nothing');
	} finally {
		await agreeing.close();
	}
}

const sound = 'a change that parses';

type Change = { path: string; before: string; after: string; asked: string };

async function wrongWith({ path, before, after, asked }: Change): Promise<string | undefined> {
	const fault = await worseBy(path, { before, after });
	if (fault) return `line ${fault.line}: ${fault.message}`;
	if (!remarks.test(asked) && onlyRemarks({ path, before, after })) return 'nothing but comments changes';
	if (!adds.test(asked) && (await stays(path, { before, after }))) return 'what is there stays as it was';
	if (removes.test(asked)) return undefined;
	const names = async (text: string) => ((await definitions(path, text)) ?? []).map(({ name }) => name);
	const left = new Set(await names(after));
	const lost = (await names(before)).find(name => !left.has(name));
	return lost === undefined ? undefined : `${lost} is lost`;
}

/** What is done by halves: a parameter that a function takes now, and does nothing with. It is offered where nothing better is found. */
async function taken(path: string, { before, after }: { before: string; after: string }): Promise<string | undefined> {
	const old = (await signatures(path, before)) ?? [];
	for (const { name, owner, parameters, start, end } of (await signatures(path, after)) ?? []) {
		const known = old.find(one => one.name === name && one.owner === owner)?.parameters;
		const code = after.slice(start, end);
		const unused = known && parameters?.find(({ name }) => !known.some(one => one.name === name) && occurrences(name, code) === 1);
		if (unused) return `${unused.name} is taken and not used`;
	}
	return undefined;
}

/** Whether two texts are the same without blank lines and the lines that are nothing but a comment. */
function onlyRemarks({ path, before, after }: Omit<Change, 'asked'>): boolean {
	const remark = /\.(?:py|rb|sh|r|jl|ya?ml|pl)$/i.test(path) ? /^\s*(?:#.*)?$/ : /^\s*(?:(?:\/\/|\/\*|\*).*)?$/;
	const code = (text: string) =>
		text
			.split('\n')
			.filter(line => !remark.test(line))
			.map(line => line.trimEnd())
			.join('\n');
	return code(before) === code(after);
}

/** Whether everything that the file defined reads as before, so that all that is new stands beside it. */
async function stays(path: string, { before, after }: { before: string; after: string }): Promise<boolean> {
	const bodies = async (text: string) => (await outermost(path, text)).map(({ start, end }) => text.slice(start, end));
	const old = await bodies(before);
	const now = new Set(await bodies(after));
	return old.length > 0 && old.every(body => now.has(body));
}
