import { type LlamaGrammar, LlamaGrammarEvaluationState, type LlamaModel, type Token, TokenBias } from 'node-llama-cpp';
import { samplerOptions, type step } from './steps.js';

/** Gives ways to step, each of which holds one text to this grammar; `no-grammar` when llama.cpp cannot read it. */
export type Held = (grammar: string) => Promise<(() => typeof step) | 'no-grammar'>;

/**
 * Holds texts to grammars (GBNF), one token at a time. An end token comes only when the text is one of the grammar's.
 */
export function heldTo(model: LlamaModel): Held {
	let unfit: TokenBias | undefined;
	return async source => {
		const grammar = await model.llama.createGrammar({ grammar: source }).catch(() => undefined);
		if (!grammar) return 'no-grammar';
		unfit ??= never(model);
		const tokenBias = unfit;
		return () => stepIn(model, grammar, tokenBias);
	};
}

/** A way to step that holds one text to this grammar from its beginning, and goes on in it with each token that is drawn. */
export function stepIn(model: LlamaModel, grammar: LlamaGrammar, tokenBias?: TokenBias): typeof step {
	const grammarEvaluationState = new LlamaGrammarEvaluationState({ model, grammar });
	return async (sequence, { last, written }, draw) => {
		const started = performance.now();
		draw.drafter?.draft(0);
		const options = { ...samplerOptions(draw, sequence.nextTokenIndex, written), grammarEvaluationState, yieldEogToken: true };
		const tokens = sequence.evaluate([last], tokenBias ? { ...options, tokenBias } : options);
		try {
			const { value } = await tokens.next();
			if (value === undefined) throw new Error('no token came of a step');
			draw.drafter?.wrote([value], 0, performance.now() - started);
			return [value];
		} finally {
			await tokens.return();
		}
	};
}

/**
 * Tokens that are not drawn under a grammar. llama.cpp takes the name of a control token for the text it stands for, and a part
 * of a character followed by anything at all for a whole one: then the text would not be what the grammar has seen.
 */
function never(model: LlamaModel): TokenBias {
	const { tokens, token_type: types } = model.fileInfo.metadata.tokenizer.ggml;
	const control = 3;
	const unfit = tokens.flatMap((name, id) => {
		const token = id as Token;
		if (types?.[id] === control) return [token];
		// In these vocabularies an ASCII character stands for itself, and is whole.
		return /^(?!<0x)[\x20-\x7e]*$/.test(name) || !model.detokenize([token]).includes('\ufffd') ? [] : [token];
	});
	return TokenBias.for(model).set(unfit, 'never');
}
