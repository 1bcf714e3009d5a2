import { basename, dirname } from 'node:path';
import type { Work } from '../../agent/loop.js';
import { showFile } from '../../agent/material.js';
import { writerOf } from '../../agent/writer.js';
import { check } from '../../checks/claims/check.js';
import { type Repository, repositoryOf } from '../../checks/claims/repository.js';
import { isTestFile } from '../../checks/coverage/merge.js';
import { type Survey, surveyOf } from '../../checks/survey.js';
import { languageOf } from '../../checks/syntax/languages.js';
import { signatures } from '../../checks/syntax/signatures.js';
import { findTestCommand } from '../../checks/tests.js';
import { say } from '../../prompts.js';
import { returned } from '../../returned.js';
import { echoed } from '../../sanitise.js';
import { clip } from '../../tools/clip.js';
import { type AgentEvent, type Ending, Refusal } from '../../types.js';
import { callId, conclude, fails, speak, writeAll } from '../speak.js';
import { lateForAll } from '../time.js';
import { openCopy } from '../trials.js';
import { openExamples } from './examples.js';
import { type Project, projectOf } from './project.js';
import { missingIn, type Section, type Title, titleFor, titles, withSections } from './readme-file.js';
import { sentenceIn, wrongWith } from './sentence.js';
import { wordsFor } from './words.js';

/** Files that are known, those that a line is written for, and tokens that the model reads of one. */
const mostKnown = 20_000;
const mostFiles = 20;
const readMost = 1_200;
/** Functions that examples are made of, those that are tried for it, and milliseconds that running one may take. */
const mostExamples = 2;
const mostTried = 6;
const patienceMs = 20_000;

export const isReadme = (word: string): boolean => /^(?:.*\/)?README(?:\.(?:md|markdown))?(?::.*)?$/i.test(word);

/** `words` are those that the model wrote, `untold` files that it does not tell of. */
type Made = Section & { words: number; examples: number; untold?: number };
type Written = Omit<Made, 'title'>;

/**
 * Writes the sections that a README does not have, or the one that is named: how the project is installed, used and worked on, as its
 * manifests have it, examples that were run, what each file is for. Offered is what names no command, path or version that is not
 * there; what is in the file already stays as it is. The model writes only what the files are for.
 */
export async function* readme(word: string, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	const { workspace, engine, limits, sampling } = work.agent;
	const [, path = '', named] = /^@?(.*?)(?::(.*))?$/.exec(word) ?? [];
	const text = (await workspace.files.sight(path)) === 'absent' ? '' : (await workspace.files.read(path)).text;
	const missing = missingIn(text);
	const wanted = named === undefined ? missing : only(named, missing);
	if (wanted.length === 0)
		return yield* speak(
			`\`${path}\` has ${named === undefined ? 'every section that is written here' : `a section for that`} already; nothing was changed.`,
			work,
		);
	const failure = yield* engine.warm(undefined, signal);
	if (failure) return failure;
	const late = AbortSignal.any([signal, lateForAll(limits, wanted.length)]);
	const { made, left, project } = yield* search({ path, wanted }, work, late);
	if (signal.aborted) return { reason: 'interrupted' };
	if (made.length === 0)
		return yield* fails(`There is nothing to write in \`${path}\` that could be verified (${left.join('; ')}); nothing was changed.`, work);
	const head = [`# ${project.name}`, ...(project.description === undefined ? [] : ['', project.description])];
	const verified = toldOf(made);
	const words = made.reduce((sum, one) => sum + one.words, 0);
	const writer = words === 0 ? undefined : writerOf(engine.model, sampling);
	const stopped = yield* writeAll(new Map([[path, withSections(text, made, head)]]), { kind: 'docs', verified, writer }, work, signal);
	if (stopped) return stopped;
	const own = words === 0 ? '' : " What the files are for is in the model's words: nobody has checked what they mean.";
	const rest = left.length === 0 ? '' : ` Left out: ${left.join('; ')}.`;
	return yield* speak(`Written in \`${path}\`: ${made.map(({ title }) => title).join(', ')}. Verified: ${verified}.${own}${rest}`, work);
}

/** The one section that is named. Throws `Refusal` 42 where that is none of those that are written. */
function only(named: string, missing: readonly Title[]): Title[] {
	const title = titleFor(named);
	if (title === undefined)
		throw new Refusal(`docs writes the sections ${titles.join(', ')} of a README; ${echoed(named)} is none of them.`, 42);
	return missing.filter(one => one === title);
}

