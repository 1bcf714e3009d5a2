import type { Conversation } from '../agent/conversation.js';
import { display } from '../sanitise.js';
import { type AgentEvent, type Ending, Refusal } from '../types.js';
import { type Finish, finishOf, finishOfError } from './exit.js';
import type { Face, Opened, OutputFormat } from './face.js';
import { jsonFace, streamJsonFace } from './json.js';
import { createOutput } from './output.js';
import { cutPiped, mayBeTooLong } from './piped.js';
import { createProgress } from './progress.js';
import { sarifFace } from './sarif.js';
import { type Input, type Reading, readPiped } from './stdin.js';
import { listenForStop, type Signals, type Stop } from './stop.js';
import { terminalFace, textFace } from './text.js';

/** The outside of a one-shot; `process` fits. */
export type Io = Signals & { stdin: Input; stdout: NodeJS.WritableStream & { isTTY?: boolean }; stderr: NodeJS.WritableStream };

/** `text` undefined: standard input is the prompt. `patienceMs`: how long an interrupted run may take to end in good order. */
export type Wanted = {
	text: string | undefined;
	output: OutputFormat;
	partialMessages: boolean;
	/** The answer is one JSON value: written when it is whole, and in the result as data too. */
	structured?: boolean;
	/** Whether the result tells how likely each token of the last reply was. */
	logprobs?: boolean;
	verbose: boolean;
	patienceMs?: number;
	firstByteMs?: number;
};

/**
 * One task without a screen; resolves to the exit code. `open` is called once there is a prompt, and may throw `Refusal`.
 * stdout gets only the answer, or JSON whose last line is exactly one `result`, whatever happens; the rest goes to stderr.
 * Nobody is ever asked anything. A bug is thrown, after the `result` is written.
 */
export async function oneshot(open: (signal: AbortSignal) => Promise<Opened>, io: Io, wanted: Wanted): Promise<number> {
	const stop = listenForStop(io, wanted.patienceMs ?? 2000);
	const out = createOutput(io.stdout, stop.abort);
	const err = createOutput(io.stderr);
	const face = faceFor(wanted, io.stdout.isTTY ?? false);
	const progress = createProgress(wanted.verbose);
	const say = (line: string): void => void err.write(`${display(line)}\n`);
	let opened: Opened | undefined;
	let bug: unknown;
	let over = false;

	const emit = async (text: string): Promise<void> => (over ? undefined : out.write(text));
	const see = (event: AgentEvent): Promise<void> => {
		void err.write(progress(event));
		return emit(face.see(event));
	};
	const run = async (): Promise<Finish> => {
		try {
			const asked = await readPrompt(io.stdin, wanted, { signal: stop.signal, say });
			opened = await open(stop.signal);
			for (const note of opened.notes) say(note);
			await emit(face.begin(opened));
			const finish = finishOf(await answer(asked, opened.conversation, { material: opened.material, see, signal: stop.signal }));
			return wanted.logprobs ? { ...finish, scores: (await opened.conversation.scores(stop.signal)) ?? null } : finish;
		} catch (error) {
			// What breaks because of the stop is part of the stop.
			if (!(error instanceof Refusal) && !stop.signal.aborted) bug = error;
			return finishOfError(error);
		}
	};
	const finish = settled(await Promise.race([run(), stop.impatient.then(() => finishOf({ reason: 'interrupted' }))]), stop);
	over = true;
	await Promise.race([out.write(face.end(finish)), stop.impatient]);
	const trouble = out.trouble();
	if (trouble?.kind === 'failed') say(`Standard output cannot be written: ${trouble.message}`);
	if (!trouble && finish.subtype !== 'success' && bug === undefined) say(finish.sentence);
	await opened?.conversation.close();
	stop.release();
	if (bug !== undefined) throw bug;
	if (trouble) return trouble.kind === 'gone' ? 0 : 1;
	return finish.code;
}

/** Reports input that was refused before a run could begin, in the format asked for; resolves to the exit code. */
export async function refuse(refusal: Refusal, io: Pick<Io, 'stdout' | 'stderr'>, output: OutputFormat): Promise<number> {
	const finish = finishOfError(refusal);
	const face = faceFor({ output, partialMessages: false }, false);
	await createOutput(io.stdout).write(face.end(finish));
	await createOutput(io.stderr).write(`${display(finish.sentence)}\n`);
	return finish.code;
}

type Shape = Pick<Wanted, 'output' | 'partialMessages' | 'structured'>;

function faceFor({ output, partialMessages, structured = false }: Shape, terminal: boolean): Face {
	if (output === 'sarif') return sarifFace();
	if (output === 'json') return jsonFace(structured);
	if (output === 'stream-json') return streamJsonFace(partialMessages, structured);
	return terminal && !structured ? terminalFace() : textFace(structured);
}

/** A failure after a signal is that interruption, and has the signal's code; an answer that came all the same stays one. */
function settled(finish: Finish, stop: Stop): Finish {
	const code = stop.code();
	if (code === undefined || finish.subtype === 'success') return finish;
	return { ...(finish.reason === 'interrupted' ? finish : finishOf({ reason: 'interrupted' })), code };
}

type Asked = { text: string; piped: string | undefined };

async function readPrompt(stdin: Input, { text, firstByteMs }: Wanted, reading: Pick<Reading, 'signal' | 'say'>): Promise<Asked> {
	const needed = text === undefined;
	const piped = await readPiped(stdin, { ...reading, needed, ...(firstByteMs === undefined ? {} : { firstByteMs }) });
	const prompt = text ?? piped ?? '';
	if (prompt.trim() === '') throw new Refusal('The prompt is empty. Give one: qwill -p "your question", or pipe it in.', 42);
	return { text: prompt, piped: needed ? undefined : piped };
}

type Answering = { material: string; see(event: AgentEvent): Promise<void>; signal: AbortSignal };

async function answer({ text, piped }: Asked, conversation: Conversation, { material, see, signal }: Answering): Promise<Ending> {
	const parts = [material];
	if (piped !== undefined) {
		// Measuring needs the model: loaded here, so that the wait is seen.
		const lost = mayBeTooLong(piped, conversation.engine.model.contextSize) ? await follow(conversation.warm(signal), see) : undefined;
		if (lost) return lost;
		const input = await cutPiped(piped, conversation.engine);
		parts.push(input.material);
		if (input.lines > 0)
			await see(
				conversation.note(`What was piped in is longer than the model can take: ${input.lines} lines of its middle were left out.`),
			);
	}
	return follow(conversation.ask({ text, material: parts.filter(Boolean).join('\n\n') }, signal), see);
}

/** Shows every event, and gives what it all came to. */
async function follow<Result>(events: AsyncGenerator<AgentEvent, Result>, see: Answering['see']): Promise<Result> {
	for (;;) {
		const step = await events.next();
		if (step.done) return step.value;
		await see(step.value);
	}
}
