import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGroup } from './group.js';
import { bareEnvironment, type Files, writeFiles } from './repository.js';

/**
 * `why` is one line for the person where it is not right. `broken`: what the person had is worse than before: a file that could be
 * read cannot any more, something was said to be proven that is not so. `shares`: how many parts of the item were right, of how many.
 */
export type Verdict = { right: boolean; why: string; broken?: boolean; shares?: Readonly<Record<string, Share>> };
export type Share = readonly [part: number, whole: number];
/** `seconds` are those it may take, where that is less than usual. */
export type Command = { program: string; args: readonly string[]; seconds?: number };

/** A judge's program that has not ended by then runs for ever. */
const longest = 20;

/** Whether this command ends well in a fresh folder with these files, and the end of what it says where it does not. */
export async function judged(files: Files, ...commands: readonly Command[]): Promise<Verdict> {
	const folder = mkdtempSync(join(tmpdir(), 'qwill-judge-'));
	try {
		writeFiles(folder, files);
		for (const command of commands) {
			const { code, late, stderr, stdout } = await runGroup({ seconds: longest, ...command, cwd: folder, env: bareEnvironment(folder) });
			if (code !== 0) return { right: false, why: late ? 'it does not end' : lastLine(stderr) || lastLine(stdout) || `exit code ${code}` };
		}
		return { right: true, why: '' };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** The last line that names an error, else the last: Node says its version behind them. */
function lastLine(text: string): string {
	const said = text.trim().split('\n');
	return (said.findLast(line => /^\S*(Error|Exception)\b/.test(line)) ?? said.at(-1) ?? '').trim().slice(0, 200);
}

/** A limit on memory keeps a wild candidate from taking the machine with it. */
export const python = (...args: string[]): Command => ({
	program: 'sh',
	args: ['-c', 'ulimit -v 4000000; exec python3 -E -s -B "$@"', 'sh', ...args],
});

/** Whether these Python files can be read at all. */
export const pythonParses = async (files: Files): Promise<boolean> =>
	(await judged(files, python('-c', 'import ast, sys\nfor path in sys.argv[1:]: ast.parse(open(path).read())', ...Object.keys(files))))
		.right;
