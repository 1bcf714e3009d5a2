/** Watches how long tokens take, and gives up a thread while the machine is busy with something else. */
export type Pace = {
	/** The next token took this long. */
	took(milliseconds: number): void;
};

// A model's threads wait for each other at every layer without sleeping: one of them without a core of its own makes all
// of them up to fifteen times slower, and one thread less brings nearly the full speed back.
const slow = 3;
const helps = 0.6;
const sample = 4;
const shortestRest = 32;
const longestRest = 512;

/** `set` changes the number of threads from the next token on; `full` is what they are at the start. */
export function paceOf(full: number, set: (threads: number) => void): Pace {
	let recent: number[] = [];
	let usual = Number.POSITIVE_INFINITY;
	let rest = shortestRest;
	let reduced: { before: number; left: number } | undefined;

	const reduce = (before: number) => {
		set(full - 1);
		reduced = { before, left: rest };
		rest = Math.min(longestRest, 2 * rest);
		recent = [];
	};
	const restore = () => {
		set(full);
		reduced = undefined;
		recent = [];
	};
	return {
		took(milliseconds) {
			if (full < 2) return;
			recent = [...recent, milliseconds].slice(-sample);
			if (recent.length < sample) return;
			const now = Math.min(...recent);
			if (!reduced) {
				usual = Math.min(usual, now);
				if (now > slow * usual) reduce(now);
				else if (now < helps * slow * usual) rest = Math.max(shortestRest, rest - 1);
				return;
			}
			reduced.left--;
			if (now > helps * reduced.before) {
				// It was no lack of a core: tokens take longer at the end of a long text, and that is usual from now on.
				usual = reduced.before;
				restore();
			} else if (reduced.left <= 0) restore();
		},
	};
}
