import { render } from 'ink';
import { Refusal } from '../types.js';
import { App } from './App.js';
import { commands } from './commands/commands.js';
import { introLines } from './Past.js';
import { runPlainChat } from './plain.js';
import type { Program } from './program.js';
import { createSession, type Session } from './session/session.js';
import { holdTerminal, onEndFromOutside } from './terminal.js';
import { colourLevel, setColours } from './text/colour.js';

/**
 * Talks with the person until they leave; gives the exit code. The first frame is there before the model is. The terminal
 * is given back and the conversation closed whatever happens. Throws `Refusal` 42 where there is no terminal, and a bug as it is.
 */
export async function runChat(program: Program): Promise<number> {
	const { stdin, stdout, env } = process;
	if (!stdin.isTTY || !stdout.isTTY) throw new Refusal('A chat needs a terminal. For scripts and pipes: qwill -p "your question"', 42);
	if (env.TERM === 'dumb') return runPlainChat(program);
	setColours(colourLevel(env, true));
	return runInk(program);
}

/** Milliseconds, never going back. */
const clock = () => performance.now();

async function runInk(program: Program): Promise<number> {
	const terminal = holdTerminal();
	let clear = () => {};
	const session = createSession({ program, commands, clear: () => clear(), now: clock });
	const stopListening = onEndFromOutside(session);
	const intro = introLines({
		version: program.version,
		model: program.conversation.engine.model.name,
		folder: program.conversation.workspace.root,
	});
	const ink = render(<App now={clock} session={session} program={program} intro={intro} />, {
		exitOnCtrlC: false,
		interactive: true, // Ink would otherwise wait for the end where CI is set
		incrementalRendering: true,
		maxFps: 60, // for the echo of keys; streaming is slowed down by the session
		kittyKeyboard: { mode: 'auto' }, // tells Shift-Enter from Enter
	});
	clear = () => {
		ink.clear();
		process.stdout.write('\x1b[2J\x1b[H');
	};
	ink.waitUntilExit().then(() => session.end(0), session.fail);
	session.begin();
	try {
		return await session.closed;
	} finally {
		ink.unmount();
		await closeWithin(session, 2000);
		terminal.release();
		stopListening();
	}
}

async function closeWithin(session: Session, milliseconds: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<void>(resolve => {
		timer = setTimeout(resolve, milliseconds);
	});
	await Promise.race([session.conversation().close(), late]);
	clearTimeout(timer);
}
