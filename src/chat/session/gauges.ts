import type { AgentEvent } from '../../types.js';

/** Measures what the events themselves cannot say, with a clock: how long reading will take, how fast text comes. */
export type Gauges = {
	see(event: AgentEvent): void;
	/** Seconds of reading left, once there is something to reckon with. */
	secondsLeft(): number | undefined;
	/** Pieces of text a second in the reply being written: about its tokens. */
	pace(): number | undefined;
};

/** `now` in milliseconds, never going back. */
export function createGauges(now: () => number): Gauges {
	let readings: { at: number; done: number; total: number }[] = [];
	let begun = 0;
	let last = 0;
	let pieces = 0;
	return {
		see(event) {
			if (event.type === 'reading') {
				const before = readings.at(-1);
				if (!before || event.done < before.done || event.total !== before.total) readings = [];
				readings = [...readings.slice(1 - window), { at: now(), done: event.done, total: event.total }];
				pieces = 0;
				return;
			}
			if (event.type !== 'text' && event.type !== 'writing-call') {
				readings = [];
				pieces = 0;
				return;
			}
			last = now();
			if (pieces === 0) begun = last;
			pieces++;
			readings = [];
		},
		secondsLeft() {
			const first = readings[0];
			const newest = readings.at(-1);
			if (!first || !newest || newest.at <= first.at || newest.done <= first.done) return undefined;
			return ((newest.total - newest.done) * (newest.at - first.at)) / (newest.done - first.done) / 1000;
		},
		pace: () => (pieces > 4 && last > begun ? ((pieces - 1) * 1000) / (last - begun) : undefined),
	};
}

/** Readings that the rate is taken from: the newest, because reading slows down as the context fills. */
const window = 12;
