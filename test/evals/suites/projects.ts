import { pythonExamples, scriptExamples } from '../examples.js';
import { type Command, python } from '../judge.js';
import { shuffled } from '../random.js';
import type { Files } from '../repository.js';
import { type Bug, moduleText, nodeProject, testText } from './humanevalfix.js';

/** Small projects made of the solutions of other suites: a module and a test for each, and a program that calls them. */

export type Language = 'python' | 'script';
/** `head` ends where what the function does begins, which is `body`, or `buggy` with a fault; `call` is an example of it. */
export type Module = { name: string; path: string; test: string; head: string; body: string; buggy: string; call: string };
export type Project = { language: Language; app: string; modules: readonly Module[]; files: Files; run: Command };

/** Modules of a project. */
const size = 5;

/** A module and the file that tests it; undefined for a solution that is more than one function, or has no example. */
export function moduleOf(bug: Bug, language: Language): { module: Module; files: Files } | undefined {
	const { entry_point: name, prompt, canonical_solution: solution, buggy_solution: buggy } = bug;
	const isPython = language === 'python';
	const [example] = isPython ? pythonExamples(prompt, name) : scriptExamples(prompt, name);
	const whole = prompt + solution;
	const tops = whole.match(isPython ? /^(?:async )?(?:def|class) /gm : /^(?:const|let|var|function|async function|class) /gm)?.length;
	if (!example || tops !== 1 || (!isPython && !prompt.includes(`const ${name} = (`))) return undefined;
	const test = isPython ? `tests/test_${name}.py` : `tests/${name}.test.js`;
	const path = isPython ? `lib/${name}.py` : `lib/${name}.js`;
	const text = moduleText(bug, 'canonical_solution');
	const head = text.slice(0, text.length - solution.length).replace(`const ${name} =`, `export const ${name} =`);
	const module = { name, path, test, head, body: ended(solution), buggy: ended(buggy), call: example.call };
	return { module, files: { [path]: head + module.body, [test]: isPython ? testText(bug, `lib.${name}`) : scriptTest(bug) } };
}

const ended = (text: string): string => `${text.trimEnd()}\n`;

function scriptTest({ entry_point: name, test }: Bug): string {
	const check = test.replaceAll('console.assert(', 'assert(').trim();
	const [, call = ''] = /\n(\w+\(\);?)\s*$/.exec(check) ?? [];
	return `import assert from 'node:assert';
import { test } from 'node:test';
import { ${name} } from '../lib/${name}.js';

${(call === '' ? check : check.slice(0, check.lastIndexOf(call))).trim()}

test('${name}', () => {
  ${call}
});
`;
}

/** A project with the module of this bug and others from `all`, the same for the same seed; undefined where it makes no module. */
export function projectWith(bug: Bug, all: readonly Bug[], { language, seed }: { language: Language; seed: number }): Project | undefined {
	const own = moduleOf(bug, language);
	if (!own) return undefined;
	const others = shuffled(
		all.filter(one => one.entry_point !== bug.entry_point),
		seed,
	).flatMap(one => moduleOf(one, language) ?? []);
	const names = new Set([own.module.name]);
	const fresh = others.filter(({ module: { name } }) => !names.has(name) && names.add(name));
	const chosen = [own, ...fresh.slice(0, size - 1)];
	const modules = chosen.map(({ module }) => module);
	const isPython = language === 'python';
	const app = isPython ? 'app.py' : 'app.js';
	const base: Files = isPython
		? { 'lib/__init__.py': '', 'tests/__init__.py': '' }
		: { 'package.json': nodeProject.replace('{\n', '{\n\t"type": "module",\n') };
	const files = Object.assign({}, base, { [app]: appText(modules, isPython) }, ...chosen.map(one => one.files));
	const run = isPython ? python('-m', 'unittest', 'discover', '-s', 'tests', '-t', '.') : { program: 'node', args: ['--test'] };
	return { language, app, modules, files, run };
}

function appText(modules: readonly Module[], isPython: boolean): string {
	if (!isPython) {
		const imports = modules.map(({ name }) => `import { ${name} } from './lib/${name}.js';\n`).join('');
		return `${imports}\nexport const main = () => {\n${modules.map(({ call }) => `  console.log(${call});\n`).join('')}};\n`;
	}
	const imports = modules.map(({ name }) => `from lib.${name} import ${name}\n`).join('');
	const calls = modules.map(({ call }) => `    print(${call})\n`).join('');
	return `${imports}\n\ndef main():\n${calls}\n\nif __name__ == "__main__":\n    main()\n`;
}
