import { parsesText } from '../../../checks/parse.js';
import { faults } from '../../../checks/syntax/faults.js';
import { type Check, type Found, familyOf, near } from '../change.js';

/** Changed files up to which each is read by the parser of its own language. */
const mostStarted = 20;

/** A file that was well formed, or is new, and is not any more. A stray file of another language is left to those who know it. */
export const parses: Check = async ({ files, workspace, signal }) => {
	const found: Found[] = [];
	for (const file of files) {
		const { path, was, before, after } = file;
		if (after === null || (familyOf(path) === undefined && before === null) || isMeantBroken(path)) continue;
		// A program is started for each: where there are many, only for those that the grammar doubts as well.
		if (files.length > mostStarted && (await faults(path, after))?.length === 0) continue;
		const now = await parsesText(workspace, { path, text: after }, signal);
		if (!now || now.ok || !isSure(path, now.message) || /@flow\b/.test(after)) continue;
		const then = before === null ? { ok: true } : await parsesText(workspace, { path: was, text: before }, signal);
		if (!then?.ok) continue;
		const line = near(file, now.line);
		found.push({ path, line, rule: 'does-not-parse', text: `the file no longer parses: line ${now.line}, ${now.message}` });
	}
	return found;
};

/** What tests feed to a parser may be wrong on purpose. */
const isMeantBroken = (path: string): boolean => /(?:^|\/)(?:fixtures?|testdata|samples?|broken|invalid)(?:\/|$)/i.test(path);

/** A grammar may not know the newest of its language: where nothing but it has judged, only a bracket is beyond doubt. */
const isSure = (path: string, message: string): boolean =>
	/\.(?:pyw?|[cm]?jsx?|jsonc?)$/.test(path) || !message.endsWith('does not fit here');
