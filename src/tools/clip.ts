import { say } from '../prompts.js';

/** Characters of code that make a token, about: Qwen's vocabulary on source files gives 3.3 to 3.8. */
export const charactersPerToken = 3.5;

/** Which end of a text is kept: files are best known by their beginning, commands by their end. */
export type Kept = 'head' | 'tail' | 'both';

/**
 * `text` in at most about `tokens` tokens, cut between lines where that is possible. Where something was left out stands
 * one line that says how much. A text that is short enough comes back as it is.
 */
export function clip(text: string, tokens: number, kept: Kept): string {
	const room = Math.max(40, Math.floor(tokens * charactersPerToken));
	if (text.length <= room) return text;
	const headRoom = kept === 'head' ? room : kept === 'tail' ? 0 : Math.floor(room / 3);
	const head = beginning(text, headRoom);
	const tail = ending(text.slice(head.length), room - headRoom);
	const left = text.slice(head.length, text.length - tail.length);
	return `${head}${head === '' || head.endsWith('\n') ? '' : '\n'}${note(left)}\n${tail}`.replace(/\n+$/, '');
}

/** As many whole lines from the beginning as fit; a part of the first line when not even that fits. */
function beginning(text: string, room: number): string {
	if (room <= 0) return '';
	const end = text.lastIndexOf('\n', room - 1);
	return end > room / 4 ? text.slice(0, end + 1) : text.slice(0, whole(text, room));
}

function ending(text: string, room: number): string {
	if (room <= 0) return '';
	const start = text.indexOf('\n', text.length - room - 1) + 1;
	return start > 0 && text.length - start > room / 4 ? text.slice(start) : text.slice(whole(text, text.length - room));
}

/** Not between the halves of a surrogate pair. */
const whole = (text: string, at: number): number => (/[\udc00-\udfff]/.test(text.charAt(at)) ? at + 1 : at);

function note(left: string): string {
	const lines = left.split('\n').length - 1;
	return lines > 1 ? say('tools/clip#lines', { lines }) : say('tools/clip#characters', { characters: left.length });
}
