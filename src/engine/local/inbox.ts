/** Values handed from where they arrive to the one place that waits for them, in order. */
export type Inbox<T> = {
	put(item: T): void;
	/** The next value; undefined when `signal` fires before there is one. */
	take(signal?: AbortSignal): Promise<T | undefined>;
};

export function inbox<T>(): Inbox<T> {
	const items: T[] = [];
	let wake = () => {};
	return {
		put(item) {
			items.push(item);
			wake();
		},
		async take(signal) {
			while (items.length === 0 && !signal?.aborted) {
				await new Promise<void>(resolve => {
					wake = resolve;
					signal?.addEventListener('abort', () => resolve(), { once: true });
				});
			}
			return items.shift();
		},
	};
}
