import { join } from 'node:path';
import { z } from 'zod';
import { scriptExamples } from '../examples.js';
import { completed } from '../extract.js';
import { type Command, judged } from '../judge.js';
import { block, type Item, lines, type Suite } from './suite.js';

const shape = z.object({ name: z.string(), prompt: z.string(), tests: z.string() });
type Language = 'js' | 'ts';

/** A function to write in JavaScript or TypeScript; the examples in its comment are the only tests that can be seen. */
export const multiplE = (language: Language): Suite => ({
	name: `multipl-e-${language}`,
	seconds: 60,
	read: data => lines(data, `multipl-e-${language}.jsonl`, shape).map(item => itemOf(item, language)),
});

const compiler = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.bin', 'tsc');

export function itemOf({ name, prompt, tests }: z.infer<typeof shape>, language: Language): Item {
	const entry = [...prompt.matchAll(/function (\w+)/g)].at(-1)?.[1] ?? '';
	const path = `${entry}.${language}`;
	const examples = scriptExamples(prompt, entry);
	const share = language === 'js' ? `\nmodule.exports = { ${entry} };\n` : `\nexport { ${entry} };\n`;
	const stub = `${prompt}  throw new Error("not implemented");\n}\n${share}`;
	return {
		kind: 'repository',
		id: name,
		files: {
			[path]: stub,
			'package.json': `${JSON.stringify({ name: 'project', private: true, scripts: { test: 'node --test' } }, undefined, '\t')}\n`,
			...(examples.length > 0 && { [`${entry}.test.${language}`]: testFile(entry, path, examples, language) }),
		},
		task: `Implement ${entry} in ${path}.`,
		plain: {
			question: `Complete this function. Answer with the whole function in one code block.\n\n${block(language, prompt.trim())}`,
			place: code => ({
				[path]: completed({ head: prompt, code, entry: new RegExp(`^(?:export )?(?:async )?(?:function|const|let|var) ${entry}\\b`, 'm') }),
			}),
		},
		judge: after => judged({ [`item.${language}`]: `${after[path] ?? ''}\n${tests}\n` }, ...commands(language)),
	};
}

function testFile(entry: string, path: string, examples: readonly { call: string; gives: string }[], language: Language): string {
	const imports =
		language === 'js'
			? `const assert = require('node:assert');\nconst { test } = require('node:test');\nconst { ${entry} } = require('./${path}');\n`
			: `import assert from 'node:assert';\nimport { test } from 'node:test';\nimport { ${entry} } from './${path}';\n`;
	const tests = examples.map(({ call, gives }) => `test(${JSON.stringify(call)}, () => {\n  assert.deepEqual(${call}, ${gives});\n});\n`);
	return `${imports}\n${tests.join('\n')}`;
}

function commands(language: Language): Command[] {
	const node: Command = { program: 'node', args: ['item.js'] };
	if (language === 'js') return [node];
	return [{ program: compiler, args: ['--target', 'es2022', '--module', 'commonjs', '--types', '', '--skipLibCheck', 'item.ts'] }, node];
}
