import { JsoncError, parseJsonc } from '../jsonc.js';
import type { Workspace } from '../workspace/workspace.js';
import { orNothing } from './survey.js';
import { exactly } from './syntax/exact.js';
import { faults } from './syntax/faults.js';

/** Whether a file is well formed in its language; `line` is counted from 1. */
export type Parsed = { ok: true } | { ok: false; line: number; message: string };

/** Parses a file as it is on disk, without running any of it. Undefined when its language is not known, or it cannot be read. */
export async function parses(workspace: Workspace, path: string, signal: AbortSignal): Promise<Parsed | undefined> {
	const file = await orNothing(() => workspace.files.peek(path));
	return file && parsesText(workspace, { path, text: file.text }, signal);
}

/**
 * As `parses`, for a text that is to be the file at `path`: by the language's own parser where it is at hand, since that one
 * knows best, else by its grammar.
 */
export async function parsesText(
	workspace: Workspace,
	file: { path: string; text: string },
	signal: AbortSignal,
): Promise<Parsed | undefined> {
	const { path } = file;
	const text = file.text.replace(/^\uFEFF/, '');
	if (/\.jsonc?$/.test(path)) return isStrict(path) ? json(text) : jsonc(text);
	return (await exactly(workspace, { path, text }, signal)) ?? (signal.aborted ? undefined : byGrammar(path, text));
}

async function byGrammar(path: string, text: string): Promise<Parsed | undefined> {
	const found = await faults(path, text);
	return found && (found[0] ? { ok: false, ...found[0] } : { ok: true });
}

/** Settings of many programs are called JSON and have comments. */
const isStrict = (path: string): boolean =>
	!/(^|\/)(tsconfig|jsconfig|deno|devcontainer|api-extractor|\.eslintrc|\.babelrc|\.swcrc)[^/]*\.json$|\.jsonc$|(^|\/)\.(vscode|devcontainer|zed)\//.test(
		path,
	);

function json(text: string): Parsed {
	try {
		JSON.parse(text);
		return { ok: true };
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		const position = /position (\d+)/.exec(error.message)?.[1];
		const at = position === undefined ? text.length : Number(position);
		return { ok: false, line: text.slice(0, at).split('\n').length, message: error.message };
	}
}

function jsonc(text: string): Parsed {
	try {
		parseJsonc(text);
		return { ok: true };
	} catch (error) {
		if (!(error instanceof JsoncError)) throw error;
		return { ok: false, line: error.line, message: error.message };
	}
}
