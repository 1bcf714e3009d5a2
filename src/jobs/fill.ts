import type { Engine } from '../engine/engine.js';
import { greedy } from '../engine/sampling.js';
import { isOver, middleOf, type Sides, shapeOf } from './middle.js';

/** Characters on each side that the model reads: about 1,500 and 500 tokens, which a processor reads in a quarter of a minute. */
const mostBefore = 4800;
const mostAfter = 1600;
/** Tokens that are written at the most. */
const longest = { part: 64, line: 64, open: 128 };

/**
 * The text that belongs between the sides of a hole, by the model's own fill-in-the-middle tokens: always the likeliest,
 * up to its natural end, without what stands behind the hole already. Undefined when the model has no such tokens, and
 * when `signal` stopped it. Throws `Refusal` when the engine fails.
 */
export async function fillHole(sides: Sides, engine: Pick<Engine, 'fill'>, signal: AbortSignal): Promise<string | undefined> {
	const over = new AbortController();
	let written = '';
	const see = (text: string): void => {
		written += text;
		if (isOver(written, sides)) over.abort();
	};
	const shape = shapeOf(sides);
	const until = shape === 'open' ? [] : ['\n'];
	const hole = { ...around(sides), until, maxTokens: longest[shape], sampling: greedy };
	const whole = await engine.fill(hole, AbortSignal.any([signal, over.signal]), see);
	if (signal.aborted || (whole === undefined && !over.signal.aborted)) return undefined;
	return middleOf(whole ?? written, sides);
}

/** What the model is shown of the sides: what is nearest to the hole, in whole lines. A new line stands on a line of its own. */
function around(sides: Sides): Sides {
	const { before, after } = sides;
	const from = before.length > mostBefore ? before.indexOf('\n', before.length - mostBefore) + 1 || before.length - mostBefore : 0;
	const to = after.length > mostAfter ? after.lastIndexOf('\n', mostAfter) + 1 || mostAfter : after.length;
	const own = shapeOf(sides) === 'line' ? `\n${before.slice(before.lastIndexOf('\n') + 1)}` : '';
	return { before: before.slice(from), after: own + after.slice(0, to) };
}
