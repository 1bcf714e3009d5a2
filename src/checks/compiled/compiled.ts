/** Calls in languages that are compiled: all of them, and all mutants, in one program that is compiled once and run for each. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { returned } from '../../returned.js';
import type { Scratch } from '../../workspace/scratch.js';
import type { Workspace } from '../../workspace/workspace.js';
import type { Done, Edit } from '../probe.js';
import { languageOf } from '../syntax/languages.js';
import { withTree } from '../syntax/trees.js';
import type { Compiler } from './compiler.js';
import { go } from './go.js';
import { java } from './java.js';
import { outcomesIn } from './outcomes.js';
import { rust } from './rust.js';
import { type Schemata, schemata } from './schemata.js';

/** A copy of the work tree: what is compiled is put into it for as long as that takes. */
export type Bench = { workspace: Pick<Workspace, 'processes' | 'files'>; scratch: Pick<Scratch, 'put'> };

const compilers: Partial<Record<string, Compiler>> = { go, rust, java };

/** What makes calls of what this file defines; undefined where its language is not compiled, or none of ours. */
export const compilerOf = (path: string): Compiler | undefined => compilers[languageOf(path) ?? ''];

/** A run of the program: the edit that is in the place of the code, or none, and the calls in their order, both by their numbers. */
export type Run = { edit?: number; calls: readonly number[] };

export type Asked = { path: string; calls: readonly string[]; edits: readonly Edit[]; runs: readonly Run[]; env?: Record<string, string> };
type Limits = { seconds: number; signal: AbortSignal };

/** For each run that was made, what its calls did; undefined for those that did not compile or end. `lines` are those that can run. */
export type Ran = { lines: number[]; runs: ((Done | undefined)[] | undefined)[] };

/** What does not compile is left out, and it is compiled again, so often at the most. */
const mostBuilds = 6;
/** Milliseconds for compiling, beside what the calls may take: with nothing made before, a whole library is. */
const buildMs = 90_000;
const callers = join(import.meta.dirname, '..', '..', '..', 'bin', 'callers');

/** Makes the runs. Undefined where nothing of it compiles, whatever is left out. */
export async function compiledRuns(bench: Bench, asked: Asked, limits: Limits): Promise<Ran | undefined> {
	const compiler = compilerOf(asked.path);
	if (!compiler) return undefined;
	const { text } = await bench.workspace.files.peek(asked.path);
	const left: Left = { calls: new Set(), edits: new Set(asked.edits.keys()), marking: true };
	for (const [index, call] of asked.calls.entries()) if (await isCall(compiler, asked.path, call)) left.calls.add(index);
	for (let build = 0; build < mostBuilds && !limits.signal.aborted && (left.calls.size > 0 || asked.calls.length === 0); build++) {
		const [calls, edits] = [[...left.calls], [...left.edits]];
		const chosen = { path: asked.path, text, edits: edits.map(edit => asked.edits[edit]!), marking: left.marking };
		const made = await schemata(chosen, compiler.saying);
		if (!made) return undefined;
		const building: Building = { compiler, made, calls, edits: made.mutants.map(each => edits[each]!), text };
		const found = await builtAndRun(bench, { asked, building }, limits);
		if ('ran' in found) return found.ran;
		if (!leaveOut(found.faults, left)) return undefined;
	}
	// Of calls that all do not compile nothing is known, but that.
	const isNone = left.calls.size === 0 && asked.calls.length > 0;
	return isNone ? { lines: [], runs: asked.runs.map(run => run.calls.map(() => undefined)) } : undefined;
}

/** Compiles the file with nothing that is called: what it needs is made then. Whether it compiles; true where its language is not compiled. */
export async function compiles(bench: Bench, path: string, signal: AbortSignal): Promise<boolean> {
	if (!compilerOf(path)) return true;
	return (await compiledRuns(bench, { path, calls: [], edits: [], runs: [] }, { seconds: 0, signal })) !== undefined;
}

