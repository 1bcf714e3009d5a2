import { z } from 'zod';
import { pythonExamples } from '../examples.js';
import { completed } from '../extract.js';
import { judged, python } from '../judge.js';
import { block, type Item, lines, type Suite } from './suite.js';
import { exampleFile } from './unittests.js';

const shape = z.object({
	task_id: z.string(),
	prompt: z.string(),
	entry_point: z.string(),
	canonical_solution: z.string(),
	test: z.string(),
});

/** A function to write; the examples in its description are the only tests that can be seen. */
export const humaneval: Suite = {
	name: 'humaneval',
	seconds: 60,
	read: data => lines(data, 'humaneval.jsonl', shape).map(itemOf),
};

export function itemOf({ task_id, prompt, entry_point: entry, canonical_solution, test }: z.infer<typeof shape>): Item {
	const path = `${entry}.py`;
	const examples = pythonExamples(prompt, entry);
	const stub = `${prompt.trimStart()}    raise NotImplementedError\n`;
	return {
		kind: 'repository',
		id: task_id,
		files: { [path]: stub, ...(examples.length > 0 && { [`test_${entry}.py`]: exampleFile(entry, examples) }) },
		task: `Implement ${entry} in ${path}.`,
		plain: {
			question: `Complete this function. Answer with the whole function in one code block.\n\n${block('python', prompt.trim())}`,
			place: code => ({ [path]: completed({ head: prompt, code, entry: new RegExp(`^def ${entry}\\b`, 'm') }) }),
		},
		canonical: { [path]: prompt + canonical_solution },
		judge: after => judged({ 'item.py': `${after[path] ?? ''}\n${test}\ncheck(${entry})\n` }, python('item.py')),
	};
}
