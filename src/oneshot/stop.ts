/** Where signals come from; `process` fits. */
export type Signals = {
	on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
	off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
};

/** How a run is told to end from outside. */
export type Stop = {
	signal: AbortSignal;
	/** The exit code that the person's signal asks for. */
	code(): 130 | 143 | undefined;
	/** Settles when there was time enough to end in good order after the stop, or when the person insists. */
	impatient: Promise<void>;
	abort(): void;
	release(): void;
};

/** Listens until `release`. The first SIGINT or SIGTERM stops the run, which then has `patienceMs` to end. */
export function listenForStop(signals: Signals, patienceMs: number): Stop {
	const controller = new AbortController();
	const { promise: impatient, resolve } = Promise.withResolvers<void>();
	let code: 130 | 143 | undefined;
	let timer: NodeJS.Timeout | undefined;
	const abort = (): void => {
		controller.abort();
		timer ??= setTimeout(resolve, patienceMs);
	};
	const stop = (wanted: 130 | 143) => (): void => {
		if (code !== undefined) resolve();
		code ??= wanted;
		abort();
	};
	const onInterrupt = stop(130);
	const onTerminate = stop(143);
	signals.on('SIGINT', onInterrupt);
	signals.on('SIGTERM', onTerminate);
	return {
		signal: controller.signal,
		code: () => code,
		impatient,
		abort,
		release() {
			clearTimeout(timer);
			signals.off('SIGINT', onInterrupt);
			signals.off('SIGTERM', onTerminate);
		},
	};
}
