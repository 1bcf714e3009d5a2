import type { Usage } from '../../types.js';
import type { Turn } from '../dialects/dialect.js';
import type { Hole, Sampling } from '../engine.js';

/** What passes between the program and the process that holds the model. Plain data. */

/** How the model is brought into memory. `contextSize` and `batchSize` in tokens. */
export type Opening = { modelPath: string; contextSize: number; threads: number; batchSize: number; useMmap: boolean; gpu: 'auto' | false };

/** The child works on one request at a time; the parent sends the next after `done`. */
export type Request =
	/** Takes the turns into the cache and writes nothing. */
	| { type: 'read'; turns: Turn[] }
	| { type: 'write'; turns: Turn[]; begin: string; until: string[]; maxTokens: number; sampling: Sampling }
	| { type: 'fill'; hole: Hole }
	| { type: 'measure'; turns: Turn[]; begin: string };

export type ToChild =
	| { type: 'open'; opening: Opening }
	| Request
	/** The request under way ends after the slice or token it is at. Ignored when there is none. */
	| { type: 'stop' };

/** What happens on the way. */
export type News =
	| { type: 'loading'; fraction: number }
	| { type: 'reading'; done: number; total: number; reused: number }
	| { type: 'text'; text: string };

export type FromChild = News | Ready | { type: 'unusable'; detail: string } | { type: 'done'; result: Result };

/** The model is in memory. `contextSize` may be less than was asked for. */
export type Ready = { type: 'ready'; device: string; contextSize: number };

export type Result =
	| { kind: 'written'; stop: 'end' | 'length' | 'aborted'; usage: Usage }
	| { kind: 'read' }
	/** `text` is undefined when the model cannot fill or was stopped. */
	| { kind: 'filled'; text: string | undefined }
	| { kind: 'measured'; tokens: number }
	| { kind: 'too-long'; needed: number; available: number }
	/** The native part gave an error: its state is no longer to be trusted. */
	| { kind: 'failed'; detail: string };
