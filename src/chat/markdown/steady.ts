/**
 * An unfinished text made fit for drawing: signs of which it is not yet known what they will be are left off, and
 * emphasis that has begun is ended for now, so that the text stays where it is when the end of it arrives.
 */
export function steady(text: string): string {
	const lastLine = text.lastIndexOf('\n') + 1;
	const inFence = insideFence(text.slice(0, lastLine));
	const waits = (inFence ? halfFence : undecided).test(text.slice(lastLine));
	const decided = waits ? text.slice(0, lastLine) : text;
	return inFence || insideFence(decided) ? decided : closeOpen(decided);
}

/** What may become the end of a fence. */
const halfFence = /^ {0,3}(?:`+|~+)$/;
/** A beginning that may become a heading, a list, a rule, a fence, a table or nothing of the kind. */
const undecided = /^\s*(?:[-=*_#>~`|+ ]+|\d+[.)]?)\s*$/;

function insideFence(text: string): boolean {
	let fence = '';
	for (const [, run = ''] of text.matchAll(/^ {0,3}(`{3,}|~{3,})/gm)) {
		if (fence === '') fence = run;
		else if (run.startsWith(fence)) fence = '';
	}
	return fence !== '';
}

function closeOpen(text: string): string {
	const from = text.lastIndexOf('\n\n') + 1;
	const words = text.slice(from).replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
	const tick = /`+/.exec(words);
	if (tick) return text.endsWith(tick[0]) ? text.slice(0, -tick[0].length) : text + tick[0];
	const stars = words.match(/\*\*/g)?.length ?? 0;
	if (stars % 2 === 0) return /(?<!\*)\*$/.test(text) ? text.slice(0, -1) : text;
	if (text.endsWith('**')) return text.slice(0, -2);
	return `${text.replace(/[\s*]+$/, '')}**`;
}
