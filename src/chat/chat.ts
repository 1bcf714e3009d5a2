import { Refusal } from '../types.js';
import type { Program } from './program.js';
import { holdTerminal, onSignals } from './terminal.js';
import { colourLevel, setColours } from './text/colour.js';

/**
 * Talks with the person until they leave; gives the exit code. The first frame is there before the model is. The terminal
 * is given back and the conversation closed whatever happens. Throws `Refusal` 42 where there is no terminal, and a bug as it is.
 */
export async function runChat(program: Program): Promise<number> {
	const { stdin, stdout, env } = process;
	if (!stdin.isTTY || !stdout.isTTY) throw new Refusal('A chat needs a terminal. For scripts and pipes: qwill -p "your question"', 42);
	if (env.TERM === 'dumb') return (await import('./plain.js')).runPlainChat(program);
	const terminal = holdTerminal(); // before Ink is loaded, so that keys typed meanwhile are kept
	try {
		setColours(colourLevel(env, true));
		env.NODE_ENV ??= 'production'; // read by React as it loads: what it checks in development costs half of the drawing
		const stopSignals = onSignals(code => process.exit(code));
		const { runInkChat } = await import('./ink-chat.js');
		stopSignals();
		return await runInkChat(program);
	} finally {
		terminal.release();
	}
}
