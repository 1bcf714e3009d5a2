import type { LlamaModel } from 'node-llama-cpp';
import type { Heads } from './heads.js';
import { stepIn } from './held.js';

/** A word or a few signs, with the blanks before them, as they may stand at the end of a text. */
const unsettled = /[ \t]{0,100}(?:[A-Za-z0-9_]{0,60}|[!-/:-@[-^`{-~]{0,8})$/;

/**
 * The end of `text` that may belong to the same token as what follows. A model that is to go on from there writes it again:
 * a blank, a bracket or half a word that is a token of its own never stood before the right text in what it was trained on.
 */
export const unsettledEnd = (text: string): string => unsettled.exec(text.slice(-160))?.[0] ?? '';

/** Lets a text that is written begin with `begun`, however its tokens divide it, and leaves it free from there on. */
export async function resuming(model: LlamaModel, begun: string): Promise<Pick<Heads, 'step' | 'wrote'>> {
	const grammar = await model.llama.createGrammar({ grammar: `root ::= ${JSON.stringify(begun)} [^\\x00]*` });
	const first = stepIn(model, grammar);
	let length = 0;
	return {
		step: () => (length < begun.length ? first : undefined),
		wrote(_id, text) {
			length += text.length;
		},
	};
}
