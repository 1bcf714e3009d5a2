/** Tells listeners that there is something new to see, not oftener than drawing is worth. */
export type Pacer<T> = {
	/** At the end of this round of the event loop. */
	soon(): void;
	/** Within a tenth of a second, together with what else comes until then: the model needs the processor more. */
	later(): void;
	/** The value as it was last told. */
	latest(): T;
	subscribe(listener: () => void): () => void;
	/** Tells for the last time. */
	end(): void;
};

const betweenFramesMs = 100;

/** `look` makes the value that is seen. */
export function createPacer<T>(look: () => T): Pacer<T> {
	const listeners = new Set<() => void>();
	let value: T | undefined;
	let immediate: NodeJS.Immediate | undefined;
	let timer: NodeJS.Timeout | undefined;
	let over = false;
	const tell = () => {
		clearImmediate(immediate);
		clearTimeout(timer);
		immediate = undefined;
		timer = undefined;
		value = look();
		for (const listener of listeners) listener();
	};
	return {
		soon() {
			if (!over) immediate ??= setImmediate(tell);
		},
		later() {
			if (!over) timer ??= setTimeout(tell, betweenFramesMs);
		},
		latest: () => (value ??= look()),
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		end() {
			tell();
			over = true;
		},
	};
}
