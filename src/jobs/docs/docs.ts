import type { Work } from '../../agent/loop.js';
import { writerOf } from '../../agent/writer.js';
import { parsesText } from '../../checks/parse.js';
import { orNothing } from '../../checks/survey.js';
import { type Signature, signatures, toldLanguage } from '../../checks/syntax/signatures.js';
import { withoutComments } from '../../checks/syntax/tokens.js';
import { echoed } from '../../sanitise.js';
import { type AgentEvent, type Ending, Refusal } from '../../types.js';
import type { Workspace } from '../../workspace/workspace.js';
import { onePlace, type Spot, spotOf } from '../place.js';
import { callId, conclude, fails, speak, writeAll } from '../speak.js';
import { lateForAll } from '../time.js';
import { changelog, isChangelog } from './changelog.js';
import { describe, type Source } from './describe.js';
import { framed, namedIn, unlike, withDescription } from './description.js';
import { type Examples, openExamples } from './examples.js';
import { isReadme, readme } from './readme.js';
import { wrongWith } from './sentence.js';
import { styleOf } from './styles.js';

/** Files of the folder that are known by their paths, and of those of the language the ones that are asked for their style. */
const mostFiles = 5_000;
const mostAsked = 40;

/**
 * Describes what a file defines in the convention of its language: the named definition, or each public one that has no description.
 * The program writes what it knows, the model the words; what is offered names exactly what is there, and the code stays as it is.
 */
export async function* docs(words: readonly string[], work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	const { agent } = work;
	const word = onePlace(words, { job: 'docs', forms: ['FILE', 'FILE:LINE', 'FILE:NAME'] });
	if (isChangelog(word)) return yield* changelog(await agent.workspace.files.read(word.replace(/^@/, '')), work, signal);
	if (isReadme(word)) return yield* readme(word, work, signal);
	const spot = await spotOf(word, agent.workspace);
	const source = await sourceOf(spot, agent.workspace);
	const { wanted, none } = await wantedIn(spot);
	if (wanted.length === 0) return yield* speak(none, work);
	// A minute for each, where the person sets no limit.
	const late = lateForAll(agent.limits, wanted.length);
	const failure = yield* agent.engine.warm(undefined, signal);
	if (failure) return failure;
	const found = yield* search({ spot, source, wanted }, work, AbortSignal.any([signal, late]));
	if (signal.aborted) return { reason: 'interrupted' };
	if (found.made.length === 0)
		return yield* fails(
			`Nothing that was written for \`${spot.path}\` could be verified (${left(found.left)}); nothing was changed.`,
			work,
		);
	const verified = toldOf(found.made);
	const text = withAll(spot.text, found.made);
	const stopped = yield* writeAll(
		new Map([[spot.path, text]]),
		{ kind: 'docs', verified, writer: writerOf(agent.engine.model, agent.sampling) },
		work,
		signal,
	);
	if (stopped) return stopped;
	const names = found.made.map(({ one }) => `\`${one.name}\``).join(', ');
	const rest = found.left.length === 0 ? '' : ` Not described: ${left(found.left)}.`;
	return yield* speak(
		`Described in \`${spot.path}\`: ${names}. Verified: ${verified}. The words are the model's: nobody has checked what they mean.${rest}`,
		work,
	);
}

/** Throws `Refusal` 42 for a file of which too little is known to describe it. */
async function sourceOf({ path, text }: Spot, { files }: Pick<Workspace, 'files'>): Promise<Source> {
	const language = toldLanguage(path);
	if (!language)
		throw new Refusal(`docs writes for Python, JavaScript, TypeScript, Go, Rust and Java; ${echoed(path)} is none of them.`, 42);
	if ((await withoutComments(path, text)) === undefined)
		throw new Refusal(`${echoed(path)} is not well formed, so nobody could tell whether its code stays as it is: mend it first.`, 42);
	const { paths } = await files.list({ limit: mostFiles });
	const beside = language === 'python' ? paths.filter(one => one !== path && toldLanguage(one) === language).slice(0, mostAsked) : [];
	const texts: string[] = [text];
	for (const one of beside) texts.push((await orNothing(async () => (await files.peek(one)).text)) ?? '');
	return { path, style: styleOf(language, texts), known: { text, paths } };
}

/** What is to be described, and what is said where that is nothing. */
async function wantedIn({ path, text, from, to, definition }: Spot): Promise<{ wanted: Signature[]; none: string }> {
	const all = (await signatures(path, text)) ?? [];
	const open = ({ doc }: Signature) => doc === undefined;
	if (definition) {
		const named = all.filter(({ at }) => at === definition.at);
		return { wanted: named.filter(open), none: `\`${definition.name}\` in \`${path}\` is described already; nothing was changed.` };
	}
	const inside = all.filter(one => one.isPublic && from <= one.from && one.to <= to);
	const none =
		inside.length > 0
			? `Everything public in \`${path}\` is described already; nothing was changed.`
			: `\`${path}\` defines nothing public there; one that is not is described by its name, as in ${path}:NAME.`;
	return { wanted: inside.filter(open), none };
}

type Made = { one: Signature; description: string; examples: number };
type Left = { one: Signature; why: string };
type Asked = { spot: Spot; source: Source; wanted: readonly Signature[] };

