/** A reply as prose: its code spans and its sentences, without blocks of code and addresses. Offsets are those of the reply. */
export type Prose = {
	/** The reply with spaces in the place of all that is no prose, and of the backticks. */
	words: string;
	/** The same with `·` for every character of a span. */
	marked: string;
	spans: readonly Piece[];
	fences: readonly Fence[];
	/** Names that the question, a block of code or a proposal explains. */
	known(name: string): boolean;
	/** Names that only the reply itself brings up. */
	own(name: string): boolean;
};
/** A part of a sentence, and the sentence before and behind it; spans in these are `·`. */
export type Piece = { text: string; at: number; end: number; before: string; after: string };
export type Fence = { language: string; text: string; at: number };

const fence = /^([ \t]*)(`{3,9}|~{3,9})[ \t]*([\w+#.-]*)[^\n]*\n([\s\S]*?)(?:^[ \t]*\2[`~]*[ \t]*$|$(?![\s\S]))/gm;
const address = /\b[a-z][a-z+-]{1,20}:\/\/[^\s)>\]`]+|\bwww\.[^\s)>\]`]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[a-z]{2,}\b/gi;
const span = /(?<!`)(`{1,2})(?!`)([^`\n]+)\1(?!`)/g;
/** Characters of a sentence that are looked at on either side of what stands in it. */
const reach = 400;

/** Takes a reply apart. */
export function read(text: string, told: string): Prose {
	const fences = [...text.matchAll(fence)].map(match => ({
		language: match[3]!.toLowerCase(),
		text: match[4]!,
		at: match.index + match[0].indexOf('\n') + 1,
	}));
	const bare = text.replace(fence, blank).replace(address, blank);
	const marked = bare.replace(
		span,
		(all, ticks: string) => ' '.repeat(ticks.length) + '·'.repeat(all.length - 2 * ticks.length) + ' '.repeat(ticks.length),
	);
	const words = bare.replace(/[`*]/g, ' ');
	const spans = [...bare.matchAll(span)].map(match =>
		pieceAt(marked, { text: match[2]!.trim(), at: match.index + match[1]!.length, length: match[2]!.length }),
	);
	const own = new Set(spans.filter(({ before }) => introduces.test(before)).flatMap(({ text: name }) => namesIn(name)));
	for (const block of fences) if (!shell.test(block.language)) for (const name of namesIn(block.text)) own.add(name);
	const heard = new Set(namesIn(told));
	return { words, marked, spans, fences, own: name => own.has(name), known: name => own.has(name) || heard.has(name) };
}

export const shell = /^(?:sh|bash|shell|console|zsh|terminal|shell-session)$/;
const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
const namesIn = (text: string): string[] => [
	...(text.match(/[\p{L}_$][\p{L}\p{N}_$]*|--[\w-]+/gu) ?? []),
	...(text.match(/[\w@/-][\w@./-]*\.\w+/g) ?? []),
];

const boundary = /[.!?;](?=\s)|\n/g;

/** A part of a prose with the sentence around it. */
export function pieceAt(marked: string, { text, at, length }: { text: string; at: number; length: number }): Piece {
	const end = at + length;
	const before = marked.slice(Math.max(0, at - reach), at);
	const start = Math.max(0, ...[...before.matchAll(boundary)].map(match => match.index + 1));
	const after = marked.slice(end, end + reach);
	const stop = after.search(boundary);
	return { text, at, end, before: before.slice(start), after: stop < 0 ? after : after.slice(0, stop) };
}

const few = String.raw`[\s*(]*(?:[\w'’·-]+[\s*]+){0,6}?`;
/** What stands before a name that is brought up: "create a file `x`", "a new function `f`", "rename `a` to `b`". */
export const introduces = new RegExp(
	[
		String.raw`\b(?:create|creating|add|adding|introduce|introducing|implement|implementing|write|writing|define|defining|make|insert|extract|save|put|touch|mkdir|generate|declare|call it|name it)\s${few}[\s*(\`"']*$`,
		String.raw`\b(?:creates|generates|produces|writes|outputs|saves|will create|compiles|builds)\s${few}[\s*(\`"']*$`,
		String.raw`\b(?:a|an|another|your|some) (?:new|separate|hypothetical|similar|sample|helper|example|dummy)\s${few}[\s*(\`"']*$`,
		String.raw`\b(?:rename|replace|change|turn|move|copy|convert)\b[^.;]*\b(?:to|with|into|as)\s[\s*(\`"']*$`,
		String.raw`\b(?:e\.g\.|for example|such as|for instance|something like|like this|let's say|say|suppose|imagine)[,:]?\s${few}[\s*(\`"']*$`,
	].join('|'),
	'i',
);

const modal =
	/\b(?:could|should|would|might|may want|recommend|suggest|consider|propose|let's|need to|needs to|will need|if (?:you|it|(?:your|the) (?:project|repository|app\w*|code\w*)) (?:want|need|had|have|has|uses?|contains?|includes?)|if there (?:is|was|were)|instead of|rather than|unlike|similar to|such as)\b[^;:]*$/i;
const looks = /\b(?:look|looking|see|check|open|read|refer|find|visit|examine|inspect|edit|modify|update)\b[^;:]*$/i;
const noBefore =
	/(?:\b(?:no|not|never|without|neither|nor|lacks?|missing|isn't|aren't|wasn't|doesn't|don't|didn't|cannot|can't|couldn't)|n't)\s[\s*]*(?:[\w'’·,-]+[\s*]+){0,5}?[\s*(`"']*$/i;
const noAfter =
	/^[\s*)`"']*(?:\w+\s+){0,3}?(?:(?:does|do|did|is|are|was|were|has|could|can)(?:\s+not|n't|not)\s+(?:\w+\s+){0,2}?(?:exist|defined|present|found|available|there|in|part|used|included|implemented|mentioned|listed|shown|provided|find|see)|(?:is|are|seems to be) (?:missing|absent|not)\b)/i;

/** Whether a name is only proposed, or said not to be there. */
export const isProposed = ({ before }: Piece): boolean => introduces.test(before) || (modal.test(before) && !looks.test(before));
export const isDenied = ({ before, after }: Piece): boolean => noBefore.test(before) || noAfter.test(after);
