import { z } from 'zod';
import { judged, python } from '../judge.js';
import { block, type Item, lines, type Suite, wholeFile } from './suite.js';

const shape = z.object({
	id: z.string(),
	track: z.string(),
	instructions: z.string(),
	stub: z.record(z.string(), z.string()),
	tests: z.record(z.string(), z.string()),
});

/** A Python exercise with its instructions and its tests, which also judge it. */
export const exercism: Suite = {
	name: 'exercism',
	seconds: 180,
	read: data =>
		lines(data, 'exercism.jsonl', shape)
			.filter(({ track, stub }) => track === 'python' && Object.keys(stub).length === 1)
			.map(itemOf),
};

/** What each exercise asks for, each text once. */
export function instructions(data: string): { id: string; text: string }[] {
	const all = lines(data, 'exercism.jsonl', shape).map(({ id, instructions: text }) => ({ id, text }));
	return all.filter(({ text }, index) => all.findIndex(one => one.text === text) === index);
}

function itemOf({ id, instructions, stub, tests }: z.infer<typeof shape>): Item {
	const [path = '', begun = ''] = Object.entries(stub)[0] ?? [];
	const shown = Object.entries(tests).map(([name, text]) => `This is ${name}:\n${block('python', text)}`);
	return {
		kind: 'repository',
		id,
		files: { ...stub, ...tests, 'README.md': instructions },
		task: `Implement ${path} as README.md says, so that the tests pass.`,
		plain: {
			question: [instructions, ...shown, `This is ${path}:\n${block('python', begun)}`, `Implement ${path}. ${wholeFile(path)}`].join(
				'\n\n',
			),
			place: code => ({ [path]: code }),
		},
		judge: after =>
			judged(
				{ [path]: after[path] ?? '', ...tests },
				...Object.keys(tests).map(name => python('-m', 'unittest', name.replace(/\.py$/, ''))),
			),
	};
}
