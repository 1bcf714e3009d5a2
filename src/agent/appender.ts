import { closeSync, constants, fchmodSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { maskAll } from '../secrets.js';
import { toLine } from './records.js';

/** Adds lines to one file, with secrets masked. What `line` has returned from survives the death of the process, what `sync` has, that of the machine. */
export type Appender = {
	line(record: object): void;
	sync(): void;
	close(): void;
};

/**
 * Opens a file for appending: `new` ones are made with mode 0600 and must not exist, others must be no link. With `torn`, the
 * unfinished last line is ended first. When the disk refuses a write, `warn` gets one sentence and later lines are dropped.
 */
export function openAppender(path: string, options: { fresh: boolean; torn?: boolean; warn(sentence: string): void }): Appender {
	const flags = constants.O_WRONLY | constants.O_APPEND | (options.fresh ? constants.O_CREAT | constants.O_EXCL : constants.O_NOFOLLOW);
	const fd = openSync(path, flags, 0o600);
	// The mode given to open() is cut by the umask; this one is not.
	if (options.fresh) fchmodSync(fd, 0o600);
	let broken = false;
	let closed = false;

	const attempt = (work: () => void): void => {
		if (broken || closed) return;
		try {
			work();
		} catch (error) {
			broken = true;
			options.warn(
				`${path} cannot be written (${error instanceof Error ? error.message : String(error)}); the conversation goes on, but what follows is not kept.`,
			);
		}
	};
	// One write() a line: appends of that size are not torn by the death of the process (safety.md, "Journal, crash").
	const write = (text: string): void => {
		const bytes = Buffer.from(text);
		const written = writeSync(fd, bytes);
		if (written < bytes.length) throw new Error('the disk is full');
	};

	if (options.torn) attempt(() => write('\n'));
	return {
		line: record => attempt(() => write(toLine(maskAll(record)))),
		sync: () => attempt(() => fdatasyncSync(fd)),
		close() {
			if (closed) return;
			closed = true;
			closeSync(fd);
		},
	};
}
