import type { Conversation } from '../../agent/conversation.js';
import type { ModelInfo } from '../../engine/engine.js';
import { type AgentEvent, type ApprovalMode, Refusal } from '../../types.js';
import type { Command } from '../commands/command.js';
import type { Submission } from '../input/submission.js';
import type { Program } from '../program.js';
import { atRest, type ChatState, reduce, type ScreenEvent, start } from '../state.js';
import type { Arrival } from './arrival.js';
import { createDialogues, type Dialogue, type Dialogues } from './dialogue.js';
import { createGauges, type Gauges } from './gauges.js';
import { createPacer, type Pacer } from './pacer.js';
import { shownOf } from './submissions.js';

/** Everything that is on the screen, as one value. A new one each time something changed. */
export type Screen = {
	chat: ChatState;
	/** Typed ahead, as shown. */
	queued: readonly string[];
	busy: boolean;
	mode: ApprovalMode;
	model: ModelInfo;
	branch: string | undefined;
	/** Words that go into the draft, once for each new object. */
	returned: { text: string } | undefined;
	dialogue: Dialogue | undefined;
	/** How far a model is that is being fetched behind the conversation. */
	arriving: string | undefined;
	/** One line for the person that goes away again. */
	hint: string | undefined;
	/** More of a running command's output is drawn. */
	detail: boolean;
	/** Grows when the past has to be printed anew; then it is printed from entry `from`. */
	epoch: number;
	from: number;
	secondsLeft: number | undefined;
	pace: number | undefined;
};

/** `clear` empties the window. `now` is a clock in milliseconds. */
export type Staging = { program: Program; commands: readonly Command[]; clear(): void; now(): number };

/** What a session remembers. Only the files of this folder touch it. */
export type Stage = Staging & {
	conversation: Conversation;
	chat: ChatState;
	queue: Submission[];
	/** Output of the person's own commands, for the next message. */
	material: string[];
	running: AbortController | undefined;
	warming: AbortController | undefined;
	/** What may come next is being read. */
	ahead: { stop(): void } | undefined;
	/** What Enter would hand over now. */
	draft: () => Submission | undefined;
	/** A model that is being fetched, or has arrived and waits for a quiet moment. */
	arrival: Arrival | undefined;
	/** Fetches that were stopped and have yet to let go. */
	leaving: Promise<unknown>;
	/** A slash command is being carried out. */
	commanding: boolean;
	branch: string | undefined;
	returned: { text: string } | undefined;
	hint: string | undefined;
	hintTimer: NodeJS.Timeout | undefined;
	detail: boolean;
	epoch: number;
	from: number;
	over: boolean;
	gauges: Gauges;
	pacer: Pacer<Screen>;
	dialogues: Dialogues;
	closed: PromiseWithResolvers<number>;
};

export function createStage(staging: Staging): Stage {
	const { conversation } = staging.program;
	const chat = fold(conversation);
	const pacer = createPacer(() => look(stage));
	const stage: Stage = {
		...staging,
		conversation,
		chat,
		pacer,
		queue: [],
		material: [],
		commanding: false,
		detail: false,
		over: false,
		epoch: 0,
		from: firstPrinted(chat),
		running: undefined,
		arrival: undefined,
		leaving: Promise.resolve(),
		warming: undefined,
		ahead: undefined,
		draft: () => undefined,
		branch: undefined,
		returned: undefined,
		hint: undefined,
		hintTimer: undefined,
		gauges: createGauges(staging.now),
		dialogues: createDialogues(pacer.soon),
		closed: Promise.withResolvers<number>(),
	};
	staging.program.setAskPerson(stage.dialogues.ask);
	return stage;
}

/** The screen of a conversation that is not running. */
export const fold = (conversation: Conversation): ChatState => atRest(conversation.events.reduce(reduce, start));

/** Of an old conversation the newest entries are printed; the rest is in its journal. */
export const firstPrinted = (chat: ChatState): number => Math.max(0, chat.past.length - 200);

/** Takes an event in. While text streams, it is seen a little later. */
export function arrived(stage: Stage, event: AgentEvent | ScreenEvent): void {
	stage.chat = reduce(stage.chat, event);
	if (event.type !== 'shown') stage.gauges.see(event);
	if (streaming.has(event.type)) stage.pacer.later();
	else stage.pacer.soon();
}

/** A `Refusal` is a line for the person; anything else is a bug and ends the chat. */
export async function guarded(stage: Stage, work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (error instanceof Refusal) arrived(stage, { type: 'note', text: error.message });
		else stage.closed.reject(error);
	}
}

/** Empties the window and prints the past again from this entry on. */
export function reprint(stage: Stage, first: number): void {
	stage.clear();
	stage.epoch++;
	stage.from = Math.max(0, first);
	stage.pacer.soon();
}

export const isBusy = (stage: Stage): boolean => stage.running !== undefined || stage.commanding;

function look(stage: Stage): Screen {
	const { chat, branch, returned, hint, detail, epoch, from, conversation, gauges } = stage;
	return {
		chat,
		branch,
		returned,
		hint,
		detail,
		epoch,
		from,
		queued: stage.queue.map(shownOf),
		busy: isBusy(stage),
		arriving: stage.arrival?.line,
		mode: conversation.mode,
		model: conversation.engine.model,
		dialogue: stage.dialogues.current(),
		secondsLeft: gauges.secondsLeft(),
		pace: gauges.pace(),
	};
}

/** Events that come many times a second. */
const streaming: ReadonlySet<string> = new Set(['loading', 'reading', 'text', 'writing-call', 'output']);
