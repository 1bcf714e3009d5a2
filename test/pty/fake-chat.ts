import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { runChat } from '../../src/chat/chat.js';
import { holdTerminal } from '../../src/chat/terminal.js';
import { answers, asksFirst, editQuestion, fakeProgram, type Script, said, usage } from '../chat/fake-program.js';

/**
 * The chat over a program without a model, to be run in a pseudo-terminal: `fake-chat.ts <scenario>`. It prints the exit
 * code that the chat came to, after the terminal was given back.
 */
const long = `# Long\n\n${Array.from({ length: 60 }, (_, index) => `Paragraph ${index} has **some** words, enough of them to fill a line of an ordinary window.`).join('\n\n')}\n\nThe end.`;

/** Streams a text in small pieces, slowly enough to be drawn many times. */
const slowly = (text: string, pieceMs: number): Script =>
	async function* ({ text: task, material }, signal) {
		yield { type: 'asked', text: task, material };
		yield { type: 'turn', number: 1 };
		let written = '';
		for (const piece of text.match(/[\s\S]{1,12}/g) ?? []) {
			if (signal.aborted) break;
			await pause(pieceMs);
			written += piece;
			yield { type: 'text', text: piece };
		}
		yield { type: 'replied', message: said(written, signal.aborted ? 'aborted' : 'end'), usage };
		const ending = { reason: signal.aborted ? 'interrupted' : 'answered' } as const;
		yield { type: 'done', ending };
		return ending;
	};

const scenarios: Record<string, Script> = {
	answer: answers('# Title\n\nHello *there*.\n\n- one\n- two\n\n```js\nconst a = 1;\n```\n'),
	long: slowly(long, 2),
	code: slowly(
		`\`\`\`js\n${Array.from({ length: 80 }, (_, index) => `const line${index} = ${index};`).join('\n')}\n\`\`\`\nThat was it.`,
		2,
	),
	endless: slowly('word '.repeat(1_000_000), 5),
	question: asksFirst(),
	command: asksFirst({
		...editQuestion,
		title: `$ ls${'\n'.repeat(120)}rm -rf ~`,
		risk: 'runs',
		preview: undefined,
		why: 'rm -rf ~ removes files',
	}),
	hostile: answers('Look: \x1b]52;c;Y3VybA==\x07\x1b[2J\x1b[?1049h\x9b2J done \u202e here'),
	async *bug() {
		yield { type: 'note', text: 'about to fail' };
		throw new TypeError('no such thing');
	},
	/** What it yields cannot be drawn. */
	async *drawing() {
		yield { type: 'note', text: undefined as unknown as string };
		return { reason: 'answered' };
	},
	async *uncaught({ text, material }, signal) {
		yield { type: 'asked', text, material };
		setTimeout(() => {
			throw new RangeError('out of nowhere');
		}, 10);
		await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
		return { reason: 'interrupted' };
	},
};

const { program, closed } = fakeProgram({
	script: scenarios[process.argv[2] ?? 'answer'] ?? answers('There is no such scenario.'),
	async *warm() {
		for (let fraction = 0; fraction <= 1; fraction += 0.25) {
			await pause(20);
			yield { type: 'loading', fraction };
		}
		return undefined;
	},
});
/** With `late`, waits for SIGUSR2. */
async function told(): Promise<void> {
	if (process.argv[3] !== 'late') return;
	const alive = setInterval(() => {}, 1000);
	await once(process, 'SIGUSR2');
	clearInterval(alive);
}
if (process.argv[3] === 'late') setImmediate(() => console.log('not held'));
await told();
const terminal = holdTerminal();
try {
	await told();
	const code = await runChat(program, terminal);
	terminal.release();
	console.log(`ended with ${code}, closed ${closed()}`);
	process.exitCode = code;
} catch (error) {
	terminal.release();
	console.log(`thrown: ${error}, closed ${closed()}`);
	process.exitCode = 70;
}
