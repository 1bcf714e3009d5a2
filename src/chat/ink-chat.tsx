import { render } from 'ink';
import { App } from './App.js';
import { commands } from './commands/commands.js';
import { introLines } from './Past.js';
import type { Program } from './program.js';
import { createSession, type Session } from './session/session.js';
import { onEndFromOutside } from './terminal.js';

/** Milliseconds, never going back. */
const clock = () => performance.now();

/** The chat drawn by Ink, in a terminal that is already held. Gives the exit code; throws a bug as it is, after the last frame. */
export async function runInkChat(program: Program): Promise<number> {
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
		stopListening();
	}
}

async function closeWithin(session: Session, milliseconds: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<void>(resolve => {
		timer = setTimeout(resolve, milliseconds);
	});
	await Promise.race([session.close(), late]);
	clearTimeout(timer);
}
