import type { SuspendTerminal } from 'ink';
import { type ApprovalMode, Refusal } from '../../types.js';
import { commands, typeable } from '../commands/commands.js';
import type { Program } from '../program.js';
import { textOf } from './cells.js';
import { wantsFiles } from './completion.js';
import { editText, suspend } from './editor.js';
import { type Effect, emptyInput, type Facts, type Input, load } from './input.js';
import type { Action } from './keys.js';
import type { Memory } from './memory.js';
import { textWidth } from './picture.js';
import { press } from './press.js';
import { readSubmission, type Submission } from './submission.js';

/** `active` is false while a question is shown: the keys then belong to it. `queued` is what was typed ahead. */
export type ComposerProps = {
	program: Program;
	busy: boolean;
	active: boolean;
	mode: ApprovalMode;
	queued: readonly string[];
	/** Words that come into the draft in place of what stands there, once for each new object. */
	returned: { text: string } | undefined;
	columns: number;
	rows: number;
	onSubmit(input: Submission): void;
	/** The draft is another; `read` says what Enter would hand over. */
	onDraft(read: () => Submission | undefined): void;
	/** Up on an empty draft: what waits comes back to be edited. */
	onTakeBackQueue(): string | undefined;
	onStop(): void;
	onQuit(): void;
	onCycleMode(): void;
	onToggleDetail(): void;
	onRedraw(): void;
	onNote(text: string): void;
	onRewind(): void;
};

/** What is being typed, outside of React's schedule: no key is lost, however many come between two drawings. */
export type Typing = { input(): Input; facts(): Facts; act(action: Action): void; put(text: string): void };
/** `props` gives the newest ones. */
type Surroundings = { props(): ComposerProps; memory: Memory; redraw(): void; suspendTerminal: SuspendTerminal };

export function createTyping({ props, memory, redraw, suspendTerminal }: Surroundings): Typing {
	let input = emptyInput;

	const facts = (): Facts => ({
		now: Date.now(),
		busy: props().busy,
		queued: props().queued.length,
		width: textWidth(props().columns),
		history: memory.history(),
		names: { files: memory.files(), commands: typeable(commands, props().program) },
	});
	const read = (): Submission | undefined => {
		const reading = readSubmission(input.draft.cells, input.shell, commands);
		return reading.kind === 'message' ? reading : undefined;
	};
	const hands: Hands = {
		props,
		memory,
		put(text) {
			if (text !== undefined) input = load(input, text);
			redraw();
		},
		text: () => textOf(input.draft.cells),
		async handOver(work) {
			try {
				await suspendTerminal(work);
			} catch (error) {
				if (!(error instanceof Refusal)) throw error;
				props().onNote(error.message);
			}
			redraw();
		},
	};
	return {
		input: () => input,
		facts,
		put: hands.put,
		act(action) {
			const wanted = wantsFiles(input.draft);
			const { cells } = input.draft;
			const pressed = press(input, action, facts());
			input = pressed.input;
			if (input.draft.cells !== cells) props().onDraft(read);
			if (!wanted && wantsFiles(input.draft)) memory.listFiles();
			for (const effect of pressed.effects) carryOut(effect, hands);
			redraw();
		},
	};
}

/** What an effect is carried out with. `put` replaces the draft, `handOver` gives the terminal away while `work` goes on. */
type Hands = {
	props(): ComposerProps;
	memory: Memory;
	put(text: string | undefined): void;
	text(): string;
	handOver(work: () => Promise<void>): Promise<void>;
};

function carryOut(effect: Effect, { props, memory, put, text, handOver }: Hands) {
	switch (effect.type) {
		case 'submit':
			memory.remember(effect.remember);
			return props().onSubmit(effect.submission);
		case 'remember':
			return memory.remember(effect.entry);
		case 'note':
			return props().onNote(effect.text);
		case 'take-back':
			return put(props().onTakeBackQueue());
		case 'stop':
			return props().onStop();
		case 'quit':
			return props().onQuit();
		case 'cycle-mode':
			return props().onCycleMode();
		case 'detail':
			return props().onToggleDetail();
		case 'redraw':
			return props().onRedraw();
		case 'rewind':
			return props().onRewind();
		case 'suspend':
			return void handOver(suspend);
		case 'editor':
			return void handOver(async () => put(await editText(text())));
		default:
			return effect satisfies never;
	}
}
