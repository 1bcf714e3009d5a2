/** Watches the end of what is written: for texts at which writing stops, and for a model that goes round in circles. */
export type Tail = {
	/** The part of what was written that may be shown, and whether one of the stops has been reached. */
	add(text: string): { text: string; stopped: boolean };
	/** What was held back. */
	rest(): string;
	/** The same 50 to 120 characters stand at the end three times in a row. */
	repeats(): boolean;
};

const shortestLoop = 50;
const longestLoop = 120;

/**
 * A stop counts as soon as the whole reply holds it, `begun` words included; nothing of it is given out. Text that could
 * be the beginning of a stop is held back.
 */
export function tailOf(stops: readonly string[], begun: string): Tail {
	const longest = Math.max(0, ...stops.map(stop => stop.length));
	let written = '';
	// Everything given out stands before `shown` in `window`; what is held back stands behind it.
	let window = begun.slice(-longest);
	let shown = window.length;
	return {
		add(text) {
			written = (written + text).slice(-3 * longestLoop);
			window += text;
			const at = firstOf(stops, window);
			const end = at >= 0 ? Math.max(at, shown) : Math.max(window.length - heldBack(stops, window), shown);
			const out = window.slice(shown, end);
			const keep = at >= 0 ? window.length : Math.max(0, end - longest);
			window = window.slice(keep);
			shown = Math.max(0, end - keep);
			return { text: out, stopped: at >= 0 };
		},
		rest() {
			const out = window.slice(shown);
			shown = window.length;
			return out;
		},
		repeats() {
			for (let length = shortestLoop; length <= Math.min(longestLoop, Math.floor(written.length / 3)); length++) {
				const last = written.slice(-length);
				if (written.endsWith(last + last + last)) return true;
			}
			return false;
		},
	};
}

/** Where the first of the stops begins, or -1. */
function firstOf(stops: readonly string[], text: string): number {
	const found = stops.map(stop => (stop === '' ? -1 : text.indexOf(stop))).filter(at => at >= 0);
	return found.length > 0 ? Math.min(...found) : -1;
}

/** How many characters at the end of `text` could be the beginning of a stop. */
function heldBack(stops: readonly string[], text: string): number {
	let most = 0;
	for (const stop of stops) {
		for (let length = Math.min(stop.length - 1, text.length); length > most; length--) {
			if (text.endsWith(stop.slice(0, length))) most = length;
		}
	}
	return most;
}
