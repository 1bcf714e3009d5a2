import { parsesText } from '../checks/parse.js';
import { worseBy } from '../checks/syntax/faults.js';
import { say } from '../prompts.js';
import { Refusal } from '../types.js';
import type { Workbench } from './tool.js';

/** What a file is to become. `before` is null for a new file. */
export type Rewrite = { path: string; before: string | null; after: string };

/**
 * Refuses a change after which a file that parsed would not parse any more, or one that did not would have more that is
 * wrong. For a new file, and one that is no worse than before, gives a sentence that says what is wrong with it; '' when
 * nothing is, or nobody can tell.
 */
export async function newSyntaxError({ path, before, after }: Rewrite, { workspace, signal }: Workbench): Promise<string> {
	const now = await parsesText(workspace, { path, text: after }, signal);
	if (!now || now.ok) return '';
	const said = ({ line, message }: { line: number; message: string }) => ({
		path,
		line,
		message,
		text: (after.split('\n')[line - 1] ?? '').trim().slice(0, 200),
	});
	const then = before === null ? undefined : await parsesText(workspace, { path, text: before }, signal);
	if (then?.ok) throw new Refusal(say('tools/paths#breaks', said(now)));
	const worse = before === null ? undefined : await worseBy(path, { before, after });
	if (worse) throw new Refusal(say('tools/paths#worse', said(worse)));
	return say('tools/paths#unparsed', said(now));
}
