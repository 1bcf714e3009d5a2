import { Refusal } from '../types.js';

/** What can be read of standard input; `process.stdin` fits. */
export type Input = NodeJS.ReadableStream & { isTTY?: boolean; destroy?(): void };

/** `needed`: standard input is the prompt itself. `say` takes a line for the person. */
export type Reading = { needed: boolean; signal: AbortSignal; say(line: string): void; firstByteMs?: number };

const mostBytes = 10 * 1024 * 1024;

/**
 * The text piped in, or undefined when there is none. A terminal is not read. With a prompt, a pipe on which nothing comes for
 * 3 s is left alone with a line that says so; after a first byte it is read to its end. Throws `Refusal` 42 for more than 10 MB
 * and for what is not UTF-8 text.
 */
export async function readPiped(stdin: Input, reading: Reading): Promise<string | undefined> {
	if (stdin.isTTY) return undefined;
	const bytes = await readBytes(stdin, reading);
	if (bytes.length === 0) return undefined;
	if (bytes.includes(0))
		throw new Refusal('What was piped in holds NUL bytes, so it is not text. Pipe text, or name the file in the question.', 42);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		throw new Refusal('What was piped in is not valid UTF-8. Convert it first, for example with iconv -t utf-8.', 42);
	}
}

function readBytes(stdin: Input, { needed, signal, say, firstByteMs = 3000 }: Reading): Promise<Buffer> {
	const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
	const chunks: Buffer[] = [];
	let size = 0;
	const timer = setTimeout(() => {
		if (needed) return say('Waiting for the prompt on standard input (end it with Ctrl-D).');
		say(`Nothing came on standard input for ${firstByteMs / 1000} s; going on without it. Redirect it from /dev/null to skip the wait.`);
		resolve(Buffer.alloc(0));
	}, firstByteMs);
	const onData = (chunk: Buffer | string): void => {
		clearTimeout(timer);
		const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
		size += bytes.length;
		chunks.push(bytes);
		if (size > mostBytes) reject(new Refusal('More than 10 MB were piped in. Pipe a part of it, or name the file in the question.', 42));
	};
	const onEnd = (): void => resolve(Buffer.concat(chunks));
	const onError = (error: Error): void => {
		// `nohup` gives programs a standard input that nobody can read: as good as none.
		if (!needed && size === 0 && 'code' in error && error.code === 'EBADF') resolve(Buffer.alloc(0));
		else reject(new Refusal(`Standard input cannot be read (${error.message}). Give the question as words: qwill -p "your question"`, 42));
	};
	const onAbort = (): void => resolve(Buffer.alloc(0));

	stdin.on('data', onData).on('end', onEnd).on('error', onError);
	signal.addEventListener('abort', onAbort);
	if (signal.aborted) onAbort();
	return promise.finally(() => {
		clearTimeout(timer);
		signal.removeEventListener('abort', onAbort);
		stdin.removeListener('data', onData).removeListener('end', onEnd);
		stdin.pause();
		// An open pipe that nobody closes would keep the program from ending.
		stdin.destroy?.();
	});
}
