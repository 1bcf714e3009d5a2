import { display } from '../sanitise.js';
import { gigabytes } from './plan.js';

/** What happens while a model is fetched. */
export type FetchEvent =
	/** Bytes; `rate` in bytes a second and `eta` in seconds, once they are known. */
	| { type: 'progress'; done: number; total: number; rate: number | undefined; eta: number | undefined; source: FetchSource }
	/** One line for the person. */
	| { type: 'note'; text: string };

export type FetchSource = 'hub' | 'packages';

/** Turns byte counts into progress events: the first, the last, and at most ten a second between them. */
export function meter(source: FetchSource, total: number, now: () => number = Date.now) {
	const started = now();
	let last = Number.NEGATIVE_INFINITY;
	let first: number | undefined;
	return (done: number): Extract<FetchEvent, { type: 'progress' }> | undefined => {
		first ??= done; // What an earlier attempt left does not count for the rate.
		const time = now();
		if (done < total && time - last < 100) return undefined;
		last = time;
		const seconds = (time - started) / 1000;
		const rate = seconds >= 0.5 && done > first ? (done - first) / seconds : undefined;
		return { type: 'progress', done, total, rate, eta: rate && (total - done) / rate, source };
	};
}

type Progress = Extract<FetchEvent, { type: 'progress' }>;

/** `214 MB of 491 MB (43 %), 12.1 MB/s, 23 s left`. */
export const progressLine = (event: Progress): string =>
	[`${gigabytes(event.done)} of ${gigabytes(event.total)} (${percent(event)} %)`, ...pace(event)].join(', ');

/** `43 %, 12.1 MB/s, 23 s left`. */
export const shortProgress = (event: Progress): string => [`${percent(event)} %`, ...pace(event)].join(', ');

const percent = ({ done, total }: Progress): number => (total > 0 ? Math.floor((done / total) * 100) : 0);

function pace({ done, total, rate, eta }: Progress): string[] {
	const left = eta !== undefined && done < total ? [`${duration(eta)} left`] : [];
	return rate === undefined ? left : [`${(rate / 1e6).toFixed(1)} MB/s`, ...left];
}

/**
 * Runs a fetch and tells of it on `err`: on a terminal one line that is rewritten ten times a second, elsewhere a line at each
 * tenth of the way. Gives what the fetch gives.
 */
export async function showFetch<T>(
	fetching: AsyncGenerator<FetchEvent, T>,
	io: { err(text: string): void; terminal?: boolean },
): Promise<T> {
	let tenth = -1;
	let open = false;
	const closeLine = () => {
		if (open) io.err('\n');
		open = false;
	};
	try {
		for (;;) {
			const step = await fetching.next();
			if (step.done) return step.value;
			const event = step.value;
			if (event.type === 'note') {
				closeLine();
				io.err(`${display(event.text)}\n`);
			} else if (io.terminal) {
				// Carriage return, the line, erase to the end of the line.
				io.err(`\r${progressLine(event)}\x1b[K`);
				open = true;
			} else if (Math.floor((event.done / event.total) * 10) > tenth) {
				tenth = Math.floor((event.done / event.total) * 10);
				io.err(`${progressLine(event)}\n`);
			}
		}
	} finally {
		closeLine();
	}
}

const duration = (seconds: number): string => (seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`);
