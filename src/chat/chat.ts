import type { Program } from './program.js';
import type { TerminalHold } from './terminal.js';
import { colourLevel, setColours } from './text/colour.js';

/**
 * Talks with the person until they leave, in a terminal that is held; gives the exit code. The first frame is there before
 * the model is. The conversation is closed whatever happens. Throws a bug as it is.
 */
export async function runChat(program: Program, terminal: TerminalHold): Promise<number> {
	const { env } = process;
	if (env.TERM === 'dumb') return (await import('./plain.js')).runPlainChat(program);
	setColours(colourLevel(env, true));
	env.NODE_ENV ??= 'production'; // read by React as it loads: what it checks in development costs half of the drawing
	const { runInkChat } = await import('./ink-chat.js');
	terminal.handOver();
	return runInkChat(program);
}