/** The search as one call that the person can watch. */
async function* search(
	{ spot, source, wanted }: Asked,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, { made: Made[]; left: Left[] }> {
	const { path } = spot;
	const call = { id: callId('search', work), tool: 'docs', args: { file_path: path } };
	yield { type: 'call', call, title: `describing ${wanted.length === 1 ? `${wanted[0]!.name} in ${path}` : path}` };
	const examples = openExamples(path, work);
	const [made, missed]: [Made[], Left[]] = [[], []];
	try {
		for (const [index, one] of wanted.entries()) {
			const about = { type: 'candidate', callId: call.id, number: index + 1, what: `${path}:${one.from}  ${one.name}` } as const;
			yield { ...about, state: 'proposed' };
			const found = signal.aborted ? { why: 'time is up' } : yield* oneMore(one, { spot, source, examples }, work, signal);
			if ('why' in found) missed.push({ one, why: found.why });
			else made.push(found);
			yield { ...about, state: 'why' in found ? 'rejected' : 'verified', why: 'why' in found ? found.why : toldOf([found]) };
		}
	} finally {
		await examples.close();
	}
	const together = made.length > 0 && !signal.aborted ? await wrongIn(withAll(spot.text, made), made, source, work) : undefined;
	const kept = together === undefined ? made : [];
	yield* conclude(call, { ok: kept.length > 0, text: kept.length > 0 ? toldOf(kept) : (together ?? left(missed)) }, work);
	return { made: kept, left: together === undefined ? missed : wanted.map(one => ({ one, why: together })) };
}

/** A description of one definition that was verified in its file, or why there is none. */
async function* oneMore(
	one: Signature,
	{ spot, source, examples }: { spot: Spot; source: Source; examples: Examples },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Made | { why: string }> {
	const written = yield* describe(one, source, work, signal);
	if ('why' in written || !one.place) return 'why' in written ? written : { why: 'it has no place for one' };
	const { style } = source;
	const shown = await examples.of(one, spot.text, signal);
	const indent = style.titles.examples.length > 0 && style.name === 'google' ? '    ' : '';
	const behind = shown.length > 0 ? ['', ...style.titles.examples, ...shown.map(line => indent + line)] : [];
	const description = framed([...written.lines, ...behind], style, { indent: one.place.indent, whole: true });
	const made = { one, description, examples: shown.length / 2 };
	const why = await wrongIn(withAll(spot.text, [made]), [made], source, work);
	return why === undefined ? made : { why };
}

const withAll = (text: string, made: readonly Made[]): string =>
	made
		.toSorted((a, b) => b.one.place!.from - a.one.place!.from)
		.reduce((all, { one, description }) => withDescription(all, one.place!, description), text);

/** What is wrong with the file as it would be, read again as if somebody else had written it. */
async function wrongIn(after: string, made: readonly Made[], { path, style, known }: Source, { agent }: Work): Promise<string | undefined> {
	const parsed = await parsesText(agent.workspace, { path, text: after }, new AbortController().signal);
	if (parsed && !parsed.ok) return `it does not parse (line ${parsed.line}: ${parsed.message})`;
	const [then, now] = [await withoutComments(path, known.text), await withoutComments(path, after)];
	if (!then || !now || then.join('\n') !== now.join('\n')) return 'the code would not be the same';
	const [old, all] = [await signatures(path, known.text), (await signatures(path, after)) ?? []];
	for (const { one } of made) {
		const index = old?.findIndex(({ at }) => at === one.at) ?? -1;
		const doc = all[index]?.doc;
		if (doc === undefined) return 'it would not be its description';
		const named = namedIn(doc, style);
		const text = named.words.replace(/^>>> [\s\S]*/m, '').replace(/\s+/g, ' ');
		const why = unlike(one, named) ?? wrongWords(text, { path, style, known });
		if (why !== undefined) return why;
	}
	return undefined;
}

/** Of the whole, only what it speaks of is looked at: its lines were judged one by one. */
function wrongWords(text: string, { known }: Source): string | undefined {
	const why = wrongWith(text, { name: '', known });
	return why?.startsWith('it speaks of') ? why : undefined;
}

/** "4 descriptions: 9 parameters, 2 returns and 1 error named and none missing; the code is the same". */
function toldOf(made: readonly Made[]): string {
	const sum = (count: (one: Made) => number) => made.reduce((all, one) => all + count(one), 0);
	const counts = [
		counted(
			sum(({ one }) => one.parameters?.length ?? 0),
			'parameter',
		),
		counted(
			sum(({ one }) => (one.gives ? 1 : 0)),
			'return',
		),
		counted(
			sum(({ one }) => one.errors.length),
			'error',
		),
	].filter(Boolean);
	const named = counts.length > 0 ? `: ${counts.join(', ')} named and none missing` : '';
	const examples = counted(
		sum(one => one.examples),
		'example',
	);
	return `${counted(made.length, 'description')}${named}${examples && `; ${examples} run`}; the code is the same`;
}

const counted = (count: number, what: string): string => (count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`);

const left = (all: readonly Left[]): string => all.map(({ one, why }) => `\`${one.name}\` (${why})`).join(', ');
