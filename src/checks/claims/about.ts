import { mentionsIn } from './paths.js';
import { read } from './prose.js';
import type { Repository } from './repository.js';

const ofHere =
	/\b(?:this|the|my|our|these|here)\b[^.?!\n]{0,40}\b(?:files?|folder|director(?:y|ies)|repo|repository|project|code ?base|code|module|package|scripts?|tests?|app|application|program|library|cli)\b|\bhere\b/i;
const names = /\b(?:[a-z]+(?:_[a-z\d]+)+|[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*)\b|\b\w+(?=\(\))/g;
/** Files that every other project has too: to name one proves nothing. */
const usual = /^(?:readme|license|package\.json|makefile|dockerfile|tsconfig\.json|requirements\.txt|\.gitignore|index\.\w+|main\.\w+)/i;

/**
 * Whether a reply is about the repository: the question speaks of it, of a file in it or of a name in it, or the reply names one of
 * its files. What somebody explains about the world is not to be measured by a folder.
 */
export async function isAbout(repository: Repository, { question, reply }: { question: string; reply: string }): Promise<boolean> {
	if (ofHere.test(question)) return true;
	const { paths } = await repository.paths();
	const has = (path: string) => paths.some(one => one === path || one.endsWith(`/${path}`));
	if (mentionsIn(read(question, '')).some(({ path }) => has(path))) return true;
	if (mentionsIn(read(reply, '')).some(({ path }) => !usual.test(path) && has(path))) return true;
	const asked = question.match(names) ?? [];
	if (asked.length === 0) return false;
	const words = await repository.words();
	return asked.some(word => words?.has(word) ?? false);
}
