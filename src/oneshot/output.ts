/** One of the program's output streams. */
export type Output = {
	/**
	 * Resolves when the text has left the program, so that a slow reader slows the run down instead of filling memory. Never
	 * rejects: once the reader is gone, nothing more is written.
	 */
	write(text: string): Promise<void>;
	/** Why nothing can be written any more: `gone` when the reader went away, else the error's words. */
	trouble(): { kind: 'gone' } | { kind: 'failed'; message: string } | undefined;
};

/** Watches `stream` from now on; `onTrouble` is called once, when it cannot be written any more. */
export function createOutput(stream: NodeJS.WritableStream, onTrouble: () => void = () => {}): Output {
	let trouble: ReturnType<Output['trouble']>;
	const fail = (error: Error): void => {
		if (trouble) return;
		const gone = 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
		trouble = gone ? { kind: 'gone' } : { kind: 'failed', message: error.message };
		onTrouble();
	};
	stream.on('error', fail);
	return {
		trouble: () => trouble,
		write(text) {
			if (trouble || text === '') return Promise.resolve();
			return new Promise(resolve => {
				stream.write(text, error => {
					if (error) fail(error);
					resolve();
				});
			});
		},
	};
}
