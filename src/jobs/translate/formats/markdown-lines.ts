/** A line with the words in it: `more` goes on with what the line before began, `kept` has nothing for people who read another language. */
export type Judged = { kind: 'words' | 'more' | 'heading' | 'row' | 'kept'; from: number; to: number };

const front = /^---\n(?:[\s\S]*?\n)??(?:---|\.\.\.)(?:\n|$)/;
const quote = /^(?:[ \t]{0,3}>[ \t]?)*/;
const bullet = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+(?:\[[ xX]\][ \t]+)?/;
const fence = /^[ \t]*(`{3,}|~{3,})/;
const rule = /^[ \t]*(?:(?:[-*_][ \t]*){3,}|=+[ \t]*|-+[ \t]*)$/;
const definition = /^[ \t]*\[[^\]]+\]:[ \t]/;
const delimiters = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
/** What begins a block of HTML: a tag of a block, or a tag or comment alone. */
const block =
	/^[ \t]*<(?:!--|[?!]|\/?(?:address|article|aside|blockquote|center|dd|details|div|dl|dt|figure|footer|form|h[1-6]|header|hr|iframe|li|main|nav|ol|p|picture|pre|script|section|style|summary|table|tbody|td|tfoot|th|thead|tr|ul|video)\b|\/?[A-Za-z][^<>]*>[ \t]*$)/i;

type Bare = { text: string; at: number; number: number };
/** What of the lines before counts for the next one. */
type State = { fence: string | undefined; html: boolean; table: boolean; blank: boolean; words: boolean; indent: number };

/** Each line of a Markdown text, judged. */
export function linesOf(text: string): Judged[] {
	const head = front.exec(text)?.[0].length ?? 0;
	const bare = bareLines(text, head);
	let state: State = { fence: undefined, html: false, table: false, blank: true, words: false, indent: 0 };
	return bare.map((line, index) => {
		const [judged, next] = judge(line, bare[index + 1]?.text ?? '', state);
		state = next;
		return judged;
	});
}

/** The lines behind the front matter, without the marks of a quote. */
function bareLines(text: string, head: number): Bare[] {
	let at = head;
	return text
		.slice(head)
		.split('\n')
		.map((line, number) => {
			const marks = quote.exec(line)?.[0].length ?? 0;
			const bare = { text: line.slice(marks), at: at + marks, number };
			at += line.length + 1;
			return bare;
		});
}

function judge({ text, at }: Bare, below: string, state: State): [Judged, State] {
	const to = at + text.trimEnd().length;
	const kept: Judged = { kind: 'kept', from: at, to };
	const still: State = { ...state, blank: false, words: false, table: false };
	const lead = bullet.exec(text)?.[0] ?? '';
	const ticks = fence.exec(text.slice(lead.length))?.[1];
	if (state.fence !== undefined) {
		const closes = ticks?.startsWith(state.fence) && text.trim() === ticks;
		return [kept, { ...still, fence: closes ? undefined : state.fence }];
	}
	if (text.trim() === '') return [kept, { ...still, html: false, blank: true }];
	if (state.html) return [kept, still];
	const indent = text.length - text.trimStart().length;
	if (state.blank && indent >= state.indent + 4) return [kept, { ...still, blank: true }];
	if (ticks !== undefined) return [kept, { ...still, fence: ticks }];
	if (rule.test(text) || definition.test(text)) return [kept, still];
	if (block.test(text) && !(state.words && /^[ \t]*<\/?[A-Za-z][^<>]*>[ \t]*$/.test(text)))
		return [kept, { ...still, html: !/-->[ \t]*$/.test(text) }];
	const within = lead !== '' ? lead.length : indent === 0 && state.blank ? 0 : state.indent;
	const next: State = { ...still, indent: within, words: true };
	if (state.table && text.includes('|')) return [delimiters.test(text) ? kept : row(kept), { ...next, table: true, words: false }];
	if (text.includes('|') && below.includes('-') && delimiters.test(below)) return [row(kept), { ...next, table: true, words: false }];
	const heading = /^[ \t]{0,3}#{1,6}[ \t]+/.exec(text.slice(lead.length))?.[0];
	if (heading !== undefined) {
		const end = at + text.replace(/[ \t]+#*[ \t]*$/, '').length;
		return [
			{ kind: 'heading', from: Math.min(at + lead.length + heading.length, end), to: end },
			{ ...next, words: false },
		];
	}
	if (lead === '' && state.words) return [{ kind: 'more', from: at, to }, next];
	return [{ kind: 'words', from: at + (lead.length || indent), to }, next];
}

const row = (line: Judged): Judged => ({ ...line, kind: 'row' });
