import type { LlamaModel, Token } from 'node-llama-cpp';
import type { Piece } from './tokens.js';

const longestCharacter = 4;

/**
 * Tokens to text as they are written. A character may be spread over several tokens: they are held back until it is whole.
 */
export function characters(model: LlamaModel, before: readonly Token[]) {
	let last = before.slice(-8);
	let pending: Token[] = [];
	return {
		/** The text that is complete with this token, if any. */
		add(id: Token): Piece | undefined {
			pending.push(id);
			const text = model.detokenize(pending, false, last);
			if (text.endsWith('\ufffd') && pending.length < longestCharacter) return undefined;
			const piece = { ids: pending, text };
			last = [...last, ...pending].slice(-8);
			pending = [];
			return piece;
		},
	};
}
