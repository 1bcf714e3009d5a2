import { posix } from 'node:path';
import { stepsOf } from '../../checks/steps.js';
import type { Case, Rendering } from './render.js';
import type { Place } from './where.js';

/** The test class with these cases, of JUnit 5 or 4. */
export function javaFile({ framework, path, text, package: name, brought = [] }: Place, { cases }: Rendering): string {
	const isFifth = framework === 'junit5';
	const isPublic = isFifth ? '' : 'public ';
	const tests = cases.map(one => testOf(one, isPublic));
	const used = ['Equals', 'True', 'False', 'Null', 'ArrayEquals', 'Throws'].map(one => `assert${one}`);
	const home = isFifth ? 'org.junit.jupiter.api' : 'org.junit';
	const imports = [
		...used
			.filter(one => tests.some(test => test.includes(`${one}(`)))
			.map(one => `import static ${home}.${isFifth ? 'Assertions' : 'Assert'}.${one};`),
		...brought.filter(line => tests.some(test => isUsed(line, test))),
		`import ${home}.Test;`,
	];
	const body = tests.join('\n');
	if (text !== null) return withImports(text, imports).replace(/\}\s*$/, `\n${body.replaceAll('$', '$$$$')}}\n`);
	const head = name ? `package ${name};\n\n` : '';
	const gap = imports.length > 1 ? '\n' : '';
	const [last = ''] = imports.slice(-1);
	const statics = imports
		.slice(0, -1)
		.map(line => `${line}\n`)
		.join('');
	return `${head}${statics}${gap}${last}\n\n${isPublic}class ${posix.basename(path, '.java')} {\n${body}}\n`;
}

/** Whether a test may use what this line brings in; everything of a package is a guess. */
function isUsed(line: string, test: string): boolean {
	const [, name] = /\.(\w+|\*);$/.exec(line) ?? [];
	return name === '*' ? /\b(?:List|Map|Set|Arrays|Optional)\.of\(|\bnew \w+\(/.test(test) : new RegExp(`(?<![\\w.])${name}\\b`).test(test);
}

/** The text with what it does not import yet, behind its package and the imports that are there. */
function withImports(text: string, wanted: readonly string[]): string {
	const has = (line: string) => text.includes(line) || text.includes(line.replace(/\w+;$/, '*;'));
	const missing = wanted
		.filter(line => !has(line))
		.map(line => `${line}\n`)
		.join('');
	if (missing === '') return text;
	const last = [...text.matchAll(/^import .*;\n/gm)].at(-1) ?? /^package .*;\n/m.exec(text);
	const at = last ? last.index + last[0].length : 0;
	return text.slice(0, at) + missing + text.slice(at);
}

const isFraction = (does: string): boolean => /^-?[\d.]+(?:E-?\d+)?f?$/.test(does) && /[.E]/.test(does);

function testOf({ call, does, kind, title }: Case, isPublic: string): string {
	const steps = stepsOf(call);
	const last = steps.at(-1)!;
	const ending = kind === 'error' ? `assertThrows(${does.slice(2)}.class, () -> ${last});` : compared(last, does);
	const lines = [...steps.slice(0, -1).map(step => `${step};`), ending];
	return [`    @Test`, `    ${isPublic}void ${title}() throws Exception {`, ...lines.map(line => `        ${line}`), '    }\n'].join('\n');
}

function compared(call: string, does: string): string {
	if (does === 'true' || does === 'false') return `assert${does === 'true' ? 'True' : 'False'}(${call});`;
	if (does === 'null') return `assertNull(${call});`;
	if (isFraction(does)) return `assertEquals(${does}, ${call}, 1e-9${does.endsWith('f') ? 'f' : ''});`;
	const [, of] = /^new (\w+)\[\]/.exec(does) ?? [];
	if (of !== undefined)
		return `assertArrayEquals(${does}, ${call}${/^(?:double|float)$/.test(of) ? ', 1e-9' : ''}${of === 'float' ? 'f' : ''});`;
	return `assertEquals(${does}, ${call});`;
}
