import { parsesText } from '../checks/parse.js';
import { say } from '../prompts.js';
import { Refusal } from '../types.js';
import type { Workbench } from './tool.js';

/** What a file is to become. `before` is null for a new file. */
export type Rewrite = { path: string; before: string | null; after: string };

/**
 * Refuses a change after which a file that parsed would not parse any more. For a file that is new, or did not parse
 * before, gives a sentence that says what is wrong with it; '' when nothing is, or nobody can tell.
 */
export async function newSyntaxError({ path, before, after }: Rewrite, { workspace, signal }: Workbench): Promise<string> {
	const now = await parsesText(workspace, { path, text: after }, signal);
	if (!now || now.ok) return '';
	const values = { path, line: now.line, message: now.message, text: (after.split('\n')[now.line - 1] ?? '').trim() };
	const then = before === null ? undefined : await parsesText(workspace, { path, text: before }, signal);
	if (then?.ok) throw new Refusal(say('tools/paths#breaks', values));
	return say('tools/paths#unparsed', values);
}
