import type { PersonAnswer } from '../../agent/conversation.js';
import type { ApprovalMode } from '../../types.js';
import type { CommandHost } from '../commands/command.js';
import type { Submission } from '../input/submission.js';
import { atRest, type ScreenEvent } from '../state.js';
import { fetchBehind, stopFetching } from './arrival.js';
import { drafted, stopReading } from './drafting.js';
import { greet, lookAtBranch, replaced, warm, wentBack } from './opening.js';
import { arrived, createStage, reprint, type Screen, type Stage, type Staging } from './stage.js';
import { typedOf } from './submissions.js';
import { carryOut, next, submit } from './tasks.js';

export type { Screen } from './stage.js';

/** The chat without a screen: what a person can do, and what there is to see. Both faces of the chat are drawn from it. */
export type Session = {
	screen(): Screen;
	/** Called after each change; while text streams in, at most ten times a second. Returns how to stop. */
	subscribe(listener: () => void): () => void;
	/** Loads the model behind the first frame, and sends the first message if there is one. */
	begin(): void;
	submit(submission: Submission): void;
	/** The draft has changed; `read` says what Enter would hand over. */
	drafted(read: () => Submission | undefined): void;
	/** The newest of what was typed ahead, as it was typed, and no longer waiting. */
	takeBack(): string | undefined;
	/** Ends what runs within a token; what was written is kept. */
	stop(): void;
	cycleMode(): void;
	/** More or less of a running command's output; when none runs, the last result in full. */
	toggleDetail(): void;
	hint(text: string): void;
	rewind(): void;
	redraw(): void;
	/** Shows something in full, above the live part. */
	show(event: ScreenEvent): void;
	answer(id: number, answer: PersonAnswer): void;
	choose(id: number, value: string | undefined): void;
	/** Ends the chat with this exit code: whatever runs is stopped, what is asked is refused. */
	end(code: number): void;
	/** Ends the chat because of a bug. */
	fail(error: unknown): void;
	/** The exit code, once the chat has ended; rejects with a bug. */
	readonly closed: Promise<number>;
	/** Closes the conversation at hand, and waits until what was stopped has let go. */
	close(): Promise<void>;
};

export function createSession(staging: Staging): Session {
	const stage = createStage(staging);
	const host = createHost(stage);
	const { pacer, dialogues, program } = stage;
	return {
		screen: pacer.latest,
		subscribe: pacer.subscribe,
		closed: stage.closed.promise,
		async close() {
			await Promise.all([stage.conversation.close(), stage.leaving]);
		},
		begin() {
			void greet(stage);
			void warm(stage);
			void lookAtBranch(stage);
			const { firstMessage } = program;
			if (program.pickFirst) submit(stage, host, { kind: 'command', name: 'resume', args: '' });
			if (firstMessage) void carryOut(stage, host, signal => stage.conversation.ask(firstMessage, signal));
		},
		submit(submission) {
			stage.hint = undefined;
			submit(stage, host, submission);
		},
		drafted: read => drafted(stage, read),
		takeBack() {
			const last = stage.queue.at(-1);
			stage.queue = stage.queue.slice(0, -1);
			pacer.soon();
			return last && typedOf(last);
		},
		stop: () => stage.running?.abort(),
		cycleMode: () => host.setMode(modeAfter(stage.conversation.mode, program.yoloAllowed)),
		toggleDetail() {
			if (stage.chat.live.call) stage.detail = !stage.detail;
			else if (stage.chat.expandable) arrived(stage, { type: 'shown', ...stage.chat.expandable });
			pacer.soon();
		},
		hint: text => hint(stage, text),
		rewind: () => submit(stage, host, { kind: 'command', name: 'rewind', args: '' }),
		redraw: () => reprint(stage, stage.chat.past.length - 30),
		show: event => arrived(stage, event),
		answer: dialogues.answer,
		choose: dialogues.choose,
		end: code => end(stage, code),
		fail(error) {
			stage.closed.reject(error);
			end(stage, 70);
		},
	};
}

/** What a slash command may do to the chat. */
function createHost(stage: Stage): CommandHost {
	const host: CommandHost = {
		program: stage.program,
		dispatch: event => arrived(stage, event),
		note: text => arrived(stage, { type: 'note', text }),
		show: (display, title, exact) => arrived(stage, { type: 'shown', title, display, ...(exact ? { exact: true } : {}) }),
		clearScreen: () => reprint(stage, stage.chat.past.length),
		replaced: other => replaced(stage, other),
		drawAnew: () => wentBack(stage),
		draft(text) {
			stage.returned = { text };
			stage.pacer.soon();
		},
		fetch: model => fetchBehind(stage, model, () => next(stage, host)),
		stopFetching: () => stopFetching(stage),
		arriving: () => stage.arrival?.model.absent,
		quit: () => end(stage, 0),
		run: work => void carryOut(stage, host, work),
		pick: stage.dialogues.pick,
		setMode(mode) {
			stage.conversation.mode = mode;
			stage.pacer.soon();
		},
	};
	return host;
}

/** Shift-Tab goes round; yolo only where the program was started with it. */
function modeAfter(mode: ApprovalMode, yoloAllowed: boolean): ApprovalMode {
	const modes: ApprovalMode[] = yoloAllowed ? ['plan', 'default', 'auto-edit', 'yolo'] : ['plan', 'default', 'auto-edit'];
	return modes[(modes.indexOf(mode) + 1) % modes.length] ?? 'default';
}

const hintMs = 6000;

function hint(stage: Stage, text: string): void {
	stage.hint = text;
	clearTimeout(stage.hintTimer);
	stage.hintTimer = setTimeout(() => {
		stage.hint = undefined;
		stage.pacer.soon();
	}, hintMs);
	stage.pacer.soon();
}

function end(stage: Stage, code: number): void {
	if (stage.over) return;
	stopFetching(stage);
	stage.over = true;
	stage.queue = [];
	stage.warming?.abort();
	stopReading(stage);
	stage.running?.abort();
	stage.dialogues.dismiss();
	clearTimeout(stage.hintTimer);
	// The last frame stays on the screen.
	stage.chat = atRest(stage.chat);
	stage.running = undefined;
	stage.commanding = false;
	stage.pacer.end();
	stage.closed.resolve(code);
}
