import { stepsOf } from '../../checks/steps.js';
import { added } from './added.js';
import type { Case, Rendering } from './render.js';
import type { Framework, Place } from './where.js';

/** What of a framework is brought in, from where; the others have it everywhere. */
const brought: Partial<Record<Framework, (test: string) => readonly [names: string, from: string]>> = {
	node: test => [`{ ${test} }`, 'node:test'],
	vitest: test => [`{ expect, ${test} }`, 'vitest'],
};

/** The test file with these cases, of node's own runner, vitest, jest or mocha. */
export function scriptFile({ framework, text, modules }: Place, { cases, imports, whole, specifier }: Rendering): string {
	const bring = (names: string, from: string) => (modules ? `import ${names} from '${from}';` : `const ${names} = require('${from}');`);
	const usesIt = framework === 'mocha' || (text !== null && /\bit\(/.test(text) && !/\btest\(/.test(text));
	const style: Style = {
		test: usesIt ? 'it' : 'test',
		tab: /^ /m.test(text ?? '') ? '  ' : '\t',
		asserts: framework === 'node' || framework === 'mocha',
	};
	const own = bring(whole ? imports.join(', ') : `{ ${imports.join(', ')} }`, specifier);
	const frame = brought[framework]?.(style.test);
	const lines = [...(style.asserts ? [bring('assert', 'node:assert/strict')] : []), ...(frame ? [bring(...frame)] : []), own];
	return added(text, { imports: [lines], body: cases.map(one => testOf(one, style)).join('\n'), end: '', gap: '\n\n' });
}

type Style = { test: string; tab: string; asserts: boolean };

const isSimple = (does: string): boolean =>
	/^(?:-?\d[\d.]*(?:e[-+]?\d+)?n?|true|false|null|undefined|-?Infinity|NaN|'[^']*'|"[^"]*")$/.test(does);

function testOf(one: Case, { test, tab, asserts }: Style): string {
	const steps = stepsOf(one.call);
	const before = one.kind === 'value' ? steps.slice(0, -1) : [];
	const call = one.kind === 'value' ? steps.at(-1)! : steps.length > 1 ? `{ ${steps.join('; ')}; }` : one.call;
	const lines = [...before, (asserts ? asserted : expected)({ ...one, call })];
	const title = /['\\]/.test(one.title) ? JSON.stringify(one.title) : `'${one.title}'`;
	return `${test}(${title}, ${one.waits ? 'async ' : ''}() => {\n${lines.map(line => `${tab}${line};\n`).join('')}});\n`;
}

function asserted({ call, does, kind, waits }: Case): string {
	if (kind === 'value') return `assert.${isSimple(does) ? 'equal' : 'deepEqual'}(${waits ? 'await ' : ''}${call}, ${does})`;
	const error = `{ name: '${does.slice(2)}' }`;
	return waits ? `await assert.rejects(${call}, ${error})` : `assert.throws(() => ${call}, ${error})`;
}

function expected({ call, does, kind, waits }: Case): string {
	if (kind === 'value') return `expect(${waits ? 'await ' : ''}${call}).${isSimple(does) ? 'toBe' : 'toStrictEqual'}(${does})`;
	const thrown = `toThrow(expect.objectContaining({ name: '${does.slice(2)}' }))`;
	return waits ? `await expect(${call}).rejects.${thrown}` : `expect(() => ${call}).${thrown}`;
}
