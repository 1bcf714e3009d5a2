import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What may happen to the process that holds the model. */
export const faults = [
	'is killed',
	'crashes',
	'aborts',
	'is stopped',
	'spins',
	'ends',
	'fails',
	'runs out of memory',
	'says an unknown thing',
	'says half a thing',
	'sends no message',
] as const;
export type Fault = (typeof faults)[number];

/** Where the engine's process of the program `parent` finds what it should do wrong: `FAULT at MOMENT`. */
export const ordersFor = (parent: number): string => join(tmpdir(), `qwill-fault-${parent}`);
