import type { Finished, Workspace } from '../workspace/workspace.js';
import { plainOutput } from './plain.js';
import { orNothing } from './survey.js';

/** Whether a file is well formed in its language; `line` is counted from 1. */
export type Parsed = { ok: true } | { ok: false; line: number; message: string };

/** Milliseconds. A parser that needs longer has not been started by a machine that works. */
const longest = 15_000;
/** Bytes that one argument of a program may have (Linux: MAX_ARG_STRLEN, 128 KiB), with room to spare. */
const longestText = 100_000;

/** Parses a file as it is on disk, without running any of it. Undefined when its language or the parser is not at hand. */
export async function parses(workspace: Workspace, path: string, signal: AbortSignal): Promise<Parsed | undefined> {
	return judge(workspace, { path, source: ['file', path] }, signal);
}

/** As `parses`, for a text that is to be the file at `path`. Undefined also for a text above 100 kB. */
export async function parsesText(
	workspace: Workspace,
	{ path, text }: { path: string; text: string },
	signal: AbortSignal,
): Promise<Parsed | undefined> {
	if (path.endsWith('.json')) return isStrict(path) ? json(text) : undefined;
	if (Buffer.byteLength(text) > longestText || text.includes('\0')) return undefined;
	return judge(workspace, { path, source: ['text', text.replace(/^\uFEFF/, '')] }, signal);
}

type Source = { path: string; source: readonly ['file' | 'text', string] };

async function judge(workspace: Workspace, { path, source }: Source, signal: AbortSignal): Promise<Parsed | undefined> {
	const ending = /\.(py|pyi|[cm]?js|json)$/.exec(path)?.[1];
	if (ending === undefined) return undefined;
	if (ending === 'json') return isStrict(path) ? fromFile(workspace, path) : undefined;
	const python = ending.startsWith('py');
	const command = python
		? { program: 'python3', args: ['-I', '-S', '-c', pythonParser, ...source] }
		: { program: 'node', args: [...nodeFlags, nodeParser, ...source, ending] };
	const finished = await orNothing(() => last(workspace.processes.run(command, { timeoutMs: longest, signal })));
	return finished && verdictOf(finished);
}

async function fromFile(workspace: Workspace, path: string): Promise<Parsed | undefined> {
	const file = await orNothing(() => workspace.files.peek(path));
	return file && json(file.text);
}

async function last<T>(running: AsyncGenerator<unknown, T>): Promise<T> {
	for (;;) {
		const step = await running.next();
		if (step.done) return step.value;
	}
}

/** A parser says `ok`, or `unsure`, or throws its error, the first line of which is the place. Anything else is no verdict. */
function verdictOf({ output, exitCode }: Finished): Parsed | undefined {
	const text = plainOutput(output);
	if (exitCode === 0) return text.trim() === 'ok' ? { ok: true } : undefined;
	const found = /^file\.\w+:(\d+)\n[\s\S]*?^SyntaxError: (.+)$/m.exec(text);
	return found ? { ok: false, line: Math.max(1, Number(found[1])), message: found[2]! } : undefined;
}

const pythonParser = `
import ast, sys
kind, text = sys.argv[1:3]
if kind == "file":
    text = open(text, "rb").read()
try:
    compile(text, "file", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    print("ok")
except SyntaxError as error:
    sys.exit("file.py:%d\\nSyntaxError: %s" % (error.lineno or 1, error.msg))
except ValueError as error:
    sys.exit("file.py:1\\nSyntaxError: %s" % error)
`;

const nodeFlags = ['--no-warnings', '--experimental-vm-modules', '-e'];

/**
 * A module, or the body that CommonJS wraps in a function; \`.js\` may be either. Text with tags may be JSX, which node does
 * not know: nobody can tell then. Thrown to the end, the error of a module has its line, which it does not when caught.
 */
const nodeParser = `
const vm = require('node:vm');
const [kind, source, ending] = process.argv.slice(1);
const text = (kind === 'file' ? require('node:fs').readFileSync(source, 'utf8') : source).replace(/^\\uFEFF/, '').replace(/^#!.*/, '');
const attempts = {
	mjs: () => new vm.SourceTextModule(text, { identifier: 'file.js' }),
	cjs: () => vm.compileFunction(text, ['exports', 'require', 'module', '__filename', '__dirname'], { filename: 'file.js' }),
};
const isModule = /^\\s*(import\\b(?!\\s*\\()|export\\b)/m.test(text);
const order = ending === 'js' ? (isModule ? ['mjs', 'cjs'] : ['cjs', 'mjs']) : [ending];
let first;
for (const name of order) {
	try { attempts[name](); first = undefined; break; } catch (error) { first ??= error; }
}
if (!first) console.log('ok');
else if (!(first instanceof SyntaxError) || (ending === 'js' && /<\\/?[A-Za-z>][^\\n]*>/.test(text))) console.log('unsure');
else throw first;
`;

/** Settings of many programs are called JSON and have comments. */
const isStrict = (path: string): boolean =>
	!/(^|\/)(tsconfig|jsconfig|deno|devcontainer|api-extractor|\.eslintrc|\.babelrc|\.swcrc)[^/]*\.json$|(^|\/)\.(vscode|devcontainer|zed)\//.test(
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
