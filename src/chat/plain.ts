import { createInterface } from 'node:readline';
import type { PersonAnswer } from '../agent/conversation.js';
import { exactLine } from '../sanitise.js';
import { commands } from './commands/commands.js';
import { wholeLines } from './display.js';
import { entryLines } from './entry.js';
import type { Submission } from './input/submission.js';
import type { Program } from './program.js';
import type { Dialogue } from './session/dialogue.js';
import { createSession, type Session } from './session/session.js';
import { setColours } from './text/colour.js';
import { textOf } from './text/wrap.js';

/** The streams of a line chat; a test hands in its own. */
export type Plain = { input: NodeJS.ReadableStream; output: NodeJS.WritableStream; columns: number; now?: () => number };

/**
 * The chat for terminals that can only print lines: no colours, no redrawing. Each block is printed when it is finished;
 * questions are answered with a line. Gives the exit code.
 */
export async function runPlainChat(
	program: Program,
	plain: Plain = { input: process.stdin, output: process.stdout, columns: process.stdout.columns || 80 },
): Promise<number> {
	setColours(0);
	const lines = createInterface({ input: plain.input, output: plain.output, terminal: false });
	const session = createSession({ program, commands, clear: () => {}, now: () => performance.now() });
	const print = (text: string) => plain.output.write(`${text}\n`);
	const now = plain.now ?? (() => performance.now());
	let askedAt = Number.NEGATIVE_INFINITY;
	session.subscribe(
		printer(session, plain.columns, text => {
			if (session.screen().dialogue) askedAt = now();
			print(text);
		}),
	);
	lines.on('line', line => {
		if (now() - askedAt > deafMs) heard(session, line, print);
	});
	lines.on('close', () => session.end(0));
	const interrupted = () => (session.screen().busy ? session.stop() : session.end(130));
	process.on('SIGINT', interrupted);
	print(
		`qwill ${program.version} · ${exactLine(program.conversation.engine.model.name)}\nType a message and Enter. /help lists the commands, /quit leaves.`,
	);
	session.begin();
	try {
		return await session.closed;
	} finally {
		process.off('SIGINT', interrupted);
		lines.close();
		await session.close();
	}
}

/** A line finished this soon after a question was printed was meant for something else. */
const deafMs = 250;

/** Prints what is new each time something changed: entries once, a question once. */
function printer(session: Session, columns: number, print: (text: string) => void): () => void {
	let printed = session.screen().from;
	let epoch = 0;
	let asked = 0;
	let busy = false;
	return () => {
		const { chat, dialogue, from, epoch: newest, busy: nowBusy } = session.screen();
		if (newest !== epoch) printed = from;
		epoch = newest;
		for (; printed < chat.past.length; printed++)
			print(
				entryLines(chat.past[printed]!, chat.past[printed - 1], columns)
					.map(textOf)
					.join('\n'),
			);
		if (dialogue && dialogue.id !== asked) print(dialogueText(dialogue, columns));
		asked = dialogue?.id ?? asked;
		if (busy && !nowBusy) print('>');
		busy = nowBusy;
	};
}

function dialogueText(dialogue: Dialogue, columns: number): string {
	if (dialogue.kind === 'picker') {
		return [
			exactLine(dialogue.title),
			...dialogue.choices.map((choice, index) => `${index + 1} ${exactLine(choice.label)}  ${exactLine(choice.detail)}`),
			'The number, or an empty line to leave:',
		].join('\n');
	}
	const { title, preview, rule } = dialogue.question;
	const always = rule === undefined ? '' : `, a (always: ${exactLine(rule)})`;
	return [
		`\nAllow this? ${exactLine(title)}`,
		...(preview ? wholeLines(preview, columns).map(textOf) : []),
		`y (yes)${always}, n (no), or why not:`,
	].join('\n');
}

/** A line is an answer when something is asked, else a message, a /command or a !command. */
function heard(session: Session, line: string, print: (text: string) => void): void {
	const { dialogue } = session.screen();
	const text = line.trim();
	if (dialogue) answer(session, dialogue, text);
	else if (text === '') print('>');
	else session.submit(submissionOf(text));
}

function answer(session: Session, dialogue: Dialogue, text: string): void {
	if (dialogue.kind === 'picker') session.choose(dialogue.id, dialogue.choices[Number(text) - 1]?.value);
	else session.answer(dialogue.id, answerOf(text, dialogue.question.rule !== undefined));
}

/** What is neither yes nor always is no; more than the word is the reason. */
function answerOf(text: string, mayBeAlways: boolean): PersonAnswer {
	if (/^y(es)?$/i.test(text)) return { kind: 'yes' };
	if (/^a(lways)?$/i.test(text) && mayBeAlways) return { kind: 'always' };
	return /^(no?)?$/i.test(text) ? { kind: 'no' } : { kind: 'no', reason: text };
}

function submissionOf(text: string): Submission {
	const command = /^\/(\S+)\s*([\s\S]*)$/.exec(text);
	if (command) return { kind: 'command', name: command[1] ?? '', args: command[2] ?? '' };
	if (text.startsWith('!') && text.length > 1) return { kind: 'shell', command: text.slice(1).trim() };
	return { kind: 'message', text, shown: text, files: [] };
}
