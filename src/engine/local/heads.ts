import type { LlamaModel, Token } from 'node-llama-cpp';
import type { Head } from '../dialects/dialect.js';
import type { Held } from './held.js';
import { step } from './steps.js';

/** Holds the head of every call in one reply to its grammar, and nothing else. */
export type Heads = {
	/** The token that calls begin with. */
	sign: Token;
	/** How the next token is found, when it belongs to a head. */
	step(): typeof step | undefined;
	/** This token was written, and makes this text. */
	wrote(id: Token, text: string): void;
};

/** `last` is the token that the reply follows upon. Undefined where the sign is not one token: it would be seen too late. */
export function headsOf(head: Head, { model, held, last }: { model: LlamaModel; held: Held; last: Token }): Heads | undefined {
	const [sign, second] = model.tokenize(head.sign, true);
	if (sign === undefined || second !== undefined) return undefined;
	const over = new RegExp(head.over);
	let grammar: ReturnType<Held> | undefined;
	/** Nothing is made ready before there is a call: most replies have none. */
	const begun = (): { step: typeof step; text: string } => {
		let own: typeof step | undefined;
		const first: typeof step = async (...place) => {
			grammar ??= held(head.grammar);
			const begin = await grammar;
			own ??= begin === 'no-grammar' ? step : begin();
			return own(...place);
		};
		return { step: first, text: '' };
	};
	let inside = last === sign ? begun() : undefined;
	let before = '';
	return {
		sign,
		step: () => inside?.step,
		wrote(id, text) {
			if (inside) {
				inside.text += text;
				if (over.test(inside.text)) inside = undefined;
			} else if (id === sign && before !== '`') inside = begun();
			before = text.at(-1) ?? before;
		},
	};
}
