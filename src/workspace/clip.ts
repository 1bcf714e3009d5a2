/** Output of any length in bounded memory. */

/** Keeps the beginning and the end of what is pushed, and counts what fell out between. Sizes in characters. */
export type Clip = { push(text: string): void; text(): string };

/** The first `head` and the last `tail` characters, with a sentence in the middle when something was left out. */
export function clip(head: number, tail: number): Clip {
	let first = '';
	let last: string[] = [];
	let held = 0;
	let dropped = 0;
	return {
		push(text) {
			const room = head - first.length;
			if (room > 0) first += text.slice(0, room);
			const rest = room > 0 ? text.slice(room) : text;
			if (rest === '') return;
			last.push(rest);
			held += rest.length;
			while (held - last[0]!.length >= tail) {
				const gone = last.shift()!.length;
				held -= gone;
				dropped += gone;
			}
			// Many small pieces cost more than their letters.
			if (last.length > 4096) last = [last.join('')];
		},
		text() {
			const end = last.join('');
			const surplus = Math.max(0, end.length - tail);
			const left = dropped + surplus;
			if (left === 0) return first + end;
			return `${first}\n[… ${left.toLocaleString('en')} characters left out …]\n${end.slice(surplus)}`.toWellFormed();
		},
	};
}
