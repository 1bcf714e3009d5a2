import { posix } from 'node:path';
import { stepsOf } from '../../checks/steps.js';
import { added } from './added.js';
import type { Case, Rendering } from './render.js';
import type { Place } from './where.js';

const isFloat = (text: string): boolean => /^-?\d+\.\d+(?:e[-+]?\d+)?$|^-?\d+e-\d+$/.test(text);
const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');

/** The test file with these cases, of unittest or pytest. */
export function pythonFile({ framework, path, text }: Place, { cases, imports, specifier }: Rendering): string {
	const own = [`from ${specifier} import ${imports.join(', ')}`];
	if (framework === 'pytest') {
		const needsIt = cases.some(one => one.kind === 'error' || isFloat(one.does));
		const body = cases.map(one => testOf(one, asserted)).join('\n\n');
		return added(text, { imports: [needsIt ? ['import pytest'] : [], own], body, end: '', gap: '\n\n\n' });
	}
	const tests = cases.map(one => indented(testOf(one, assertedInClass)));
	const body = `class ${classFor(path, text ?? '')}(unittest.TestCase):\n${tests.join('\n')}`;
	const end = '\n\nif __name__ == "__main__":\n    unittest.main()\n';
	return added(text, { imports: [['import unittest'], own], body, end, gap: '\n\n\n' });
}

/** A class of that name that the file does not have. */
function classFor(path: string, text: string): string {
	const subject = posix.basename(path, '.py').replace(/^tests?_|_tests?$/g, '');
	const base = `Test${subject.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
	let name = base;
	for (let number = 2; new RegExp(`\\bclass ${name}\\b`).test(text); number++) name = `${base}${number}`;
	return name;
}

type Way = { inside: string; raises: string; says(call: string, does: string): string };

const isSingle = (does: string): boolean => /^(?:True|False|None)$/.test(does);

const asserted: Way = {
	inside: '',
	raises: 'pytest.raises',
	says: (call, does) => `assert ${call} ${isSingle(does) ? 'is' : '=='} ${isFloat(does) ? `pytest.approx(${does})` : does}`,
};

const assertedInClass: Way = {
	inside: 'self',
	raises: 'self.assertRaises',
	says: (call, does) => `self.assert${isSingle(does) ? 'Is' : isFloat(does) ? 'AlmostEqual' : 'Equal'}(${call}, ${does})`,
};

function testOf({ call, does, kind, title }: Case, { inside, raises, says }: Way): string {
	const steps = stepsOf(call);
	const lines =
		kind === 'error' ? [`with ${raises}(${does.slice(2)}):`, ...steps.map(indented)] : [...steps.slice(0, -1), says(steps.at(-1)!, does)];
	const body = indented(lines.join('\n'));
	return `def test_${title}(${inside}):\n${body}\n`;
}
