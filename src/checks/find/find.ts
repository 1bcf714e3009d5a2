import type { Workspace } from '../../workspace/workspace.js';
import type { Finding, TestCommand } from '../command.js';
import { type Survey, surveyOf } from '../survey.js';
import { compiled } from './compiled.js';
import { javascript } from './javascript.js';
import { general, scripted } from './others.js';
import { python } from './python.js';

const finders: readonly ((survey: Survey) => Promise<Finding | undefined>)[] = [javascript, compiled, python, scripted, general];

/**
 * How this project's tests are run: `configured` by the person, else what its files say, at the root or, where that says
 * nothing, in the first folder below it. Undefined when nothing tells. Looks only; runs at most `python3 -c "import pytest"`.
 */
export async function findTestCommand(workspace: Workspace, configured?: string): Promise<TestCommand | undefined> {
	if (configured?.trim()) {
		return {
			line: configured.trim(),
			run: { shell: configured.trim() },
			runner: 'shell',
			from: 'testCommand',
			why: 'the configuration says so',
			cwd: '',
		};
	}
	const { paths } = await workspace.files.list({ limit: 20_000 });
	const below = [...new Set(paths.flatMap(path => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])))].filter(
		name => !name.startsWith('.'),
	);
	for (const folder of ['', ...below]) {
		const survey = surveyOf(workspace, paths, folder);
		for (const find of finders) {
			const found = await find(survey);
			if (found) return { ...found, cwd: folder, from: folder === '' ? found.from : `${folder}/${found.from}` };
		}
	}
	return undefined;
}
