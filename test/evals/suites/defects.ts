import { bodyOf, firstOf, isClosed, lastReturn, type Plant, replaced, signatureOf, textOf } from './lines.js';

/** A kind of mistake that a program can prove; `rules` are those whose remark is right at its lines. */
export type Defect = { name: string; rules: RegExp; pythonOnly?: true; plant: Plant };

const quoted = /["'`]/;

const lostBracket: Plant = module => {
	const at = bodyOf(module).find(({ line }) => /\w\(.*\)/.test(line) && isClosed(line.replace(/[:;{]+$/, '')) && !quoted.test(line));
	return at && replaced(textOf(module), at.number, 1, [at.line.replace(/\)(?=[^)]*$)/, '')]);
};

/** Two letters of a name change places where it is read. */
const misspelt: Plant = module => {
	const names = [...module.body.matchAll(/^\s+(?:const |let |var )?([a-z]\w{3,}) = /gm)].map(([, name]) => name!);
	for (const name of names) {
		const wrong = swapped(name);
		if (wrong === name || textOf(module).text.includes(wrong)) continue;
		const isRead = new RegExp(`(?<![.\\w])${name}\\b(?!\\s*(?:[-+*/|&]?=(?!=)|:))`);
		const at = bodyOf(module)
			.slice(1)
			.find(({ line }) => isRead.test(line) && !quoted.test(line) && !/\bfor\b|=>|lambda/.test(line));
		if (at) return replaced(textOf(module), at.number, 1, [at.line.replace(isRead, wrong)]);
	}
	return undefined;
};

function swapped(name: string): string {
	const at = [...name].findIndex((letter, index) => index > 0 && name[index + 1] !== undefined && name[index + 1] !== letter);
	return name.slice(0, at) + name[at + 1] + name[at] + name.slice(at + 2);
}

const renamedAlone: Plant = (module, project) => {
	const at = signatureOf(module, project);
	if (!at || new RegExp(`\\b${module.name}\\(`).test(module.body)) return undefined;
	return replaced(textOf(module), at.number, 1, [
		at.line.replace(module.name, `${module.name}${project.language === 'python' ? '_all' : 'All'}`),
	]);
};

/** The function comes to need one more, or its caller gives one more, in turn. */
const arguments_: Plant = (module, project, turn) => {
	const at = signatureOf(module, project);
	if (!at || /\w+=/.test(module.call)) return undefined;
	const app = { path: project.app, text: project.files[project.app]! };
	if (turn % 2 === 0) return replaced(textOf(module), at.number, 1, [at.line.replace(/\)(?=(?: ->.*)?:$| => \{$)/, ', limit)')]);
	const number = app.text.split('\n').findIndex(line => line.includes(`(${module.call})`)) + 1;
	const line = app.text.split('\n')[number - 1] ?? '';
	return number === 0 || !module.call.endsWith(')') ? undefined : replaced(app, number, 1, [line.replace(/\)\)(?=;?$)/, ', 3))')]);
};

const unused: Plant = (module, { language }, turn) => {
	const isPython = language === 'python';
	const { text } = textOf(module);
	if (/\bfloor\b|\breadFileSync\b|\bunits\b/.test(text)) return undefined;
	if (turn % 2 === 0)
		return replaced(textOf(module), 1, 0, [isPython ? 'from math import floor' : "import { readFileSync } from 'node:fs';"]);
	const [first] = bodyOf(module);
	const indent = /^\s+/.exec(first?.line ?? '')?.[0];
	return first && indent !== undefined
		? replaced(textOf(module), first.number, 0, [indent + (isPython ? 'units = 10' : 'const units = 10;')])
		: undefined;
};

const pastedTwice: Plant = (module, project) => {
	const at = signatureOf(module, project);
	const { text, path } = textOf(module);
	if (!at || module.body.includes(module.name)) return undefined;
	const lines = text.trimEnd().split('\n');
	return replaced({ path, text }, lines.length + 1, 0, ['', '', ...lines.slice(at.number - 1)]);
};

/** The line above the last `return` comes behind it. */
const behindReturn: Plant = module => {
	const last = lastReturn(module);
	const above = bodyOf(module).findLast(({ number }) => number < (last?.number ?? 0));
	if (!last || !above || above.number !== last.number - 1 || above.number <= firstOf(module)) return undefined;
	const isOne = above.line.startsWith(last.indent) && /^[A-Za-z]/.test(above.line.slice(last.indent.length)) && isClosed(above.line);
	if (!isOne || /^\s*(?:return|else|elif|if|for|while|def|except|finally)\b|[:{}]$/.test(above.line)) return undefined;
	const returned = textOf(module).text.split('\n')[last.number - 1]!;
	return replaced(textOf(module), above.number, 2, [returned, above.line]);
};

const compares =
	/(?<=\b(?:if|elif|while|and|or|return) \(?|&& |\|\| )([A-Za-z_]\w*) (===|==|<=|>=|<|>) ([A-Za-z_]\w*|-?\d+)(?=$|:| and\b| or\b|\)| &&| \|\||;)/;

const withItself: Plant = module => {
	const at = bodyOf(module).find(({ line }) => compares.test(line) && !quoted.test(line));
	return (
		at &&
		replaced(textOf(module), at.number, 1, [at.line.replace(compares, (_all, name: string, sign: string) => `${name} ${sign} ${name}`)])
	);
};

const leftOver: Plant = (module, project, turn) => {
	const last = lastReturn(module);
	const name = signatureOf(module, project)?.names[0];
	if (!last || name === undefined) return undefined;
	const [stop, print] =
		project.language === 'python' ? ['breakpoint()', `print("DEBUG", ${name})`] : ['debugger;', `console.log('DEBUG', ${name});`];
	return replaced(textOf(module), last.number, 0, [`${last.indent}${turn % 2 === 0 ? print : stop}`]);
};

/** The fault that the item itself has, where it is in one place and as many lines as before. */
const ownFault: Plant = module => {
	const [old, now] = [module.body.split('\n'), module.buggy.split('\n')];
	const other = now.map((line, index) => (line === old[index] ? -1 : index)).filter(index => index >= 0);
	if (old.length !== now.length || other.length !== 1) return undefined;
	return replaced(textOf(module), firstOf(module) + other[0]!, 1, [now[other[0]!]!]);
};

export const defects: readonly Defect[] = [
	{ name: 'a bracket is lost', rules: /^does-not-parse$/, plant: lostBracket },
	{ name: 'a name is misspelt', rules: /^undefined-name$/, plant: misspelt },
	{ name: 'a function that is used is renamed', rules: /^removed-but-used$/, plant: renamedAlone },
	{ name: 'arguments do not fit', rules: /^arguments$/, plant: arguments_ },
	{ name: 'something new is not used', rules: /^unused$/, plant: unused },
	{ name: 'a function is there twice', rules: /^defined-twice$/, pythonOnly: true, plant: pastedTwice },
	{ name: 'a line is behind a return', rules: /^unreachable$/, plant: behindReturn },
	{ name: 'something is compared with itself', rules: /^same-on-both-sides$/, plant: withItself },
	{ name: 'something for the author is left', rules: /^left-over$/, plant: leftOver },
	{ name: 'a test fails', rules: /^test-fails$/, plant: ownFault },
];
