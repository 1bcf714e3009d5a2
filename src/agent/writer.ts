import type { ModelInfo } from '../engine/engine.js';
import type { AgentEvent, Sampling, Writer } from '../types.js';

/** Who writes: this model, with this sampling. */
export const writerOf = ({ name, sha256 }: ModelInfo, sampling: Sampling): Writer => ({
	model: name,
	...(sha256 === undefined ? {} : { sha256 }),
	sampling,
});

/** Tells who writes, once, and again when it has become another. */
export function announcing(): (writer: Writer) => AgentEvent[] {
	let told = '';
	return writer => {
		const now = JSON.stringify(writer);
		if (now === told) return [];
		told = now;
		return [{ type: 'writer', writer }];
	};
}

/** How a commit tells that a model had a part in it: `message` adds what the settings ask for; `note` notes on a commit (a full id) who wrote its lines, and says why where it could not. */
export type Signs = { message(text: string): string; note(commit: string): Promise<string | undefined> };
