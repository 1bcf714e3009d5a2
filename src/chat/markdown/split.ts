import { Lexer, type Token, type Tokens } from 'marked';

/** A reply that is still being written: blocks that no further text can change, and the rest. */
export type Split = { finished: string[]; rest: string };

/**
 * Adds text to an unfinished block. Blocks are told apart only where a line ends, one line after the other, so what is
 * finished does not depend on the pieces in which a text arrives.
 */
export function grow(rest: string, text: string): Split {
	const finished: string[] = [];
	let open = rest;
	let from = 0;
	for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
		const split = cutFinished(open + text.slice(from, end + 1));
		finished.push(...split.finished);
		open = split.rest;
		from = end + 1;
	}
	return { finished, rest: open + text.slice(from) };
}

/** What is left when the text has come to its end: each block by itself. */
export function flush(rest: string): string[] {
	return blocksOf(rest)
		.map(block => block.raw)
		.filter(raw => raw.trim() !== '');
}

/** The blocks of a text, without their insides. A text too deep or too long for the lexer is one paragraph. */
export function blocksOf(text: string): Token[] {
	const source = text.replace(/\r\n/g, '\n');
	if (source.length <= longest) {
		try {
			return new Lexer({ gfm: true }).blockTokens(source, []);
		} catch (error) {
			if (!(error instanceof RangeError)) throw error; // hundreds of nested quotes overflow the lexer's stack
		}
	}
	return [
		{
			type: 'paragraph',
			raw: source,
			text: source,
			tokens: [{ type: 'text', raw: source, text: source, escaped: false }],
		} satisfies Tokens.Paragraph,
	];
}

/** Characters; the lexer's regular expressions are not linear, and no person reads a longer block. */
const longest = 60_000;

function cutFinished(text: string): Split {
	const blocks = blocksOf(text);
	const last = blocks.findLastIndex(block => block.type !== 'space');
	if (last < 0) return { finished: [], rest: '' };
	const count = isClosed(blocks[last]!, blocks[last + 1]) ? last + 1 : last;
	const raws = blocks.map(block => block.raw);
	return {
		finished: raws.slice(0, count).filter(raw => raw.trim() !== ''),
		rest: raws
			.slice(count)
			.join('')
			.replace(/^(?:[ \t]*\n)+/, ''),
	};
}

/** Whether the last block is over. A list may always go on; a fence is over at its own end, most others at a blank line. */
function isClosed(block: Token, next: Token | undefined): boolean {
	switch (block.type) {
		case 'heading':
			return /^ {0,3}#/.test(block.raw);
		case 'code': {
			const fence = /^ {0,3}(`{3,}|~{3,})/.exec(block.raw)?.[1];
			return fence !== undefined && new RegExp(`\\n {0,3}${fence}${fence[0]}*[ \\t]*\\n?$`).test(block.raw) && block.raw.trim() !== fence;
		}
		case 'paragraph':
		case 'table':
		case 'blockquote':
			return next?.type === 'space' || /\n[ \t]*\n$/.test(block.raw);
		default:
			return false;
	}
}
