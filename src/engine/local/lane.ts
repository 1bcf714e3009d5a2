import type { LlamaContext, LlamaContextSequence, Token } from 'node-llama-cpp';
import { type ReadAhead, readerOf } from './sequence.js';

/** One text at a time in the model's cache, and the way to bring it there. */
export type Lane = {
	readonly sequence: LlamaContextSequence;
	readonly batchSize: number;
	read: ReadAhead;
	/** Takes an empty sequence in place of one that is no longer to be trusted. */
	renew(): Promise<void>;
};

export function laneOn(context: LlamaContext): Lane {
	let sequence = sequenceOf(context);
	let read = readerOf(sequence, context.batchSize);
	return {
		get sequence() {
			return sequence;
		},
		batchSize: context.batchSize,
		read: (...wanted) => read(...wanted),
		async renew() {
			await sequence.dispose();
			sequence = sequenceOf(context);
			read = readerOf(sequence, context.batchSize);
		},
	};
}

/** Whether the lane's text begins with these tokens. */
export const holds = ({ sequence }: Lane, ids: readonly Token[]): boolean => ids.every((id, i) => id === sequence.contextTokens[i]);

const sequenceOf = (context: LlamaContext): LlamaContextSequence =>
	context.getSequence({
		contextShift: {
			// By default the beginning of a full context is dropped silently; here a full context ends the reply instead.
			strategy: () => {
				throw new Error('the context is full');
			},
		},
	});
