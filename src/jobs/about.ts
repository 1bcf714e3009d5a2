import type { About } from '../agent/material.js';
import { showFiles } from '../agent/material.js';
import { say } from '../prompts.js';
import { clip } from '../tools/clip.js';
import { Refusal } from '../types.js';
import { withoutSecrets } from '../workspace/diff.js';
import type { Workspace } from '../workspace/workspace.js';
import { targetsIn } from './targets.js';

/** Paths that are told of a folder, and tokens of its README: enough to say what it is, read in seconds. */
const mostPaths = 60;
const readmeTokens = 400;
const diffTokens = 1000;

const aboutFolder =
	/\b(this|the|my|our|which|what|list|show)\b[^.?!]{0,40}\b(files|folder|director(y|ies)|repo|repository|project|code ?base)\b/i;
const aboutChanges =
	/\b(what|which|show|list|summari[sz]e|describe|explain|review)\b[^.?!]*\b(chang(e|es|ed)|diff|uncommitted|commits?)\b/i;
const aboutHistory = /\b(commits|history|(?<!since (the|my|our) )(last|latest) commit)\b/i;

/**
 * What a question is about: the files that it names; of the folder, which files there are and its README; of changes, what
 * git says. In English, by words. A model without tools would make all of it up.
 */
export async function gather(text: string, workspace: Workspace): Promise<About> {
	const named = (await targetsIn(text, workspace)).filter(target => target.text !== null).map(({ path }) => path);
	const facts: About['facts'][number][] = [];
	if (aboutFolder.test(text)) facts.push(...(await folder(workspace, named)));
	if (aboutChanges.test(text)) facts.push(...(await changes(workspace, text)));
	return { paths: named, facts };
}

async function folder(workspace: Workspace, named: readonly string[]): Promise<About['facts']> {
	const { paths } = await workspace.files.list({ limit: mostPaths + 1 });
	if (paths.length === 0) return [];
	const shown = [...paths.slice(0, mostPaths), ...(paths.length > mostPaths ? [say('jobs/about#more')] : [])].join('\n');
	const list = { what: 'The list of files', text: say('jobs/about#files', { paths: shown }) };
	const readme = paths.find(path => /^readme(\.\w+)?$/i.test(path));
	if (readme === undefined || named.includes(readme)) return [list];
	const { text } = await showFiles([readme], workspace, { tokens: readmeTokens });
	return text === '' ? [list] : [list, { what: readme, text }];
}

async function changes({ git }: Workspace, text: string): Promise<About['facts']> {
	try {
		if (aboutHistory.test(text)) {
			const commits = clip(await git.log({ limit: 10 }), diffTokens, 'head');
			return commits === '' ? [] : [{ what: 'The latest commits', text: say('jobs/about#commits', { commits }) }];
		}
		const [status, diff] = [await git.status(), withoutSecrets(await git.diff())];
		const parts = [
			say('jobs/about#changes', { status: clip(status, diffTokens / 4, 'head') }),
			...(diff === '' ? [] : [say('jobs/about#diff', { diff: clip(diff, diffTokens, 'head') })]),
		];
		return [{ what: 'What git says', text: parts.join('\n\n') }];
	} catch (error) {
		if (error instanceof Refusal) return [];
		throw error;
	}
}
