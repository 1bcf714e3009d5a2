import type { Submission } from '../input/submission.js';
import { guarded, isBusy, type Stage } from './stage.js';

/** Milliseconds without a key after which a draft is worth reading: people pause longer than this to think. */
const stillMs = 300;

/**
 * The draft is another than before: what was read ahead stops at once, and when the draft stays as it is for a moment, it is
 * read. `draft` says what Enter would hand over.
 */
export function drafted(stage: Stage, draft: () => Submission | undefined): void {
	stage.draft = draft;
	readSoon(stage);
}

/** Reads the draft when it stays as it is for a moment: it has changed, or the model has come to rest. */
export function readSoon(stage: Stage): void {
	stopReading(stage);
	const stop = new AbortController();
	const timer = setTimeout(() => void read(stage, stop.signal), stillMs);
	stage.ahead = {
		stop() {
			clearTimeout(timer);
			stop.abort();
		},
	};
}

/** Ends reading ahead: what was read stays read. */
export function stopReading(stage: Stage): void {
	stage.ahead?.stop();
	stage.ahead = undefined;
}

async function read(stage: Stage, signal: AbortSignal): Promise<void> {
	const submission = stage.draft();
	if (submission?.kind !== 'message' || isBusy(stage) || stage.over) return;
	const { text, files } = submission;
	await guarded(stage, () => stage.conversation.readAhead({ text, files, material: stage.material.join('\n\n') }, signal));
}
