import type { Work } from '../../agent/loop.js';
import { writerOf } from '../../agent/writer.js';
import { compiles } from '../../checks/compiled/compiled.js';
import { isTestFile } from '../../checks/coverage/merge.js';
import { canBeProbed } from '../../checks/probe.js';
import { outermost } from '../../checks/syntax/definitions.js';
import { echoed } from '../../sanitise.js';
import { type AgentEvent, type Ending, Refusal } from '../../types.js';
import { onePlace, type Spot, spotOf } from '../place.js';
import { callId, conclude, fails, speak, writeAll } from '../speak.js';
import { lateIn, timeFor } from '../time.js';
import { type Copy, openCopy } from '../trials.js';
import { type Case, named } from './render.js';
import { mostRefused, refusals, said, scoreOf } from './report.js';
import { roundTrip } from './roundtrip.js';
import { type Study, study } from './study.js';
import { namesIn, type Subject, subjectsOf } from './subjects.js';
import { titlesOf } from './titles.js';
import { type Verified, verify } from './verify.js';
import { type Place, placeOf } from './where.js';

/** Functions and methods of a file that tests are written for at a time; the parts of the time that the model has for calls, and for names. */
const mostSubjects = 8;
const shareForModel = 0.4;
const shareForTitles = 0.05;
/** The part of the whole time that is kept for running the tests themselves. */
const shareForStudies = 0.6;

/**
 * Writes tests for the functions of a file and the methods of its classes: the model and the program propose calls, the present code says
 * what they give, and kept is what gives the same every time and shows something that no test shows yet. They are written when they pass
 * in a copy and are approved.
 */
export async function* tests(words: readonly string[], work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	const { agent } = work;
	const spot = await spotOf(onePlace(words, { job: 'tests', forms: ['FILE', 'FILE:NAME'] }), agent.workspace);
	if (isTestFile(spot.path)) throw new Refusal(`${echoed(spot.path)} is a test itself; name the file that is to be tested.`, 42);
	if (!canBeProbed(spot.path))
		throw new Refusal(
			`Tests are written for Python, JavaScript, TypeScript, Go, Rust and Java so far, and ${echoed(spot.path)} is none of these.`,
			42,
		);
	const subjects = await subjectsOf(spot);
	const { on } = agent.workspace.processes.boxed;
	if (!on)
		return yield* fails(
			'To find tests the code is run, which is done in the sandbox only, and there is none: qwill doctor says why.',
			work,
		);
	const { search, run } = timeFor(agent.limits);
	const end = performance.now() + search;
	const stop = AbortSignal.any([signal, lateIn(search)]);
	const failure = yield* agent.engine.warm(undefined, signal);
	if (failure) return failure;
	const time = { search: Math.max(0, end - performance.now()), run };
	const found = yield* searched({ spot, subjects, time }, work, stop);
	if (signal.aborted) return { reason: 'interrupted' };
	for (const text of found.notes) yield { type: 'note', text };
	if ('problem' in found) return yield* fails(found.problem, work);
	if ('nothing' in found) return yield* speak(found.nothing, work);
	const { place, text, verified } = found;
	const refused = yield* writeAll(
		new Map([[place.path, text]]),
		{ kind: 'tests', verified, writer: writerOf(agent.engine.model, agent.sampling) },
		work,
		signal,
	);
	return refused ?? (yield* speak(`Written: \`${place.path}\`. ${said(verified)}`, work));
}

type Wanted = { spot: Spot; subjects: readonly Subject[]; time: { search: number; run: number } };
type Found = { notes: readonly string[] } & ({ problem: string } | { nothing: string } | { place: Place; text: string; verified: string });

/** The search as one call that the person can watch. */
async function* searched(wanted: Wanted, work: Work, stop: AbortSignal): AsyncGenerator<AgentEvent, Found> {
	const { path } = wanted.spot;
	const call = { id: callId('tests', work), tool: 'tests', args: { file_path: path } };
	yield { type: 'call', call, title: `looking for tests of ${path}` };
	let copy: Copy | undefined;
	try {
		copy = await openCopy(work.agent.workspace, stop);
		const found = yield* foundIn(copy, { ...wanted, callId: call.id }, work, stop);
		const text = 'problem' in found ? found.problem : 'nothing' in found ? found.nothing : found.verified;
		yield* conclude(call, { ok: !('problem' in found), text }, work);
		return found;
	} catch (error) {
		if (!stop.aborted) throw error;
		yield* conclude(call, { ok: false, text: late }, work);
		return { notes: [], problem: late };
	} finally {
		await copy?.close();
	}
}

const late = 'No tests were found in the time there was; --max-wall-time gives more.';