/** What is still thought to compile. */
type Left = { calls: Set<number>; edits: Set<number>; marking: boolean };

/** What of it is built: `calls` and `edits`, the mutants in their order, by their numbers; `text` is the file as it was. */
export type Building = { compiler: Compiler; made: Schemata; calls: readonly number[]; edits: readonly number[]; text: string };

/** Whether it is one expression, or steps, on one line. */
async function isCall({ parses }: Compiler, path: string, call: string): Promise<boolean> {
	if (/[\n\r]/.test(call)) return false;
	const [whole, none] = [parses(call), parses('')];
	const counted = (text: string) => withTree(path, text, ({ root }) => (root.hasError ? 0 : root.namedChildren.length));
	return !/^\s*$/.test(call) && (await counted(whole)) === none.split('\n').length - 1;
}

/** What an error of compiling is about. */
type Fault = { call: number } | { edit: number } | 'marks' | 'other';

/** Compiles it and makes the runs, in one box. */
async function builtAndRun(
	{ workspace, scratch }: Bench,
	{ asked, building }: { asked: Asked; building: Building },
	{ seconds, signal }: Limits,
): Promise<{ ran: Ran } | { faults: Fault[] }> {
	const { compiler, made, calls, edits } = building;
	const caller = readFileSync(join(callers, compiler.caller), 'utf8');
	const texts = calls.map(call => asked.calls[call]!);
	const built = compiler.files({ path: asked.path, text: made.text, caller, calls: texts, marks: Math.max(1, made.marks.length) });
	const mark = `results-${randomBytes(8).toString('hex')}`;
	const wanted = asked.runs.map(({ edit, calls: some }) => {
		const mutant = edit === undefined ? 0 : edits.indexOf(edit) + 1;
		const numbers = some.flatMap(one => (calls.includes(one) ? [calls.indexOf(one)] : []));
		return edit !== undefined && mutant === 0 ? undefined : [mutant, ...numbers].join(' ');
	});
	const script = [`${compiler.build} || exit 1`, `echo ${mark} built; SECONDS=0`, compiler.run(mark, Math.ceil(seconds))].join('\n');
	const words = ['--norc', '--noprofile', '-c', script, 'probe', ...wanted.filter(one => one !== undefined)];
	const options = { cwd: posix.dirname(asked.path), timeoutMs: buildMs + seconds * 1000, signal, env: asked.env ?? {} };
	const put = scratch.put(built.files);
	try {
		const { output } = await returned(workspace.processes.run({ program: 'bash', args: words }, options));
		if (output.includes(`${mark} built`)) return { ran: outcomesIn(output, { mark, building, runs: asked.runs, wanted }) };
		const said = [...output.matchAll(compiler.fault)].map(([, file, line]) => ({ file: posix.basename(file!), line: Number(line) }));
		return { faults: said.map(one => faultAt(one, { asked, building, ...built })) };
	} finally {
		put.takeBack();
	}
}

function faultAt(
	{ file, line }: { file: string; line: number },
	{ asked, building: { made, calls, edits }, driver, first }: { asked: Asked; building: Building; driver: string; first: number },
): Fault {
	const call = file === posix.basename(driver) ? calls[line - first] : undefined;
	if (call !== undefined) return { call };
	const part = file === posix.basename(asked.path) ? made.at(line) : undefined;
	if (part === undefined) return 'other';
	return part === 'marks' ? part : { edit: edits[made.mutants.indexOf(part.edit)]! };
}

/** Takes what is at fault out of what is left; false where nothing is. */
function leaveOut(faults: readonly Fault[], left: Left): boolean {
	const before = left.calls.size + left.edits.size + Number(left.marking);
	for (const fault of faults) {
		if (fault === 'marks') left.marking = false;
		else if (fault !== 'other' && 'call' in fault) left.calls.delete(fault.call);
		else if (fault !== 'other') left.edits.delete(fault.edit);
	}
	return left.calls.size + left.edits.size + Number(left.marking) < before;
}
