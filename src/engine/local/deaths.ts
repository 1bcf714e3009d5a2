import { stripVTControlCharacters } from 'node:util';

/** How the engine's process ended, as the system tells it. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null; lastLine: string | undefined };

const causes: Partial<Record<NodeJS.Signals, string>> = {
	SIGABRT: 'llama.cpp found an error in itself or in the model file (SIGABRT)',
	SIGKILL: 'it was killed (SIGKILL), most likely because the memory ran out; a smaller model or context takes less',
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
export function describeDeath({ code, signal, lastLine }: Exit): string {
	const name = signal ?? byCode[code ?? -1];
	const cause = name ? (causes[name] ?? `it was ended by ${name}`) : `it ended with code ${code}${quoted(lastLine)}`;
	return `The engine stopped: ${cause}. The next message starts it again.`;
}

function quoted(line: string | undefined): string {
	const clean = stripVTControlCharacters(line ?? '')
		.replace(/\p{C}/gu, '')
		.trim();
	return clean ? ` (${clean.slice(0, 200)})` : '';
}
