import type { Files } from '../repository.js';
import { bodyOf, firstOf, lastReturn, type Plant, type Planted, replaced, signatureOf, textOf } from './lines.js';
import type { Module, Project } from './projects.js';

/** Changes that nothing is wrong with, of which a review has nothing to prove. */
export type Harmless = { name: string; plant: Plant };

const isPython = ({ language }: Project): boolean => language === 'python';
const whole = (changed: Files, path: string): Planted => ({ changed, path, lines: [] });

const renamedInside: Plant = module => {
	const { path, text } = textOf(module);
	const names = [...module.body.matchAll(/^\s+(?:const |let |var )?([a-z]\w{2,}) = /gm)].map(([, name]) => name!);
	const name = names.find(one => !new RegExp(`["'\`.]${one}|\\b${one}["'\`(:]|${one}_now`).test(module.body) && !module.head.includes(one));
	return name === undefined
		? undefined
		: whole({ [path]: text.slice(0, module.head.length) + module.body.replace(new RegExp(`\\b${name}\\b`, 'g'), `${name}_now`) }, path);
};

/** With everything that uses it; its file keeps its name. */
const renamedEverywhere: Plant = (module, { files }) => {
	const name = new RegExp(`(?<![/.\\w]|test_)${module.name}\\b(?!\\.|['"],)`, 'g');
	const changed = Object.entries(files).flatMap(([path, text]) => {
		const now = text.replace(name, `${module.name}_of`).replaceAll(`from lib.${module.name}_of import`, `from lib.${module.name} import`);
		return now === text ? [] : [[path, now] as const];
	});
	return whole(Object.fromEntries(changed), module.path);
};

const optional: Plant = (module, project) => {
	const at = signatureOf(module, project);
	const more = isPython(project) ? ', limit=None)' : ', limit = 10)';
	return at && replaced(textOf(module), at.number, 1, [at.line.replace(/\)(?=(?: ->.*)?:$| => \{$)/, more)]);
};

const comment: Plant = (module, project) => {
	const last = lastReturn(module);
	return last && replaced(textOf(module), last.number, 0, [`${last.indent}${isPython(project) ? '#' : '//'} What is left is the answer.`]);
};

const helper: Plant = (module, project) => {
	const { path, text } = textOf(module);
	const lines = isPython(project)
		? ['', '', 'def half_of(value):', '    """The half of it."""', '    return value / 2']
		: ['', 'export const halfOf = value => value / 2;'];
	return replaced({ path, text }, text.trimEnd().split('\n').length + 1, 0, lines);
};

const guard: Plant = (module, project) => {
	const [first] = bodyOf(module);
	const name = signatureOf(module, project)?.names[0];
	const indent = /^\s+/.exec(first?.line ?? '')?.[0];
	if (!first || name === undefined || indent === undefined || first.number !== firstOf(module)) return undefined;
	const lines = isPython(project)
		? [`${indent}if ${name} is None:`, `${indent}    return None`]
		: [`${indent}if (${name} === undefined) return undefined;`];
	return replaced(textOf(module), first.number, 0, lines);
};

const output: Plant = (_module, project) => {
	const text = project.files[project.app]!;
	const last = text.split('\n').findLastIndex(line => /^\s+(?:print|console\.log)\(/.test(line)) + 1;
	const line = isPython(project) ? '    print("That is all.")' : "  console.log('That is all.');";
	return last === 0 ? undefined : replaced({ path: project.app, text }, last + 1, 0, [line]);
};

const tested: Plant = (module, project) => {
	const text = project.files[module.test]!;
	const begun = isPython(project) ? `    def test_${module.name}(self):` : `test('${module.name}', () => {`;
	const at = text.split('\n').indexOf(begun) + 1;
	const more = isPython(project)
		? ['    def test_twice(self):', `        check(${module.name})`, `        check(${module.name})`, '']
		: [`test('${module.name} is there', () => {`, `  assert.equal(typeof ${module.name}, 'function');`, '});', ''];
	return at === 0 ? undefined : replaced({ path: module.test, text }, at, 0, more);
};

const named: Plant = (module, project) => {
	const last = lastReturn(module);
	if (!last || /\banswer\b/.test(textOf(module).text)) return undefined;
	const end = isPython(project) ? '' : ';';
	const begun = isPython(project) ? 'answer' : 'const answer';
	return replaced(textOf(module), last.number, 1, [`${last.indent}${begun} = ${last.gives}${end}`, `${last.indent}return answer${end}`]);
};

const newModule: Plant = (_module: Module, project) => {
	const app = project.files[project.app]!;
	const changed: Files = isPython(project)
		? {
				'lib/limits.py': 'LIMIT = 10\n',
				[project.app]: `from lib.limits import LIMIT\n${app.replace('def main():\n', 'def main():\n    print(LIMIT)\n')}`,
			}
		: {
				'lib/limits.js': 'export const limit = 10;\n',
				[project.app]: `import { limit } from './lib/limits.js';\n${app.replace('=> {\n', '=> {\n  console.log(limit);\n')}`,
			};
	return whole(changed, project.app);
};

export const harmless: readonly Harmless[] = [
	{ name: 'a variable is renamed', plant: renamedInside },
	{ name: 'a function is renamed with its uses', plant: renamedEverywhere },
	{ name: 'an argument that may be left out', plant: optional },
	{ name: 'a comment', plant: comment },
	{ name: 'a new function for others', plant: helper },
	{ name: 'a guard in front', plant: guard },
	{ name: 'a line of output', plant: output },
	{ name: 'a new test', plant: tested },
	{ name: 'a name for what is returned', plant: named },
	{ name: 'a new module that is used', plant: newModule },
];
