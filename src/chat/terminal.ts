/** The terminal, taken and always given back. Imports neither Ink nor React, so that it can be taken before they load. */

export type TerminalHold = {
	/** Whoever draws takes over: keys that came meanwhile are read next, signals and Ctrl-C are theirs to hear. */
	handOver(): void;
	/** Gives the terminal back as it was. More than once does no harm. */
	release(): void;
};

/** Modes that may be on: paste, mouse. Switched off at the start too, for a program that was killed before us. */
const modesOff = '\x1b[?2004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l';
/** The cursor shown, colours ended. */
const asBefore = `${modesOff}\x1b[?25h\x1b[0m`;
/** What was typed before us stands on this line, and comes again where it belongs. */
const echoOff = '\r\x1b[K';
const ctrlC = 0x03;

const prompt = '> ';
/** Of a terminal that does not say how wide it is. */
const usualColumns = 80;

/**
 * Takes the terminal: raw at once, so that keys typed while the program loads are not lost; what they write is shown behind a
 * prompt, as far as it is plain text and one line. Until it is
 * handed over, Ctrl-C and signals end the program. It is given back when the process ends, in whatever way the process can
 * still act on. A dumb terminal stays as it is: it is read line by line.
 */
export function holdTerminal({ stdin, stdout, env }: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'env'> = process): TerminalHold {
	if (env.TERM === 'dumb') return { handOver() {}, release() {} };
	const early: Buffer[] = [];
	let held = true;
	let handed = false;
	const stopSignals = onSignals(code => process.exit(code));
	const show = () => void stdout.write(`${echoOff}${prompt}${plainBeginning(Buffer.concat(early).toString(), stdout.columns)}`);
	const hear = () => {
		for (let bytes: Buffer | null = stdin.read(); bytes !== null; bytes = stdin.read()) {
			early.push(bytes);
			if (bytes.includes(ctrlC)) process.exit(codes.SIGINT);
			show();
		}
	};
	const handOver = () => {
		stopSignals();
		handed = true;
		stdout.write(echoOff);
		stdin.off('readable', hear);
		if (early.length > 0) stdin.unshift(Buffer.concat(early.splice(0)));
	};
	const release = () => {
		if (!held) return;
		held = false;
		process.off('exit', release);
		stopSignals();
		stdin.off('readable', hear);
		stdin.pause();
		try {
			if (stdin.isTTY) stdin.setRawMode(false);
			stdout.write(handed ? asBefore : `${echoOff}${asBefore}`);
		} catch {
			// The terminal has gone; there is nothing left to give back.
		}
	};
	if (stdin.isTTY) stdin.setRawMode(true);
	stdout.write(modesOff);
	show();
	stdin.on('readable', hear);
	process.on('exit', release);
	return { handOver, release };
}

/** What was typed up to the first key that writes nothing, and no more than surely fits on the line. */
function plainBeginning(typed: string, columns: number | undefined): string {
	const [plain = ''] = /^[^\p{Cc}\p{Cf}]*/u.exec(typed) ?? [];
	const widest = 2;
	return [...plain].slice(0, Math.max(0, Math.floor(((columns || usualColumns) - prompt.length) / widest) - 1)).join('');
}

/** Signals that end the chat, with its exit code. Returns how to stop listening. */
export function onSignals(end: (code: number) => void): () => void {
	const listeners = Object.entries(codes).map(([name, code]) => [name, () => end(code)] as const);
	for (const [name, listener] of listeners) process.on(name, listener);
	return () => {
		for (const [name, listener] of listeners) process.off(name, listener);
	};
}

const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** All that ends a chat from outside: signals, a terminal that has gone, a bug nobody caught. Returns how to stop listening. */
export function onEndFromOutside({ end, fail }: { end(code: number): void; fail(error: unknown): void }): () => void {
	const stopSignals = onSignals(end);
	const gone = () => end(codes.SIGHUP);
	process.on('uncaughtException', fail);
	process.on('unhandledRejection', fail);
	process.stdout.on('error', gone); // stays: what is still written to a terminal that has gone must not throw
	process.stdin.on('error', gone);
	process.stdin.on('end', gone);
	return () => {
		stopSignals();
		process.off('uncaughtException', fail);
		process.off('unhandledRejection', fail);
		process.stdin.off('end', gone);
	};
}
