import type { Submission } from '../input/submission.js';
import { guarded, isBusy, type Stage } from './stage.js';

/** Milliseconds without a key after which a draft is worth reading: people pause longer than this to think. */
const stillMs = 300;

/**
 * The draft is another than before: what was read ahead stops at once, and when the draft stays as it is for a moment, it is
 * read. `draft` says what Enter would hand over.
 */
export function drafted(stage: Stage, draft: () => Submission | undefined): void {
	stopReading(stage);
	const stop = new AbortController();
	const timer = setTimeout(() => void read(stage, draft, stop.signal), stillMs);
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

async function read(stage: Stage, draft: () => Submission | undefined, signal: AbortSignal): Promise<void> {
	const submission = draft();
	if (submission?.kind !== 'message' || isBusy(stage) || stage.over) return;
	const { text, files } = submission;
	await guarded(stage, () => stage.conversation.readAhead({ text, files, material: stage.material.join('\n\n') }, signal));
}