type Found = { made: Made[]; left: string[]; project: Project };

/** The search as one call that the person can watch. */
async function* search(
	{ path, wanted }: { path: string; wanted: readonly Title[] },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Found> {
	const { workspace } = work.agent;
	const call = { id: callId('search', work), tool: 'docs', args: { file_path: path } };
	yield { type: 'call', call, title: `writing sections of ${path}` };
	const folder = dirname(path) === '.' ? '' : dirname(path);
	const { paths } = await workspace.files.list({ limit: mostKnown });
	const survey = surveyOf(workspace, paths, folder);
	const project = await projectOf(survey, basename(folder === '' ? workspace.root : folder));
	const sources = { path, survey, project };
	const repository = repositoryOf(workspace);
	const [made, left]: [Made[], string[]] = [[], []];
	for (const [index, title] of wanted.entries()) {
		const about = { type: 'candidate', callId: call.id, number: index + 1, what: `${path}  ${title}` } as const;
		yield { ...about, state: 'proposed' };
		const one = title === 'Files' ? yield* files(sources, work, signal) : await writers[title](sources, work, signal);
		const why = one.lines.length === 0 ? 'nothing is known of it' : await wrongIn(one, repository);
		if (why === undefined) made.push({ title, ...one });
		else left.push(`${title} (${why})`);
		if (one.untold) left.push(`${one.untold} more ${one.untold === 1 ? 'file' : 'files'}`);
		yield { ...about, state: why === undefined ? 'verified' : 'rejected', why: why ?? toldOf([{ title, ...one }]) };
	}
	yield* conclude(call, { ok: made.length > 0, text: made.length > 0 ? toldOf(made) : left.join('; ') }, work);
	return { made, left, project };
}

/** What of a section the repository contradicts. */
async function wrongIn({ lines }: Pick<Made, 'lines'>, repository: Repository): Promise<string | undefined> {
	const said = { reply: lines.join('\n'), question: 'What does this repository have?', told: '' };
	const wrong = (await check(said, repository)).find(({ ok }) => !ok);
	return wrong && `it says ${wrong.text}, and ${wrong.truth ?? 'that is not there'}`;
}

type Sources = { path: string; survey: Survey; project: Project };
type Writer = (sources: Sources, work: Work, signal: AbortSignal) => Promise<Written>;

/** Those that need no model; what files are for does. */
const writers: Record<Exclude<Title, 'Files'>, Writer> = { Install: install, Usage: usage, Commands: commands };

const shell = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['```sh', ...lines, '```']);

async function install({ project: { needs, install } }: Sources): Promise<Written> {
	const needed = needs.length === 0 || install.length === 0 ? [] : [`Needs ${needs.join(', ')}.`, ''];
	return { lines: [...needed, ...shell(install)], words: 0, examples: 0 };
}

async function usage({ survey, project }: Sources, work: Work, signal: AbortSignal): Promise<Written> {
	const shown = await shownBy(survey, work, signal);
	const code = shown.length === 0 ? [] : ['```python', ...shown.flat(), '```'];
	const starts = shell(project.starts);
	return { lines: [...starts, ...(starts.length > 0 && code.length > 0 ? [''] : []), ...code], words: 0, examples: shown.length };
}

