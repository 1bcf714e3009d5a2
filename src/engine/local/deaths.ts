import { stripVTControlCharacters } from 'node:util';

/** How the engine's process ended, as the system tells it. `ranOut`: its last words were that there is no memory. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null; lastLine: string | undefined; ranOut?: boolean };

/** Whether a line that the process printed says that it got no memory (V8, the C++ library, llama.cpp). */
export const saysRanOut = (line: string): boolean => /out of memory|bad_alloc|failed to allocate|cannot allocate memory/i.test(line);

const causes: Partial<Record<NodeJS.Signals, string>> = {
	SIGABRT: 'llama.cpp found an error in itself or in the model file (SIGABRT)',
	SIGKILL: 'it was killed (SIGKILL), most likely because the memory ran out; a smaller model takes less',
	SIGBUS: 'the model file changed while it was in use (SIGBUS)',
	SIGSEGV: 'native code or a graphics driver crashed (SIGSEGV)',
	SIGILL: 'this processor lacks an instruction that the engine was built with (SIGILL)',
	SIGTERM: 'it was told to end (SIGTERM)',
};
// A sandbox or shell in between reports a signal as 128 plus its number.
const byCode: Record<number, NodeJS.Signals> = {
	132: 'SIGILL',
	134: 'SIGABRT',
	135: 'SIGBUS',
	137: 'SIGKILL',
	139: 'SIGSEGV',
	143: 'SIGTERM',
};

/** One sentence on why the engine is gone, and that nothing else is lost. */
export function describeDeath({ code, signal, lastLine, ranOut }: Exit): string {
	const name = signal ?? byCode[code ?? -1];
	if (ranOut && name !== 'SIGKILL')
		return `The engine stopped: it got no more memory${name ? ` (${name})` : ''}; a smaller model takes less. The next message starts it again.`;
	const cause = name ? (causes[name] ?? `it was ended by ${name}`) : `it ended with code ${code}${quoted(lastLine)}`;
	return `The engine stopped: ${cause}. The next message starts it again.`;
}

function quoted(line: string | undefined): string {
	const clean = stripVTControlCharacters(line ?? '')
		.replace(/\p{C}/gu, '')
		.trim();
	return clean ? ` (${clean.slice(0, 200)})` : '';
}
