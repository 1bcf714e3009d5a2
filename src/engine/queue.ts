/** A place where one at a time may be. */
export type Queue = {
	/** Waits for its turn and gives the function that ends it; undefined when `signal` fires first. */
	enter(signal: AbortSignal): Promise<(() => void) | undefined>;
};

export function queue(): Queue {
	let last: Promise<void> = Promise.resolve();
	return {
		async enter(signal) {
			const before = last;
			const mine = Promise.withResolvers<void>();
			last = before.then(() => mine.promise);
			const gaveUp = Promise.withResolvers<void>();
			const giveUp = () => gaveUp.resolve();
			signal.addEventListener('abort', giveUp, { once: true });
			if (signal.aborted) giveUp();
			await Promise.race([before, gaveUp.promise]);
			signal.removeEventListener('abort', giveUp);
			if (!signal.aborted) return mine.resolve;
			mine.resolve();
			return undefined;
		},
	};
}
