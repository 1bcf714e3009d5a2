import { z } from 'zod';
import { judged, python } from '../judge.js';
import { type Item, lines, type Suite } from './suite.js';
import { exampleFile } from './unittests.js';

const shape = z.object({
	task_id: z.number(),
	text: z.string(),
	code: z.string(),
	test_setup_code: z.string(),
	test_list: z.array(z.string()).min(1),
});

/** A function to write into a new file, known by one sentence and the first of its tests. */
export const mbpp: Suite = { name: 'mbpp', seconds: 60, read: data => lines(data, 'mbpp.jsonl', shape).map(itemOf) };

/** The solutions, by the name of their item. */
export const mbppCode = (data: string): (readonly [id: string, code: string])[] =>
	lines(data, 'mbpp.jsonl', shape).map(({ task_id, code }) => [`MBPP/${task_id}`, code.replaceAll('\r', '')]);

function itemOf({ task_id, text, code, test_setup_code, test_list }: z.infer<typeof shape>): Item {
	const path = 'solution.py';
	const [first = ''] = test_list;
	const condition = first.replace(/^assert\s+/, '');
	return {
		kind: 'repository',
		id: `MBPP/${task_id}`,
		files: { 'test_solution.py': exampleFile('solution', [{ call: `bool(${condition})`, gives: 'True' }]) },
		task: `Create ${path}. ${text} It has to pass: ${first}`,
		plain: {
			question: `${text} It has to pass: ${first}\nAnswer with the whole function in one code block.`,
			place: written => ({ [path]: written }),
		},
		canonical: { [path]: code.replaceAll('\r', '') },
		judge: after =>
			judged(
				{ 'item.py': [test_setup_code, after[path] ?? 'raise SystemExit("no file")', ...test_list, ''].join('\n') },
				python('item.py'),
			),
	};
}
