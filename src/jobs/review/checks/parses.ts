import { parsesText } from '../../../checks/parse.js';
import { type Check, type Found, familyOf, near } from '../change.js';

/** A file that was well formed, or is new, and is not any more. A stray file of another language is left to those who know it. */
export const parses: Check = async ({ files, workspace, signal }) => {
	const found: Found[] = [];
	for (const file of files) {
		const { path, was, before, after } = file;
		if (after === null || (familyOf(path) === undefined && before === null) || isMeantBroken(path)) continue;
		const now = await parsesText(workspace, { path, text: after }, signal);
		if (!now || now.ok) continue;
		const then = before === null ? { ok: true } : await parsesText(workspace, { path: was, text: before }, signal);
		if (!then?.ok) continue;
		const line = near(file, now.line);
		found.push({ path, line, rule: 'does-not-parse', text: `the file no longer parses: line ${now.line}, ${now.message}` });
	}
	return found;
};

/** What tests feed to a parser may be wrong on purpose. */
const isMeantBroken = (path: string): boolean => /(?:^|\/)(?:fixtures?|testdata|samples?|broken|invalid)(?:\/|$)/i.test(path);
