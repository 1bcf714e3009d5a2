import type { Submission } from '../input/submission.js';

/** A submission as it was typed, to be edited again. */
export function typedOf(submission: Submission): string {
	switch (submission.kind) {
		case 'message':
			return submission.text;
		case 'command':
			return `/${submission.name}${submission.args ? ` ${submission.args}` : ''}`;
		case 'shell':
			return `!${submission.command}`;
		default:
			return submission satisfies never;
	}
}

/** The same with long pastes folded. */
export const shownOf = (submission: Submission): string => (submission.kind === 'message' ? submission.shown : typedOf(submission));
