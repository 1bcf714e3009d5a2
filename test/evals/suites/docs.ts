import { judged, python } from '../judge.js';
import { moduleText, pythonBugs } from './humanevalfix.js';
import { mbppCode } from './mbpp.js';
import { block, type Item, type Suite, wholeFile } from './suite.js';

/** Items of each of the two sources. */
const each = 15;

/** Solutions of other suites without their descriptions, which are to be described: functions with types and without, in turn. */
export const docs: Suite = {
	name: 'docs',
	seconds: 60,
	read(data) {
		const plain = mbppCode(data).map(([id, code]) => [id, `${code.trim()}\n`] as const);
		const typed = pythonBugs(data).map(bug => [bug.task_id, withoutDescriptions(moduleText(bug, 'canonical_solution'))] as const);
		const [some, others] = [plain, typed].map(all => all.filter(([, code]) => isFit(code)).slice(0, each));
		return some!.flatMap((one, index) => [one, ...others!.slice(index, index + 1)]).map(([id, code]) => itemOf(id, code));
	},
};

const withoutDescriptions = (code: string): string => code.replace(/^[ \t]*("""|''')[\s\S]*?\1[ \t]*\n/gm, '');

/** One function, with parameters, and nothing described. */
const isFit = (code: string): boolean =>
	/^def \w+\(\s*\w/m.test(code) && code.match(/^\s*(?:async )?def /gm)?.length === 1 && !/"""|'''|^class /m.test(code);

export function itemOf(id: string, code: string): Item {
	const path = 'solution.py';
	return {
		kind: 'repository',
		id,
		files: { [path]: code },
		task: `/docs ${path}`,
		plain: {
			question: `This is ${path}:\n${block('python', code)}\n\nGive each function a Google style docstring and change nothing else. ${wholeFile(path)}`,
			place: text => ({ [path]: text }),
		},
		judge: after => judged({ 'before.py': code, 'after.py': after[path] ?? '', 'judge.py': judge }, python('judge.py')),
	};
}

/** The code is the same, no name in a description is made up, and of the parameters nine in ten are described with words. */
const judge = `
import ast, re, sys

def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()

def described(tree):
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)):
            doc = ast.get_docstring(node)
            if doc is not None:
                node.body = node.body[1:] or [ast.Pass()]
            if not isinstance(node, (ast.ClassDef, ast.Module)):
                found[node.name] = (node.args, doc or "")
    return found

before, after = ast.parse(read("before.py")), ast.parse(read("after.py"))
described(before)
found = described(after)
if ast.dump(before) != ast.dump(after):
    sys.exit("Error: the code is not the same")
every, told = 0, 0
for name, (args, doc) in found.items():
    if not doc:
        sys.exit("Error: %s is not described" % name)
    names = [one.arg for one in args.posonlyargs + args.args + args.kwonlyargs + [args.vararg, args.kwarg] if one]
    part = re.search(r"^Args:\\n((?: .*\\n|\\n(?= ))*)", doc + "\\n", re.M)
    lines = re.findall(r"^ {4}(?: {4})?\\*{0,2}(\\w+)(?: ?\\([^)]*\\))?: *(.*)$", part.group(1) if part else "", re.M)
    stray = [one for one, _words in lines if one not in names]
    stray += [one for one in re.findall(r"\`([^\`]+)\`", doc) if one not in read("before.py")]
    if stray:
        sys.exit("Error: %s is not there" % stray[0])
    every += len(names)
    told += sum(any(one == line and len(words.split()) > 1 for line, words in lines) for one in names)
if told < 0.9 * every:
    sys.exit("Error: %d of %d parameters are described" % (told, every))
`;