/** Examples of the functions nearest to the top that give something, with their imports, run as they stand there. */
async function shownBy(survey: Survey, work: Work, signal: AbortSignal): Promise<string[][]> {
	const { workspace } = work.agent;
	const found: string[][] = [];
	let tried = 0;
	if (!workspace.processes.boxed.on) return found;
	for (const path of codeIn(survey).filter(path => /^(?:\w+\/)*\w+\.py$/.test(path))) {
		const at = survey.folder === '' ? path : `${survey.folder}/${path}`;
		const text = (await survey.text(path)) ?? '';
		const examples = openExamples(at, work);
		try {
			for (const one of ((await signatures(path, text)) ?? []).filter(({ isPublic }) => isPublic)) {
				if (found.length >= mostExamples || tried++ >= mostTried || signal.aborted) return found;
				const lines = await examples.of(one, text, signal);
				const module = path
					.replace(/^src\//, '')
					.replace(/(?:\/__init__)?\.py$/, '')
					.replaceAll('/', '.');
				const whole = [`>>> from ${module} import ${one.name}`, ...lines];
				if (lines.length > 0 && (await runs(whole, survey.folder, work, signal))) found.push(whole);
			}
		} finally {
			await examples.close();
		}
	}
	return found;
}

/** Whether these lines do what they say, in a copy of the folder. */
async function runs(lines: readonly string[], folder: string, { agent }: Work, signal: AbortSignal): Promise<boolean> {
	const copy = await openCopy(agent.workspace, signal);
	try {
		const put = copy.scratch.put(new Map([[folder === '' ? 'examples.txt' : `${folder}/examples.txt`, `${lines.join('\n')}\n`]]));
		const options = { timeoutMs: patienceMs, signal, ...(folder !== '' && { cwd: folder }), env: { PYTHONDONTWRITEBYTECODE: '1' } };
		const ended = await returned(copy.workspace.processes.run({ program: 'python3', args: ['-m', 'doctest', 'examples.txt'] }, options));
		put.takeBack();
		return ended.exitCode === 0;
	} finally {
		await copy.close();
	}
}

async function commands({ project, survey }: Sources, { agent }: Work): Promise<Written> {
	const test = survey.folder === '' ? (await findTestCommand(agent.workspace, agent.testCommand))?.line : undefined;
	const known = project.commands.some(
		({ line, runs }) => line === test || runs === test || /^(?:\w+ (?:run )?|make )(?:test|check)$/.test(line),
	);
	const own = project.commands.map(({ line, runs }) => `- \`${line}\`${runs === undefined ? '' : `: \`${runs}\``}`);
	return { lines: test === undefined || known ? own : [`- \`${test}\`: runs the tests`, ...own], words: 0, examples: 0 };
}

async function* files({ path: own, survey }: Sources, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Written> {
	const lines: string[] = [];
	const all = codeIn(survey);
	let words = 0;
	for (const path of all.slice(0, mostFiles)) {
		const text = (await survey.text(path)) ?? '';
		if (text.trim() === '') continue; // Of an empty file a model tells what it expects there.
		const begin = `# Files\n\n${[...lines, `- \`${path}\`:`].join('\n')}`;
		const asked = say('jobs/docs#file', { file: showFile(path, clip(text, readMost, 'head')), path });
		const known = { text, paths: survey.paths };
		const judge = (raw: string) => {
			const sentence = sentenceIn(raw, { goesOn: false });
			const why = lines.some(line => line.endsWith(`: ${sentence}`)) ? 'it was said before' : wrongWith(sentence, { name: path, known });
			return why === undefined ? { words: sentence } : { why };
		};
		const told = firstOf(path, text);
		const judged = told === undefined ? yield* wordsFor({ path: own, asked, begin }, judge, work, signal) : { words: told };
		if (told === undefined && 'words' in judged) words++;
		lines.push(`- \`${path}\`${'words' in judged ? `: ${judged.words}` : ''}`);
	}
	return { lines, words, examples: 0, untold: Math.max(0, all.length - mostFiles) };
}

/** The first sentence of what a module of Python says of itself. */
function firstOf(path: string, text: string): string | undefined {
	const [, , doc = ''] = (path.endsWith('.py') ? /^(?:#[^\n]*\n|\s)*[rR]?("""|''')([\s\S]*?)\1/.exec(text) : undefined) ?? [];
	const [paragraph = ''] = doc.trim().split(/\n\s*\n/);
	const sentence = sentenceIn(paragraph.replace(/\s+/g, ' '), { goesOn: false });
	return sentence === '' || /\bcopyright\b|\blicen[sc]e\b/i.test(sentence) ? undefined : sentence;
}

/** The files of code, without tests and settings, those nearest to the top first. */
function codeIn({ paths }: Survey): string[] {
	const isOwn = (path: string) =>
		languageOf(path) !== undefined &&
		!isTestFile(path) &&
		!/(?:^|\/)(?:\.[^/]+\/|setup\.py$|[^/]*\.config\.\w+$|[^/]*\.(?:ya?ml|toml|json|md|html|css)$)/.test(path);
	const depth = (path: string) => path.split('/').length;
	return paths.filter(isOwn).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

/** "4 sections; every command, path and name in them exists; 2 examples run". */
function toldOf(made: readonly Made[]): string {
	const examples = made.reduce((sum, one) => sum + one.examples, 0);
	const sections =
		made.length === 1
			? 'every command, path and name in the section exists'
			: `every command, path and name in the ${made.length} sections exists`;
	return `${sections}${examples === 0 ? '' : `; ${examples === 1 ? 'the example runs' : `the ${examples} examples run`}`}`;
}
