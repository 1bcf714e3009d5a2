import { posix } from 'node:path';
import { stepsOf } from '../../checks/steps.js';
import { partsOf } from './inputs.js';
import type { Case, Rendering } from './render.js';
import type { Place } from './where.js';

/** The test file of a package with these cases, of Go's own testing. */
export function goFile({ path, text, package: name }: Place, { cases }: Rendering): string {
	const tests = cases.map(testOf);
	const needed = ['math', 'reflect', 'testing'].filter(one => one === 'testing' || tests.some(test => test.includes(`${one}.`)));
	const body = tests.join('\n');
	if (text === null) {
		const [only] = needed;
		const imports = needed.length === 1 ? `import "${only}"` : `import (\n${needed.map(one => `\t"${one}"\n`).join('')})`;
		return `package ${name ?? posix.basename(posix.dirname(path))}\n\n${imports}\n\n${body}`;
	}
	return `${withImports(text, needed).trimEnd()}\n\n${body}`;
}

/** The text with what it does not import yet. */
function withImports(text: string, needed: readonly string[]): string {
	const missing = needed.filter(one => !new RegExp(`^\\s*(?:import\\s+)?"${one}"\\s*$`, 'm').test(text));
	if (missing.length === 0) return text;
	const lines = missing.map(one => `\t"${one}"\n`).join('');
	if (/^import \(\n/m.test(text)) return text.replace(/^import \(\n/m, opening => opening + lines);
	return text.replace(/^package .*\n/m, head => `${head}\nimport (\n${lines})\n`);
}

const isPlain = (does: string): boolean => /^(?:-?\d+|true|false|"(?:[^"\\]|\\.)*"|nil)$/.test(does);
const isFloat = (does: string): boolean => /^-?\d+(?:\.\d+)?(?:e[-+]\d+)?$/.test(does) && /[.e]/.test(does);

function testOf({ call, does, kind, title }: Case): string {
	const steps = stepsOf(call);
	const last = steps.at(-1)!;
	const lines = kind === 'value' ? compared(last, does) : failing(last, does);
	return `func ${title}(t *testing.T) {\n${[...steps.slice(0, -1), ...lines].map(line => `\t${line}\n`).join('')}}\n`;
}

function failing(call: string, does: string): string[] {
	const said = (what: string) => JSON.stringify(`${escapedVerbs(call)}: no ${what}`);
	if (does === '! panic') return ['defer func() {', '\tif recover() == nil {', `\t\tt.Errorf(${said('panic')})`, '\t}', '}()', call];
	const names = [...does.slice(2).split(', ').slice(0, -1), 'err'];
	return [`if ${names.join(', ')} := ${call}; err == nil {`, `\tt.Errorf(${said('error')})`, '}'];
}

/** Every value that the call gives, against what it gave. */
function compared(call: string, does: string): string[] {
	const wants = partsOf(does);
	const isError = wants.length > 1 && wants.at(-1) === 'nil';
	const names =
		wants.length === 1 ? ['got'] : wants.map((_, i) => (isError && i === wants.length - 1 ? 'err' : i === 0 ? 'got' : `got${i + 1}`));
	const checks = wants.flatMap((want, i) => check(names[i]!, want, call));
	return [`${names.join(', ')} := ${call}`, ...checks];
}

function check(name: string, want: string, call: string): string[] {
	const said = JSON.stringify(`${escapedVerbs(call)}: ${name} = %v, want %v`);
	const condition = isFloat(want)
		? `math.Abs(float64(${name})-${want.startsWith('-') ? `(${want})` : want}) > 1e-9`
		: isPlain(want)
			? `${name} != ${want}`
			: `!reflect.DeepEqual(${name}, want)`;
	if (isPlain(want) || isFloat(want)) return [`if ${condition} {`, `\tt.Errorf(${said}, ${name}, ${want === 'nil' ? '"nil"' : want})`, '}'];
	return [`if want := (${want}); ${condition} {`, `\tt.Errorf(${said}, ${name}, want)`, '}'];
}

const escapedVerbs = (text: string): string => text.replaceAll('%', '%%');
