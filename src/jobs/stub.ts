/** A file whose first function waits to be written: `head` is all before its body, `described` whether words say what it does. */
export type Stub = { head: string; described: boolean };

/** Bodies that say "to be written", in the languages that have such words. */
const open =
	/^[ \t]+(?:pass|\.\.\.|raise NotImplementedError\b.*|throw new (?:Error|UnsupportedOperationException|NotImplementedException)\(.*\);?|(?:todo|unimplemented)!\(.*\);?|panic\(.*\)|(?:#|\/\/) ?TODO\b.*)[ \t]*$/i;
const signature = /^\s*(?:@|(?:export |async |pub |public |static )*(?:def|function|fn|func)\b)|[{:]\s*$/;
const words = /("""|'''|\*\/|^\s*(?:#|\/\/|\*))/;

/** The first function of a text that is a stub: its signature, and perhaps words about it, right before a body that is open. */
export function stubIn(text: string): Stub | undefined {
	const lines = text.split('\n');
	for (const [index, line] of lines.entries()) {
		if (!open.test(line)) continue;
		const before = lines.slice(0, index).findLast(other => other.trim() !== '') ?? '';
		const described = words.test(before);
		if (
			!described &&
			(!signature.test(before) || /^\s*(?:\}?\s*(?:except|else|finally|catch|try|if|elif|for|while|with|class)\b)/.test(before))
		)
			continue;
		return {
			head: lines
				.slice(0, index)
				.map(one => `${one}\n`)
				.join(''),
			described,
		};
	}
	return undefined;
}
