import { z } from 'zod';
import { judged, python, pythonParses } from '../judge.js';
import { block, type Item, lines, type Suite, wholeFile } from './suite.js';

const shape = z.object({
	task_id: z.string(),
	instruction: z.string(),
	context: z.string().optional(),
	input: z.string(),
	output: z.string(),
	test: z.string(),
});

/** A file to change by an instruction; what it is judged by cannot be seen. */
export const editeval: Suite = { name: 'editeval', seconds: 60, read: data => lines(data, 'editeval.jsonl', shape).map(itemOf) };

export function itemOf({ task_id, instruction, context, input, output, test }: z.infer<typeof shape>): Item {
	const path = 'solution.py';
	return {
		kind: 'repository',
		id: task_id,
		files: { [path]: `${input.trimEnd()}\n` },
		task: `@${path} ${instruction.trim()}`,
		plain: {
			question: `This is ${path}:\n${block('python', input)}\n\n${instruction.trim()}\n\n${wholeFile(path)}`,
			place: code => ({ [path]: code }),
		},
		canonical: { [path]: output },
		async judge(after) {
			const text = after[path] ?? '';
			const whole = context?.includes('{{Code}}') ? context.replaceAll('{{Code}}', () => text) : `${context ?? ''}\n${text}`;
			const verdict = await judged({ 'item.py': `${whole}\n${test}\ncheck()\n` }, python('item.py'));
			return verdict.right ? verdict : { ...verdict, broken: !(await pythonParses({ [path]: text })) };
		},
	};
}
