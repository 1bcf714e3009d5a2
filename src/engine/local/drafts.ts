import type { Token } from 'node-llama-cpp';

/**
 * Guesses how a text goes on by looking for its last tokens further up (prompt lookup, github.com/apoorvumang/prompt-lookup-decoding):
 * an edited file is mostly the file that was read. A guess costs time and never changes what is written.
 */
export type Drafter = {
	/** Tokens worth trying now, at most `room`; often none. */
	draft(room: number): Token[];
	/** These tokens were written after a step that tried `tried` tokens and took so many milliseconds. */
	wrote(ids: readonly Token[], tried: number, milliseconds: number): void;
};

const shortest = 4;
const long = 12;
/** Places looked at for the longest match, the newest first. */
const places = 16;
/** Time of a step over so many tokens, in steps over one: measured on two cores with the 0.5B and the 1.5B, Q4_K_M. */
const usualPrice: ReadonlyMap<number, number> = new Map([
	[2, 1.8],
	[3, 2.15],
	[4, 2.3],
	[8, 3.6],
	[16, 6],
]);

/**
 * `text` are the tokens so far; `plain` tells those that may stand in a guess; a guess has at most `longest` tokens, which is
 * less than the room of a step.
 */
export function drafterFor(text: readonly Token[], plain: (id: Token) => boolean, longest = 15): Drafter {
	const ids: Token[] = [];
	const ends = new Map<string, number[]>();
	const add = (id: Token) => {
		ids.push(id);
		if (ids.length < shortest) return;
		const key = ids.slice(-shortest).join();
		const known = ends.get(key);
		if (known) known.push(ids.length);
		else ends.set(key, [ids.length]);
	};
	text.forEach(add);
	// How often the first token of a guess is right, apart for short and long matches. Every step teaches, also one without a
	// draft: what would have been guessed is compared with what came.
	const hits = { short: 0.5, long: 0.5 };
	const time = new Map<number, number>();
	let guess: { after: 'short' | 'long'; ids: Token[] } | undefined;

	const find = (): typeof guess => {
		const known = ends.get(ids.slice(-shortest).join())?.slice(-places - 1) ?? [];
		let best = { at: 0, length: 0 };
		for (const at of known.reverse()) {
			if (at === ids.length) continue;
			let length = shortest;
			while (length < 64 && length < at && ids[at - 1 - length] === ids[ids.length - 1 - length]) length++;
			if (length > best.length) best = { at, length };
		}
		if (best.length === 0) return undefined;
		const next = ids.slice(best.at, best.at + longest);
		const border = next.findIndex(id => !plain(id));
		return { after: best.length >= long ? 'long' : 'short', ids: border < 0 ? next : next.slice(0, border) };
	};
	const price = (batch: number): number => {
		const [one, usual] = [time.get(1), usualPrice.get(batch) ?? batch];
		const measured = [...time.keys()].filter(size => size > 1 && size <= batch).sort((x, y) => y - x)[0];
		if (!one || !measured) return usual;
		const known = time.get(measured)! / one;
		// What was never tried may be as cheap as what was: without this, a small guess that pays hides a large one that pays more.
		return measured === batch ? known : Math.min(usual, 1 + ((known - 1) * (batch - 1)) / (measured - 1));
	};
	return {
		draft(room) {
			guess = find();
			if (!guess) return [];
			return guess.ids.slice(0, Math.min(room, bestLength(hits[guess.after], price, longest)));
		},
		wrote(written, tried, milliseconds) {
			const batch = tried + 1;
			if (batch === 1 || usualPrice.has(batch))
				time.set(batch, time.has(batch) ? 0.8 * time.get(batch)! + 0.2 * milliseconds : milliseconds);
			if (guess && guess.ids.length > 0) {
				const right = tried > 0 ? written.length - 1 : Number(written[0] === guess.ids[0]);
				const wrong = tried > 0 ? Number(right < tried) : 1 - right;
				for (let i = 0; i < right; i++) hits[guess.after] += 0.15 * (1 - hits[guess.after]);
				if (wrong) hits[guess.after] -= 0.15 * hits[guess.after];
			}
			written.forEach(add);
		},
	};
}

/** The number of guessed tokens, at most `longest`, that gives the most text for the time, when each is right with probability `hit`. */
export function bestLength(hit: number, price: (batch: number) => number, longest = 15): number {
	let best = { length: 0, gain: 1 };
	for (const batch of usualPrice.keys()) {
		if (batch > longest + 1) break;
		const expected = hit >= 1 ? batch : (1 - hit ** batch) / (1 - hit);
		const gain = expected / price(batch);
		if (gain > best.gain) best = { length: batch - 1, gain };
	}
	return best.length;
}
