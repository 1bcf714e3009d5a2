import type { LlamaModel, Token } from 'node-llama-cpp';

/** Text to token ids. What was turned into ids once is not turned again: a conversation is sent whole every time. */
export type Tokens = {
	/** The frame's own text: the names of special tokens in it become those tokens. */
	frame(text: string): Token[];
	/** A person's or a file's text. It never makes a token that means something to the model's template. */
	quoted(text: string): Token[];
	/** The program's own or the model's words. A reply that this engine wrote gives exactly the ids it was written with. */
	words(text: string): Token[];
	/** Notes which ids a reply was written with. `pieces` joined begin with `text` or are a beginning of it. */
	remember(text: string, pieces: readonly Piece[]): void;
	/** The replies that were noted, the newest last. */
	remembered(): { text: string; ids: Token[] }[];
};

/** Tokens that only together make text, and the text they make. */
export type Piece = { ids: Token[]; text: string };

const keptTexts = 1000;
const keptReplies = 200;

export function tokensOf(model: LlamaModel): Tokens {
	const markers = userDefinedMarkers(model);
	const known = new Map<string, Token[]>();
	const replies = new Map<string, Token[]>();
	const cached = (key: string, make: () => Token[]): Token[] => {
		const ids = known.get(key) ?? make();
		known.delete(key);
		known.set(key, ids);
		if (known.size > keptTexts) known.delete(known.keys().next().value ?? '');
		return ids;
	};
	const words = (text: string) => cached(`words ${text}`, () => model.tokenize(text, false));
	return {
		frame: text => cached(`frame ${text}`, () => model.tokenize(text, true)),
		quoted: text => cached(`quoted ${text}`, () => halves(text, markers).flatMap(part => model.tokenize(part, false))),
		words,
		remember(text, pieces) {
			const ids: Token[] = [];
			let length = 0;
			for (const piece of pieces) {
				if (length + piece.text.length > text.length) break;
				length += piece.text.length;
				ids.push(...piece.ids);
			}
			const rest = text.slice(length);
			const whole = ids.concat(rest ? model.tokenize(rest, false) : []);
			known.delete(`words ${text}`);
			cached(`words ${text}`, () => whole);
			replies.delete(text);
			replies.set(text, whole);
			if (replies.size > keptReplies) replies.delete(replies.keys().next().value ?? '');
		},
		remembered: () => [...replies].map(([text, ids]) => ({ text, ids })),
	};
}

/**
 * Literals like `<tool_call>` that the vocabulary declares as user-defined: llama.cpp makes the real token of them even
 * where special tokens are off, so they are only safe when cut in two.
 */
function userDefinedMarkers(model: LlamaModel): string[] {
	const { tokens, token_type: types } = model.fileInfo.metadata.tokenizer.ggml;
	const userDefined = 4;
	return tokens.filter((literal, id) => types?.[id] === userDefined && /^[<[].+[>\]]$/.test(literal));
}

/** Cuts `text` after the first character of every marker in it. */
function halves(text: string, markers: readonly string[]): string[] {
	const cuts = new Set<number>();
	for (const marker of markers) {
		for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + 1)) cuts.add(at + 1);
	}
	const borders = [0, ...[...cuts].sort((a, b) => a - b), text.length];
	return borders.slice(1).map((end, i) => text.slice(borders[i], end));
}
