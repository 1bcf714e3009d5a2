import { z } from 'zod';
import type { Engine } from '../../../src/engine/engine.js';
import { greedy } from '../../../src/engine/sampling.js';
import { fillHole } from '../../../src/jobs/fill.js';
import type { Verdict } from '../judge.js';
import { passes } from '../python.js';
import { type Answer, type EngineItem, lines, type Suite } from './suite.js';

const shape = z.object({
	task_id: z.string(),
	prompt: z.string(),
	suffix: z.string(),
	canonical_solution: z.string(),
	test: z.string(),
	entry_point: z.string(),
});
type Hole = z.infer<typeof shape>;

/** Tokens that are written at the most where nothing else ends it: more than any line has. */
const longest = 64;

/** A line to fill in: by `qwill fim`, by the model alone up to the line's end, and by a server's own way to fill holes. */
export const fim: Suite = { name: 'fim', seconds: 60, read: data => lines(data, 'fim-singleline-100.jsonl', shape).map(itemOf) };

function itemOf(hole: Hole): EngineItem {
	const { prompt: before, suffix: after } = hole;
	const filled = async (engine: Engine, until: readonly string[]) =>
		answer(await engine.fill({ before, after, until, maxTokens: longest, sampling: greedy }, new AbortController().signal));
	return {
		kind: 'engine',
		id: hole.task_id,
		ours: async engine => answer(await fillHole({ before, after }, engine, new AbortController().signal)),
		plain: engine => filled(engine, ['\n']),
		served: engine => filled(engine, []),
		judge: text => judge(hole, text),
	};
}

/** What a hole costs is not counted by engines. */
const answer = (text: string | undefined): Answer => ({ text: text ?? '', read: 0, written: 0 });

/** Right is what makes the item's own test pass: the whole text, or the first line of it. */
async function judge({ prompt, suffix, test, entry_point, canonical_solution }: Hole, text: string): Promise<Verdict> {
	for (const filled of new Set([text, `${text.split('\n')[0]}\n`]))
		if (await passes(`${prompt}${filled}${suffix}\n${test}\ncheck(${entry_point})\n`))
			return { right: true, why: filled.trimEnd() === canonical_solution.trimEnd() ? 'as in the original' : 'another line' };
	return { right: false, why: JSON.stringify(text.slice(0, 100)) };
}
