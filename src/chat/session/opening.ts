import type { Conversation } from '../../agent/conversation.js';
import { endingSentence } from '../../agent/endings.js';
import { atRest } from '../state.js';
import { readSoon } from './drafting.js';
import { arrived, firstPrinted, fold, guarded, reprint, type Stage } from './stage.js';

/** Loads the model and reads the fixed prompt ahead, while the person can already type. Never rejects. */
export async function warm(stage: Stage): Promise<void> {
	stage.warming?.abort();
	const stop = new AbortController();
	stage.warming = stop;
	await guarded(stage, async () => {
		const loading = stage.conversation.warm(stop.signal);
		for (;;) {
			const step = await loading.next();
			if (stop.signal.aborted || stage.over) return;
			if (!step.done) {
				arrived(stage, step.value);
				continue;
			}
			if (step.value && step.value.reason !== 'interrupted') arrived(stage, { type: 'note', text: endingSentence(step.value, 'chat') });
			break;
		}
		if (!stage.running) stage.chat = atRest(stage.chat);
		if (!stage.running) readSoon(stage);
		stage.pacer.soon();
	});
}

/** Tells what there is to know before the first message. Never rejects. */
export async function greet(stage: Stage): Promise<void> {
	await guarded(stage, async () => {
		for (const text of await stage.program.notices()) arrived(stage, { type: 'note', text });
	});
}

/** Reads the name of the branch for the status line. Never rejects. */
export async function lookAtBranch(stage: Stage): Promise<void> {
	await guarded(stage, async () => {
		stage.branch = await stage.conversation.workspace.git.branch();
		stage.pacer.soon();
	});
}

/** Goes on with another conversation, or with the same one on another engine: then what is on the screen stays. */
export function replaced(stage: Stage, other: Conversation): void {
	const same = other.id === stage.conversation.id;
	stage.conversation = other;
	if (!same) {
		drawAnew(stage);
		void greet(stage);
	}
	void warm(stage);
	void lookAtBranch(stage);
}

/** The same conversation, but shorter: what is on the screen and what the model has read follow it. */
export function wentBack(stage: Stage): void {
	drawAnew(stage);
	void warm(stage);
}

function drawAnew(stage: Stage): void {
	stage.chat = fold(stage.conversation);
	stage.material = [];
	reprint(stage, firstPrinted(stage.chat));
}
