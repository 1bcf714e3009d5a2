import { createTwoFilesPatch } from 'diff';
import type { Work } from '../../agent/loop.js';
import { writerOf } from '../../agent/writer.js';
import { isTestFile } from '../../checks/coverage/merge.js';
import { orNothing } from '../../checks/survey.js';
import { samplingFor } from '../../engine/sampling.js';
import { say } from '../../prompts.js';
import { type AgentEvent, type Ending, Refusal } from '../../types.js';
import { withoutSecrets } from '../../workspace/diff.js';
import type { Differing, Git } from '../../workspace/workspace.js';
import { aside } from '../aside.js';
import { ungrounded } from '../commit/mentions.js';
import { callId, conclude, fails, speak, writeAll } from '../speak.js';
import { lateForAll } from '../time.js';
import { type Entry, type Kind, type Look, lookOf, withEntries } from './changelog-file.js';

/** Commits that are looked at, characters of a diff that the model reads, and of one file's part; tries, and tokens of a line. */
const mostCommits = 60;
const readMost = 5_000;
const readOfFile = 1_500;
const tries = 3;
const longest = 60;
/** Characters that a line may have. */
const widest = 160;

export const isChangelog = (path: string): boolean =>
	/(?:^|\/)(?:CHANGELOG|CHANGES|HISTORY|NEWS|RELEASES)(?:\.(?:md|markdown|txt))?$/i.test(path);

/** One commit, or what is not committed yet (no `id`). */
type Change = { id: string | undefined; subject: string; diff: string };

/**
 * Writes the lines of a changelog for what was changed since it was changed itself: one for each commit, in the file's own style, below
 * what is not released. Offered is what mentions no file, name, flag or number that the diff of its commit does not have; where the
 * model's words do not hold, the commit's own. Nothing else of the file changes.
 */
export async function* changelog(
	{ path, text }: { path: string; text: string },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Ending> {
	const { agent } = work;
	const { since, changes } = await changesSince(path, agent.workspace.git);
	if (changes.length === 0) return yield* speak(`Nothing that a user would notice was changed since ${since}; nothing was written.`, work);
	const failure = yield* agent.engine.warm(undefined, signal);
	if (failure) return failure;
	const look = lookOf(text);
	const { entries, left, own } = yield* search({ path, text, look, changes }, work, signal);
	if (signal.aborted) return { reason: 'interrupted' };
	if (entries.length === 0)
		return yield* fails(`No line for \`${path}\` could be verified (${left.join('; ')}); nothing was changed.`, work);
	const verified = `what ${entries.length === 1 ? 'the line mentions is' : `the ${entries.length} lines mention is`} in the diff of its commit; nothing else changes`;
	const writer = writerOf(agent.engine.model, agent.sampling);
	const stopped = yield* writeAll(new Map([[path, withEntries(text, entries, look)]]), { kind: 'docs', verified, writer }, work, signal);
	if (stopped) return stopped;
	const words =
		own === 0
			? ''
			: ` ${own === entries.length ? (own === 1 ? 'It is' : 'They are') : `${own} of them ${own === 1 ? 'is' : 'are'}`} in the commit's own words, because the model's did not hold.`;
	const rest = left.length === 0 ? '' : ` Left out: ${left.join('; ')}.`;
	return yield* speak(
		`Wrote ${entries.length === 1 ? 'a line' : `${entries.length} lines`} in \`${path}\`, for what was changed since ${since}. Verified: ${verified}.${words}${rest}`,
		work,
	);
}

/** What was changed since the newest commit that changed the changelog, in its order; without one, since the beginning. */
async function changesSince(path: string, git: Git): Promise<{ since: string; changes: Change[] }> {
	if ((await git.branch()) === undefined)
		throw new Refusal('This folder is not in a git repository, so nobody knows what was changed.', 42);
	const newest = (await orNothing(() => git.log({ limit: 1, path }))) ?? '';
	const base = /^\S+/.exec(newest)?.[0];
	const all = (await git.log({ limit: mostCommits })).split('\n').map(line => /^(\S+) \S+ [^:]*: (.*)$/.exec(line) ?? []);
	const end = all.findIndex(([, id]) => id !== undefined && id === base);
	const changes: Change[] = [];
	for (const [, id = '', subject = ''] of (end < 0 ? all : all.slice(0, end)).reverse()) {
		const differing = /^Merge\b/.test(subject) ? [] : ((await orNothing(() => git.differing({ from: `${id}^`, to: id }))) ?? []);
		if (isNoticed(subject, differing, path)) changes.push({ id, subject, diff: diffOf(differing, path) });
	}
	const open = (await orNothing(() => git.differing())) ?? [];
	if (isNoticed('', open, path)) changes.push({ id: undefined, subject: '', diff: diffOf(open, path) });
	return { since: base === undefined ? 'the beginning' : `${base}, which changed it last`, changes };
}

/** What nobody who uses the program notices: tests, documents, the settings of other programs. */
const inside = /\.(?:md|mdx|rst|txt|lock)$|(?:^|\/)(?:docs?|\.[^/]+)(?:\/|$)|(?:^|\/)package-lock\.json$/;
const isNoticed = (subject: string, differing: readonly Differing[], path: string): boolean =>
	!/^(?:docs?|tests?|chore|ci|style|build|refactor)(?:\([^)]*\))?:/i.test(subject) &&
	differing.some(one => one.path !== path && !isTestFile(one.path) && !inside.test(one.path));

