import { decode, decodeWhileDrawing, prefill } from './decode.js';
import { freshProcess } from './disk.js';
import { drawing, longConversation } from './drawing.js';
import type { Row } from './figures.js';
import { fixedPrompts } from './fixed.js';
import { changedHistory } from './history.js';
import { loopOverhead } from './loop.js';
import type { Weights } from './model.js';
import type { Effort } from './pairs.js';
import type { Beside } from './reference.js';
import { speculation } from './speculation.js';
import { shortRuns, startToPrompt } from './start.js';
import { stopping } from './stop.js';
import { secondTurn } from './turns.js';
import { memory, wholeRun } from './wholes.js';

/** What every measure is done with. */
export type Bench = { weights: Weights; effort: Effort; beside: Beside };

/** `ids` are the lines of the table that it fills. */
export type Measure = { ids: readonly string[]; run(bench: Bench): Promise<Row[]> };

/** All measures, in the order of the table. */
export const measures: readonly Measure[] = [
	{ ids: ['P1'], run: decode },
	{ ids: ['P2'], run: prefill },
	{ ids: ['P3'], run: decodeWhileDrawing },
	{ ids: ['P4', 'P4b'], run: drawing },
	{ ids: ['P4c'], run: longConversation },
	{ ids: ['P5'], run: startToPrompt },
	{ ids: ['P5b'], run: shortRuns },
	{ ids: ['P6'], run: secondTurn },
	{ ids: ['P6b'], run: freshProcess },
	{ ids: ['P6c'], run: changedHistory },
	{ ids: ['P7'], run: fixedPrompts },
	{ ids: ['P8'], run: wholeRun },
	{ ids: ['P9'], run: memory },
	{ ids: ['P10'], run: speculation },
	{ ids: ['P11'], run: loopOverhead },
	{ ids: ['P12'], run: stopping },
];
