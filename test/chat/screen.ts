import { EventEmitter } from 'node:events';
import { render } from 'ink';
import { createElement } from 'react';
import { App } from '../../src/chat/App.js';
import type { Command } from '../../src/chat/commands/command.js';
import { commands } from '../../src/chat/commands/commands.js';
import { introLines } from '../../src/chat/Past.js';
import { createSession, type Session } from '../../src/chat/session/session.js';
import { setColours } from '../../src/chat/text/colour.js';
import type { Fake } from './fake-program.js';

/** The chat drawn into memory: what a frame would be, with all of the past above it. */
export type TestScreen = {
	session: Session;
	/** The newest frame, with blanks at line ends taken off. */
	text(): string;
	frames: readonly string[];
	/** Keys, one `read` each, as a terminal sends them. */
	type(...keys: string[]): void;
	/** Settles once a frame matches; rejects with that frame after `ms`. */
	until(what: RegExp, ms?: number): Promise<string>;
	close(): void;
};

type Size = { columns?: number; rows?: number; commands?: readonly Command[]; now?: () => number };

/** Draws the App of a fake program, without colours. Its model begins to load at once. */
export function openScreen(
	fake: Fake,
	{ columns = 80, rows = 24, commands: given = commands, now = () => performance.now() }: Size = {},
): TestScreen {
	setColours(0);
	const frames: string[] = [];
	const seen = new EventEmitter().setMaxListeners(0);
	const stdout = Object.assign(new EventEmitter().setMaxListeners(0), {
		columns,
		rows,
		isTTY: true,
		write(frame: string) {
			frames.push(frame);
			seen.emit('frame');
			return true;
		},
	});
	const waiting: string[] = [];
	const stdin = Object.assign(new EventEmitter(), {
		isTTY: true,
		read: () => waiting.shift() ?? null,
		setEncoding() {},
		setRawMode() {},
		ref() {},
		unref() {},
	});
	const session = createSession({ program: fake.program, commands: given, clear: () => {}, now });
	const intro = introLines({ version: '0.0.1', model: 'fake-1b', folder: '/w/app' });
	const ink = render(createElement(App, { now, session, program: fake.program, intro }), {
		stdout: stdout as unknown as NodeJS.WriteStream,
		stdin: stdin as unknown as NodeJS.ReadStream,
		stderr: stdout as unknown as NodeJS.WriteStream,
		debug: true, // each write is a whole frame
		exitOnCtrlC: false,
		patchConsole: false,
	});
	session.begin();
	const text = () =>
		(frames.findLast(frame => frame.trim() !== '') ?? '')
			.replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, '')
			.replace(/[ \t]+$/gm, '')
			.trimEnd();
	return {
		session,
		text,
		frames,
		type(...keys) {
			for (const key of keys) {
				waiting.push(key);
				stdin.emit('readable');
			}
		},
		until(what, ms = 5000) {
			return new Promise((resolve, reject) => {
				const look = () => {
					if (!what.test(text())) return;
					finish();
					resolve(text());
				};
				const timer = setTimeout(() => {
					finish();
					reject(new Error(`never saw ${what}; the screen:\n${text()}`));
				}, ms);
				const finish = () => {
					clearTimeout(timer);
					seen.off('frame', look);
				};
				seen.on('frame', look);
				look();
			});
		},
		close() {
			session.end(0);
			ink.unmount();
			ink.cleanup();
		},
	};
}
