import { orNothing } from '../../checks/survey.js';
import type { Engine, Prompt } from '../../engine/engine.js';
import { samplingFor } from '../../engine/sampling.js';
import { say } from '../../prompts.js';
import { returned } from '../../returned.js';
import { Refusal } from '../../types.js';
import { withoutSecrets } from '../../workspace/diff.js';
import type { Git } from '../../workspace/workspace.js';
import { type FileDiff, filesIn } from './diff.js';
import { mentioned, ungrounded } from './mentions.js';
import { inStyle, type Style, styleOf } from './style.js';

/** A message for a commit, and what was found out about it, as a sentence. */
export type CommitMessage = { text: string; checked: string };

/** `subjects` of earlier commits tell the style, the newest first; those of `near` are of the same files. */
export type Change = { diff: string; subjects: readonly string[]; near: readonly string[] };

/** Commits whose subjects tell the style of the repository; those of each file, and files that are asked about. */
const commitsRead = 40;
const commitsNear = 6;
const filesAsked = 4;

/** A diff as it may be read by a model, with what the repository's log tells of it. */
export async function changeOf(diff: string, git: Pick<Git, 'log'>): Promise<Change> {
	const subjects = async (options: { limit: number; path?: string }) =>
		((await orNothing(() => git.log(options))) ?? '')
			.split('\n')
			.map(line => line.replace(/^\S+ \S+ [^:]*: /, ''))
			.filter(Boolean);
	const paths = filesIn(diff)
		.slice(0, filesAsked)
		.map(({ path }) => path);
	const near = await Promise.all(paths.map(path => subjects({ limit: commitsNear, path })));
	return { diff: withoutSecrets(diff), subjects: await subjects({ limit: commitsRead }), near: near.flat() };
}

/** Messages that are tried; characters of a diff that are read as they are, and of one file's part where it is longer; and files that are summed up. */
const mostTries = 5;
const readWhole = 5_000;
const readOfFile = 1_500;
const mostSummed = 4;
/** Milliseconds that it may take; then the program's own words count. */
const mostMs = 45_000;
const longestSubject = 72;

/**
 * Writes the message for a change: the model proposes, and what mentions a file, a name or a number that the diff does not have, or
 * is not in the repository's own style, is not taken. Where nothing holds, the program says which files and functions changed. The
 * first try is greedy and the seeds are fixed, so it can be repeated. Throws `Refusal` where the model fails.
 */
export async function commitMessage({ diff, subjects, near }: Change, engine: Engine, stop: AbortSignal): Promise<CommitMessage> {
	const signal = AbortSignal.any([stop, AbortSignal.timeout(mostMs)]);
	const files = filesIn(diff);
	const style = styleOf(subjects);
	const front = frontOf(files, style, styleOf(near));
	const shown = diff.length <= readWhole ? diff : await summed(files, engine, signal);
	// The smallest models recite what they are shown; what is in front is given to them.
	const examples =
		style.examples.length > 0 && engine.model.tier !== 'T0' ? say('jobs/commit#style', { subjects: style.examples.join('\n') }) : '';
	const asked = [examples, shown, say('jobs/commit')].filter(Boolean).join('\n\n');
	for (let round = 1; round <= mostTries && !signal.aborted; round++) {
		// Behind a blank these models go on with digits: the blank is the first of what they write.
		const raw = await said(asked, { begin: front.trimEnd(), round, maxTokens: 120 }, engine, signal);
		const text = checkedMessage(raw, style, diff);
		if (text === undefined) continue;
		const found = mentioned(text).length;
		return {
			text,
			checked:
				found === 0
					? 'It mentions no file, name or number.'
					: `${found === 1 ? 'The one thing' : `All ${found} things`} that it mentions can be found in the diff.`,
		};
	}
	return { text: plainMessage(files, style, front), checked: 'Nothing that the model wrote held, so it says only what changed where.' };
}

/** The message as it can stand: the body goes where it states what is not there. Undefined where the subject does. */
function checkedMessage(raw: string, style: Style, diff: string): string | undefined {
	const [first = '', ...rest] = raw
		.replace(/^```\w*\n|\n?```\s*$/g, '')
		.trim()
		.split('\n');
	const subject = inStyle(first, style);
	if (!subject || subject.length > longestSubject || ungrounded(subject, diff).length > 0) return undefined;
	const body =
		rest
			.join('\n')
			.trim()
			.split(/\n\s*\n/)[0] ?? '';
	return body === '' || ungrounded(body, diff).length > 0 ? subject : `${subject}\n\n${body}`;
}

