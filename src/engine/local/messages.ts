import type { Usage } from '../../types.js';
import type { Head, Turn } from '../dialects/dialect.js';
import type { Hole, Others, Sampling, TokenScore } from '../engine.js';

/** What passes between the program and the process that holds the model. Plain data. */

/** The file descriptor, in the child, over which it passes. */
export const channelAt = 3;

/** How the model is brought into memory. `contextSize` and `batchSize` in tokens. */
export type Opening = {
	modelPath: string;
	contextSize: number;
	threads: number;
	batchSize: number;
	useMmap: boolean;
	/** How the cache holds its numbers. */
	kvType: 'f16' | 'q8_0';
	gpu: 'auto' | false;
	/** Whether to guess ahead, which never changes a token. */
	speculate: boolean;
	/** Where states are kept; nowhere when it is missing. */
	states?: StatesPlace;
};

/** `model` tells this model's bytes from all others; `budget` in bytes; `conversations`: whether they may be kept, too. */
export type StatesPlace = { folder: string; model: string; budget: number; conversations: boolean };

/** The child works on one request at a time; the parent sends the next after `done`. */
export type Request =
	/** Takes the turns into the cache and writes nothing. */
	| { type: 'read'; turns: Turn[] }
	| {
			type: 'write';
			turns: Turn[];
			begin: string;
			until: string[];
			grammar?: string;
			/** How the calls in the reply begin, if it may have some. */
			head?: Head;
			maxTokens: number;
			sampling: Sampling;
			aside: boolean;
			/** With what else the same turns are answered meanwhile. */
			also?: Sampling[];
	  }
	/** Puts what is in the cache on disk. */
	| { type: 'keep' }
	/** How likely each token of `text` was after the turns. */
	| { type: 'score'; turns: Turn[]; begin: string; text: string; others: Others; aside: boolean }
	| { type: 'fill'; hole: Hole }
	| { type: 'measure'; turns: Turn[]; begin: string };

export type WriteRequest = Extract<Request, { type: 'write' }>;

export type ToChild =
	| { type: 'open'; opening: Opening }
	| Request
	/** The request under way ends after the slice or token it is at. Ignored when there is none. */
	| { type: 'stop' };

/** What happens on the way. */
export type News =
	| { type: 'loading'; fraction: number }
	| { type: 'reading'; done: number; total: number; reused: number }
	| { type: 'text'; text: string }
	| { type: 'note'; text: string };

/** `alive` comes every two seconds, whatever the process is at: only one that hangs is silent. */
export type FromChild = News | Ready | { type: 'alive' } | { type: 'unusable'; detail: string } | { type: 'done'; result: Result };

/** The model is in memory. `contextSize` may be less than was asked for. */
export type Ready = { type: 'ready'; device: string; contextSize: number };

/** A reply that was written beside the one that was asked for; `output` in tokens. */
export type Other = { sampling: Sampling; text: string; stop: 'end' | 'length'; output: number };

export type Result =
	/** `others` are the replies to `also` that came to their ends. */
	| { kind: 'written'; stop: 'end' | 'length' | 'aborted'; usage: Usage; others?: Other[] }
	| { kind: 'read' }
	| { kind: 'kept' }
	| { kind: 'scored'; tokens: TokenScore[] }
	/** `text` is undefined when the model cannot fill or was stopped. */
	| { kind: 'filled'; text: string | undefined }
	| { kind: 'measured'; tokens: number }
	| { kind: 'too-long'; needed: number; available: number }
	/** The grammar of a request is none. Nothing was read or written. */
	| { kind: 'no-grammar' }
	/** The native part gave an error: its state is no longer to be trusted. */
	| { kind: 'failed'; detail: string };
