import type { Finished, Workspace } from '../../workspace/workspace.js';
import type { Parsed } from '../parse.js';
import { plainOutput } from '../plain.js';
import { orNothing } from '../survey.js';

/** Milliseconds. A parser that needs longer has not been started by a machine that works. */
const longest = 15_000;
/** Bytes that one argument of a program may have (Linux: MAX_ARG_STRLEN, 128 KiB), with room to spare. */
const longestText = 100_000;

/**
 * What the language's own parser says of a text that is to be the file at `path`, without running any of it: Python's, node's.
 * Undefined for other languages, where that program is not at hand, and for a text above 100 kB.
 */
export async function exactly(
	workspace: Workspace,
	{ path, text }: { path: string; text: string },
	signal: AbortSignal,
): Promise<Parsed | undefined> {
	const ending = /\.(py|pyi|[cm]?js)$/.exec(path)?.[1];
	if (ending === undefined || Buffer.byteLength(text) > longestText || text.includes('\0')) return undefined;
	const command = ending.startsWith('py')
		? { program: 'python3', args: ['-I', '-S', '-c', pythonParser, text] }
		: { program: 'node', args: [...nodeFlags, nodeParser, text, ending] };
	const finished = await orNothing(() => returned(workspace.processes.run(command, { timeoutMs: longest, signal })));
	return finished && verdictOf(finished);
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
text = sys.argv[1]
try:
    compile(text, "file", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    print("ok")
except SyntaxError as error:
    sys.exit("file.py:%d\\nSyntaxError: %s" % (error.lineno or 1, error.msg))
except ValueError as error:
    sys.exit("file.py:1\\nSyntaxError: %s" % error)
`;

import { returned } from '../../returned.js';

const nodeFlags = ['--no-warnings', '--experimental-vm-modules', '-e'];

/**
 * A module, or the body that CommonJS wraps in a function; \`.js\` may be either. Text with tags may be JSX, which node does
 * not know: nobody can tell then. Thrown to the end, the error of a module has its line, which it does not when caught.
 */
const nodeParser = `
const vm = require('node:vm');
const [source, ending] = process.argv.slice(1);
const text = source.replace(/^#!.*/, '');
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