/** What the program knows of the subject's beginning: the type where the files tell it, the area that such files had before. */
function frontOf(files: readonly FileDiff[], style: Style, near: Style): string {
	const all = (pattern: RegExp) => files.length > 0 && files.every(({ path }) => pattern.test(path));
	if (style.front === 'type')
		return all(/(?:^|[/._-])(?:tests?|specs?)(?:[/._-]|$)/i) ? 'test: ' : all(/\.(?:md|rst|txt)$|^docs\//i) ? 'docs: ' : '';
	if (style.front !== 'area') return '';
	const fits = (area: string) => files.some(({ path }) => path.toLowerCase().includes(area.toLowerCase()));
	const area = near.areas[0] ?? style.areas.find(fits) ?? folderOf(files);
	return area === undefined ? '' : `${area}: `;
}

const folderOf = (files: readonly FileDiff[]): string | undefined =>
	files[0]?.path.split('/').at(-2) ?? files[0]?.path.replace(/\.\w+$/, '');

/** A long diff, file by file: what the model says of each where it holds, and what the program knows. */
async function summed(files: readonly FileDiff[], engine: Engine, signal: AbortSignal): Promise<string> {
	const largest = [...files].sort((a, b) => b.added + b.removed - a.added - a.removed).slice(0, mostSummed);
	const lines: string[] = [];
	for (const file of files) {
		const known = file.state === 'changed' ? file.path : `${file.path} (${file.state})`;
		const words = largest.includes(file) && !signal.aborted ? await summaryOf(file, engine, signal) : '';
		lines.push(words === '' ? known : `${known}: ${words}`);
	}
	return say('jobs/commit#files', { lines: lines.join('\n') });
}

async function summaryOf({ path, text }: FileDiff, engine: Engine, signal: AbortSignal): Promise<string> {
	const asked = `${text.slice(0, readOfFile)}\n\n${say('jobs/commit#file', { path })}`;
	const [line = ''] = (await said(asked, { begin: '', round: 1, maxTokens: 40 }, engine, signal)).trim().split('\n');
	return ungrounded(line, text).length > 0 ? '' : line;
}

type Saying = { begin: string; round: number; maxTokens: number };

async function said(asked: string, { begin, round, maxTokens }: Saying, engine: Engine, signal: AbortSignal): Promise<string> {
	const usual = samplingFor(engine.model.name, round);
	const prompt: Prompt = {
		system: say(`system/${engine.model.tier}`),
		messages: [{ role: 'user', text: asked }],
		tools: [],
		sampling: round === 1 ? { ...usual, temperature: 0 } : usual,
		maxTokens,
		aside: true,
		...(begin !== '' && { begin }),
	};
	const { message, failure } = await returned(engine.reply(prompt, signal));
	if (failure && !signal.aborted) throw new Refusal('The model could not write a commit message. Write one yourself: qwill commit "…"');
	return message.raw;
}

const verbs = { new: 'Add', deleted: 'Remove', renamed: 'Rename', changed: 'Update' } as const;

/** Which files changed, and which functions in the first of them. */
function plainMessage(files: readonly FileDiff[], style: Style, front: string): string {
	const [first, ...more] = files;
	if (!first) return 'Change files';
	const states = new Set(files.map(({ state }) => state));
	const verb = states.size === 1 ? verbs[first.state] : 'Update';
	const name = first.path.replace(/.*\//, '');
	const where = first.places.length > 0 && more.length === 0 ? `${first.places.slice(0, 2).join(' and ')} in ${name}` : name;
	const others =
		more.length === 0 ? '' : more.length === 1 ? ` and ${more[0]!.path.replace(/.*\//, '')}` : ` and ${more.length} more files`;
	const head = front !== '' || style.front === 'none' ? front : 'chore: ';
	return `${head}${style.capital ? verb : verb.toLowerCase()} ${where}${others}`.slice(0, longestSubject);
}