async function* foundIn(
	copy: Copy,
	{ spot, subjects, time, callId }: Wanted & { callId: string },
	work: Work,
	stop: AbortSignal,
): AsyncGenerator<AgentEvent, Found> {
	const { path, text } = spot;
	const place = await placeOf(spot, work.agent.workspace, work.agent.testCommand);
	const known = new Set((await subjectsOf({ ...spot, definition: undefined })).filter(one => !one.whole).map(({ imported }) => imported));
	const few = subjects.slice(0, mostSubjects);
	const began = performance.now();
	if (!(await compiles(copy, path, stop)) && !stop.aborted)
		return { notes: [], problem: `${path} does not compile in a copy of this folder.` };
	const until = performance.now() + Math.max(0, time.search - (performance.now() - began)) * shareForStudies;
	const studies: Study[] = [];
	for (const [index, subject] of few.entries()) {
		const each = (until - performance.now()) / (few.length - index);
		if (stop.aborted || each <= 0) break;
		const studying = {
			subject,
			path,
			text,
			tests: place.text ?? '',
			known: new Set([...known, subject.imported]),
			copy,
			seconds: each / 1000,
		};
		const enough = AbortSignal.any([stop, lateIn(each * shareForModel)]);
		const signal = AbortSignal.any([stop, lateIn(each * 2)]);
		const found = await study(studying, work, { signal, enough });
		if (!found && signal.aborted) continue;
		if (!found) return { notes: [], problem: `${path} cannot be run by itself here, so nothing could be found out about it.` };
		for (const [i, one] of found.kept.entries())
			yield { type: 'candidate', callId, number: studies.length * 100 + i + 1, what: one.call, state: 'verified', why: one.does };
		studies.push(found);
	}
	const notes = notesOf(studies, subjects.length);
	if (studies.length === 0) return { notes: [], problem: late };
	const cases = await casesOf(studies, { path, place, copy, naming: time.search * shareForTitles }, work, stop);
	if (cases.length === 0) {
		if (stop.aborted) return { notes, problem: late };
		const isShown = studies.some(({ before, mutants }) => mutants > 0 && before.kills.size > 0);
		return isShown
			? { notes, nothing: 'No call was found that shows more than the tests that are there.' }
			: { notes, problem: refusals(studies) };
	}
	const whole = subjects.some(({ whole }) => whole);
	const imports = await importsOf(cases, { spot, whole, subjects: few });
	const verified = await verify(copy, { place, cases, imports, whole }, { timeoutMs: time.run, signal: stop });
	if (typeof verified === 'string') {
		const why = stop.aborted ? late : `None of the tests passes in ${place.path}: ${verified.split('\n').slice(0, 3).join(' ')}`;
		return { notes, problem: why };
	}
	return { notes, place, text: verified.text, verified: scoreOf(keptIn(studies, verified), verified.cases.length) };
}

/** The cases of all functions with what they are called in the file. */
async function casesOf(
	studies: readonly Study[],
	{ path, place, copy, naming }: { path: string; place: Place; copy: Copy; naming: number },
	work: Work,
	stop: AbortSignal,
): Promise<Case[]> {
	const enough = AbortSignal.any([stop, lateIn(naming)]);
	const titled: { one: Study['steady'][number]; title: string }[] = [];
	for (const { subject, kept } of studies) {
		const titles = await titlesOf({ subject, path, cases: kept }, work, enough);
		titled.push(...kept.map((one, i) => ({ one, title: titles[i]! })));
	}
	const both = stop.aborted ? undefined : await roundTrip(studies, { path, copy }, stop);
	if (both) titled.push({ one: both, title: both.title });
	const names = named(
		titled.map(({ title }) => title),
		place,
	);
	return titled.map(({ one: { call, does, kind, waits = false } }, i) => ({ call, does, kind, waits, title: names[i]! }));
}

/** What the tests bring in: what they call, and the errors of the file itself. */
async function importsOf(
	cases: readonly Case[],
	{ spot, whole, subjects }: { spot: Spot; whole: boolean; subjects: readonly Subject[] },
): Promise<string[]> {
	const own = new Set((await outermost(spot.path, spot.text)).map(({ name }) => name));
	if (whole) return [...new Set(subjects.filter(one => one.whole).map(({ imported }) => imported))];
	const errors = spot.path.endsWith('.py') ? cases.flatMap(({ kind, does }) => (kind === 'error' ? [does.slice(2)] : [])) : [];
	return [...new Set([...cases.flatMap(({ call }) => namesIn(call)), ...errors])].filter(name => own.has(name)).sort();
}

/** The studies with what the cases that passed show. */
function keptIn(studies: readonly Study[], { cases }: Verified): Study[] {
	const calls = new Set(cases.map(({ call }) => call));
	return studies.map(one => {
		const kept = one.kept.filter(({ call }) => calls.has(call));
		const kills = new Set([...one.before.kills, ...kept.flatMap(({ shows }) => [...shows.kills])]);
		const lines = new Set([...one.before.lines, ...kept.flatMap(({ shows }) => [...shows.lines])]);
		return { ...one, kept, after: { kills, lines } };
	});
}

function notesOf(studies: readonly Study[], all: number): string[] {
	const found = studies.flatMap(({ contradictions }) => contradictions);
	const bugs = found.map(({ call, does, gives, by, said, all }) => {
		const who = by === 'example' ? 'its example says' : `${said} of ${all} texts of the model expect`;
		return `Possible bug: ${call} gives ${does}; ${who} ${gives}. No test was written for it.`;
	});
	const none = studies.flatMap(({ subject, kept, before, refused }) => {
		const [why] = mostRefused(refused);
		return kept.length === 0 && before.kills.size === 0 && why !== undefined ? [`No test of ${subject.name}: ${why}.`] : [];
	});
	const more = all > studies.length ? [`Tests were looked for in ${studies.length} of ${all} functions; name one with FILE:NAME.`] : [];
	return [...bugs, ...(none.length < studies.length ? none : []), ...more];
}
