import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../src/types.js';
import { percentile, type Row } from './figures.js';
import { newHome } from './home.js';
import type { Bench } from './measures.js';
import { type Mock, startMock } from './mock.js';
import { inPairs } from './pairs.js';
import { qwill, runToEnd } from './program.js';

/** P11: what the program does between a call and the next question to the model. */

const calls = 50;
/** The name of a model that is offered tools. */
const model = 'mock-7b';

/** Reads another line of the same file each time: a tool that takes next to no time of its own. */
const callOf = (n: number): string[] =>
	`<tool_call>\n{"name": "read_file", "arguments": {"file_path": "notes.txt", "offset": ${n}, "limit": 1}}\n</tool_call>`.match(
		/[\s\S]{1,4}/g,
	)!;

export async function loopOverhead({ effort }: Bench): Promise<Row[]> {
	const mock = await startMock(model);
	try {
		const measured = await inPairs(effort, async () => percentile(await gaps(mock), 0.95));
		return [
			{
				id: 'P11',
				what: 'loop overhead p95',
				unit: 'ms',
				...measured,
				against: 'none: a figure of its own',
				goal: { of: 'ours', better: 'less', reach: 40, stretch: 15 },
				note: `${calls} calls of -p in each run, from the last word of a call to the next question at a mock server; the tool reads one line, and its time is not taken off`,
			},
		];
	} finally {
		mock.close();
	}
}

/** Milliseconds from the end of each call's text to the next question. */
async function gaps(mock: Mock): Promise<number[]> {
	const home = newHome();
	const cwd = home.folder();
	writeFileSync(join(cwd, 'notes.txt'), Array.from({ length: calls }, (_, n) => `This is line ${n + 1}.\n`).join(''));
	mock.log.length = 0;
	let replies = 0;
	mock.say(() => ({ pieces: ++replies > calls ? ['That was all.'] : callOf(replies), perSecond: 10_000 }));
	try {
		const limits = ['--max-turns', String(calls + 1), '--max-tool-calls', String(calls + 1)];
		const { code, stderr } = await runToEnd({
			args: [qwill, '-p', 'Go through the notes line by line.', '--base-url', mock.url, '-m', model, ...limits],
			env: home.env,
			cwd,
		});
		if (code !== 0 || mock.log.length !== calls + 1)
			throw new Refusal(`qwill -p ended with ${code} after ${mock.log.length} replies: ${stderr.slice(-500)}`);
		return mock.log.slice(1).map(({ came }, index) => came - mock.log[index]!.ended);
	} finally {
		home.remove();
	}
}