const diffOf = (differing: readonly Differing[], path: string): string =>
	withoutSecrets(
		differing
			.filter(one => one.path !== path && one.before !== undefined && one.after !== undefined)
			.sort((a, b) => Number(isTestFile(a.path)) - Number(isTestFile(b.path)))
			.map(
				({ path: own, was, before, after }) =>
					`diff --git a/${was} b/${own}\n${createTwoFilesPatch(was, own, before ?? '', after ?? '').replace(/^=+\n/, '')}`,
			)
			.join(''),
	);

type Asked = { path: string; text: string; look: Look; changes: readonly Change[] };

/** The search as one call that the person can watch. */
async function* search(
	{ path, text, look, changes }: Asked,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, { entries: Entry[]; left: string[]; own: number }> {
	const call = { id: callId('search', work), tool: 'docs', args: { file_path: path } };
	yield { type: 'call', call, title: `writing lines for ${path}` };
	const late = AbortSignal.any([signal, lateForAll(work.agent.limits, changes.length)]);
	const [entries, left]: [Entry[], string[]] = [[], []];
	let own = 0;
	const known = new Set(text.split('\n').map(bareWords));
	for (const [index, change] of changes.entries()) {
		const what = change.id === undefined ? 'what is not committed yet' : `${change.id} ${change.subject}`;
		const about = { type: 'candidate', callId: call.id, number: index + 1, what } as const;
		yield { ...about, state: 'proposed' };
		const said = yield* wordsOf(change, look, work, late);
		const words = said ?? ownWords(change, look);
		const isNew = words !== undefined && !known.has(bareWords(words));
		if (isNew) {
			entries.push({ kind: kindOf(change), words });
			if (said === undefined) own++;
			known.add(bareWords(words));
		} else left.push(`${what}: ${words === undefined ? 'no words held' : 'it is told already'}`);
		yield { ...about, state: isNew ? 'verified' : 'rejected', why: words ?? 'no words held' };
	}
	yield* conclude(call, { ok: entries.length > 0, text: entries.map(({ words }) => words).join('\n') || left.join('\n') }, work);
	return { entries, left, own };
}

const bareWords = (line: string): string => (line.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');

/** The subject of a commit as a line, where it holds. */
function ownWords({ subject, diff }: Change, look: Look): string | undefined {
	const own = plain(subject);
	return own !== '' && holds(own, diff) ? inLook(own, look) : undefined;
}

/** One line: the model's first that holds. */
async function* wordsOf(
	{ subject, diff }: Change,
	look: Look,
	{ agent }: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, string | undefined> {
	// The smallest models recite what they are shown.
	const examples =
		look.examples.length > 0 && agent.engine.model.tier !== 'T0'
			? `${say('jobs/changelog#examples', { lines: look.examples.map(line => look.mark + line).join('\n') })}\n\n`
			: '';
	const asked = say('jobs/changelog', { diff: shortened(diff), subject: subject || '-', examples });
	for (let round = 1; round <= tries && !signal.aborted; round++) {
		const usual = samplingFor(agent.engine.model.name, round);
		const prompt = {
			...agent.head,
			messages: [{ role: 'user', text: asked }],
			tools: [],
			sampling: round === 1 ? { ...usual, temperature: 0 } : usual,
			maxTokens: longest,
		} as const;
		const message = yield* aside(prompt, agent.engine, signal);
		const [line = ''] = (message?.raw ?? '').trim().split('\n');
		const words = inLook(plain(line.replace(/^\s*[-*+](?:\s+|$)/, '')), look);
		if (words !== '' && holds(words, diff) && isAbout(words, `${subject}\n${diff}`)) return words;
	}
	return undefined;
}

/** The words of a subject or a line without what stands around them: a type, an area, quotes, a heading. */
const plain = (line: string): string =>
	line
		.replace(/^[\w ./-]{1,30}(?:\([^)]*\))?!?:\s+(?=\S)/, '')
		.replace(/^["'*_]+|["'*_]+$/g, '')
		.replace(/\s+/g, ' ')
		.trim();

const inLook = (words: string, { period, capital }: Look): string => {
	const bare = words.replace(/(?<!\.)\.$/, '');
	const isWord = /^\p{L}\p{Ll}+(?=[\s,]|$)/u.test(bare);
	const first = isWord ? (capital ? bare[0]!.toUpperCase() : bare[0]!.toLowerCase()) + bare.slice(1) : bare;
	return bare === '' ? '' : `${first}${period ? '.' : ''}`;
};

const holds = (words: string, diff: string): boolean =>
	words.length <= widest &&
	!/[\x00-\x1f\x7f]|```|\b(?:this|the) (?:commit|diff|change ?log|pull request)\b/i.test(words) &&
	ungrounded(words, diff).length === 0;

/** Whether most of the words that carry the meaning are the change's own, by how they begin. */
function isAbout(words: string, change: string): boolean {
	const telling = (words.toLowerCase().match(/\p{L}{5,}/gu) ?? []).filter(word => !usual.test(word));
	const there = change.toLowerCase();
	return telling.length > 0 && telling.filter(word => there.includes(word.slice(0, 5))).length * 2 > telling.length;
}
const usual =
	/^(?:added?|adding|chang(?:e|es|ed|ing)|fix(?:es|ed)|remov(?:e|es|ed)|updat(?:e|es|ed)|improv(?:e|es|ed|ement)|support(?:s|ed)?|allows?|which|their|there|these|those|about|using|function|feature|user'?s?|program|version|where|instead)$/;

/** What a commit tells of, by its type or its verb; of what says neither, a new file adds. */
function kindOf({ subject, diff }: Change): Kind {
	const words = subject.replace(/^[\w ./-]{1,30}?: (?=\S)/, '');
	const all: readonly (readonly [RegExp, Kind])[] = [
		[/\b(?:security|vulnerab\w*|CVE-\d+)\b/i, 'Security'],
		[/^fix(?:\(|!?:)/i, 'Fixed'],
		[/^feat(?:\(|!?:)/i, 'Added'],
	];
	const verbs: readonly (readonly [RegExp, Kind])[] = [
		[/^(?:fix|correct|repair|prevent|avoid|handle|no longer)\w*\b/i, 'Fixed'],
		[/^(?:remov|delet|drop)\w*\b/i, 'Removed'],
		[/^deprecat\w*\b/i, 'Deprecated'],
		[/^(?:add|introduc|implement|support|creat|allow)\w*\b/i, 'Added'],
	];
	return (
		(all.find(([sign]) => sign.test(subject)) ?? verbs.find(([sign]) => sign.test(words)))?.[1] ??
		(subject === '' && /^--- .*\n\+\+\+ .*\n@@ -0,0 /m.test(diff) ? 'Added' : 'Changed')
	);
}

/** The beginning of each file's part. */
const shortened = (diff: string): string =>
	diff.length <= readMost
		? diff
		: diff
				.split(/^(?=diff --git )/m)
				.map(part => (part.length > readOfFile ? `${part.slice(0, readOfFile)}\n[…]\n` : part))
				.join('')
				.slice(0, readMost);
