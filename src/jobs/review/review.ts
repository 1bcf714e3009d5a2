import type { Work } from '../../agent/loop.js';
import { remarkLine } from '../../agent/remark.js';
import { type AgentEvent, type Ending, Refusal, type Remark } from '../../types.js';
import { type Change, changeOf, type Found } from './change.js';
import { checks } from './checks/all.js';
import { opinions } from './opinions.js';
import { tried } from './tried.js';

/** Lines that one class of checks may speak of; the rest would be the same again. */
const mostRemarks = 100;

/**
 * Says what is wrong with a change: first what programs have verified, then what the model thinks. Nothing is changed. Ends with
 * `remarked` where something is verified.
 */
export async function* review([words, stray]: readonly string[], work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	if (stray !== undefined) throw new Refusal('review takes one change: /review, /review REV or /review A..B', 42);
	const { agent } = work;
	const change = await changeOf(words, agent.workspace, signal);
	if (change.files.length === 0) return yield* last([], `Nothing to review: ${nothing(change, words)}`, work);
	const verified: Remark[] = [];
	for (const remark of oneEach([...(await readAll(change))])) {
		verified.push(remark);
		yield { type: 'remark', ...remark };
	}
	const ran = yield* tried(change, work);
	if (signal.aborted) return { reason: 'interrupted' };
	for (const remark of oneEach([...verified, ...ran.found]).slice(verified.length)) {
		verified.push(remark);
		yield { type: 'remark', ...remark };
	}
	const thought = yield* opinions(change, { verified, work }, signal);
	if (signal.aborted) return { reason: 'interrupted' };
	for (const remark of thought.remarks) yield { type: 'remark', ...remark };
	const all = [...verified, ...thought.remarks];
	return yield* last(all, summary(change, all, { ran: ran.ran, left: [...ran.left, ...thought.left] }), work);
}

async function readAll(change: Change): Promise<Found[]> {
	const found: Found[] = [];
	for (const check of checks) if (!change.signal.aborted) found.push(...(await check(change)).slice(0, mostRemarks));
	return found;
}

/** Of what is said of one line, the first: the others mostly follow from it. */
function oneEach(found: readonly (Found | Remark)[]): Remark[] {
	const lines = new Map<string, Remark>();
	for (const one of found) {
		const key = `${one.line} ${one.path}`;
		if (!lines.has(key)) lines.set(key, { ...one, certainty: 'verified' });
	}
	return [...lines.values()];
}

/** The last word. What the model knows later of the remarks stands in front of it, which the person has seen already. */
async function* last(remarks: readonly Remark[], text: string, { messages }: Work): AsyncGenerator<AgentEvent, Ending> {
	const whole = [...remarks.map(remarkLine), text].join('\n');
	const message = { role: 'assistant', text: whole, calls: [], stop: 'end', raw: whole } as const;
	messages.push({ ...message, calls: [] });
	yield { type: 'text', text };
	yield { type: 'replied', message: { ...message, calls: [] }, usage: { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 } };
	const verified = remarks.filter(({ certainty }) => certainty === 'verified').length;
	return verified > 0 ? { reason: 'remarked', verified } : { reason: 'answered' };
}

const nothing = ({ unread }: Change, words: string | undefined): string =>
	unread.length > 0
		? `only ${counted(unread.length, 'file')} differ that ${unread.length === 1 ? 'is' : 'are'} no text, or may hold secrets.`
		: words === undefined
			? 'the work tree is as it was committed last.'
			: `nothing differs with ${words}.`;

type Told = { ran: readonly string[]; left: readonly string[] };

function summary({ files, unread }: Change, remarks: readonly Remark[], { ran, left }: Told): string {
	const verified = remarks.filter(({ certainty }) => certainty === 'verified').length;
	const lines = files.reduce((sum, { added }) => sum + added.size, 0);
	const looked = `${counted(files.length, 'file')} with ${counted(lines, 'changed line')} checked`;
	const with_ = ran.length > 0 ? `, with ${listed(ran)}` : '';
	const found = `${counted(verified, 'verified remark')}, ${counted(remarks.length - verified, 'opinion')}`;
	const skipped = [...left, ...(unread.length > 0 ? [`${counted(unread.length, 'file')} could not be read as text`] : [])];
	return `${looked}${with_}: ${found}${skipped.length > 0 ? ` (${skipped.join('; ')})` : ''}.`;
}

const listed = (words: readonly string[]): string => [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' and ');
const counted = (count: number, noun: string): string => `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;
