import { spawn } from 'node:child_process';

/** Where a text can be put so that it can be pasted: a program that knows the clipboard, or the terminal itself. */
export type Clipboard = {
	env: NodeJS.ProcessEnv;
	/** Whether the program ran and took the text. */
	feed(program: string, args: readonly string[], text: string): Promise<boolean>;
	/** Writes to the terminal. */
	write(sequence: string): void;
};

/** Terminals cut or drop longer ones; xterm's limit is the lowest known. */
const mostOsc52Bytes = 74_994;

/**
 * Puts `text` on the clipboard and says by which way, or undefined when none was left. Over SSH only the terminal reaches the
 * person's own clipboard; a terminal never answers, so that way is believed to have worked.
 */
export async function copyText(text: string, clipboard: Clipboard = realClipboard): Promise<string | undefined> {
	const { env } = clipboard;
	if (!env.SSH_CONNECTION && !env.SSH_TTY) {
		for (const [program, ...args] of programs(env)) if (await clipboard.feed(program, args, text)) return program;
	}
	const coded = Buffer.from(text).toString('base64');
	if (coded.length > mostOsc52Bytes) return undefined;
	clipboard.write(throughTmux(`\x1b]52;c;${coded}\x07`, env));
	return 'the terminal';
}

function programs(env: NodeJS.ProcessEnv): [string, ...string[]][] {
	if (process.platform === 'darwin') return [['pbcopy']];
	const wayland: [string, ...string[]][] = env.WAYLAND_DISPLAY ? [['wl-copy']] : [];
	const x11: [string, ...string[]][] = env.DISPLAY
		? [
				['xclip', '-selection', 'clipboard'],
				['xsel', '--clipboard', '--input'],
			]
		: [];
	return [...wayland, ...x11];
}

/** tmux hands a sequence on to its own terminal only when it is wrapped (tmux(1), allow-passthrough). */
const throughTmux = (sequence: string, env: NodeJS.ProcessEnv): string =>
	env.TMUX ? `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\` : sequence;

const realClipboard: Clipboard = {
	env: process.env,
	write: sequence => void process.stdout.write(sequence),
	feed: (program, args, text) =>
		new Promise(resolve => {
			const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'] });
			child.on('error', () => resolve(false)); // It is not installed: the next way is tried.
			child.on('exit', code => resolve(code === 0));
			child.stdin.on('error', () => resolve(false));
			child.stdin.end(text);
		}),
};
