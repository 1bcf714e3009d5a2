import type { Ending } from '../types.js';

/** How a task ended, for the person: one sentence, and where there is something to do, the next step. */
export function endingSentence(ending: Ending): string {
	switch (ending.reason) {
		case 'answered':
			return 'Done.';
		case 'interrupted':
			return 'Stopped. What was written is kept; say how to go on.';
		case 'denied':
			return `Stopped, because ${ending.tool} was not allowed. Say what to do instead.`;
		case 'turn-limit':
			return `Stopped after ${count(ending.limit, 'turn')}, the most allowed for one task. Say "go on" for more.`;
		case 'call-limit':
			return `Stopped after ${count(ending.limit, 'tool call')}, the most allowed for one task. Say "go on" for more.`;
		case 'time-limit':
			return `Stopped after ${count(ending.seconds, 'second')}, the most allowed for one task. Say "go on" for more.`;
		case 'context-full':
			return `This needs ${number(ending.needed)} tokens, and the model has room for ${number(ending.available)}. Shorten the conversation with /compact, or begin a new one with /clear.`;
		case 'stuck':
			return `Stopped, because there was no more progress: ${tail(ending.detail)} Say it in another way, or give a smaller task.`;
		case 'checks-failed':
			return `Not done: the checks still fail. ${tail(ending.detail)} /undo takes the changes back.`;
		case 'engine-lost':
			return `The model stopped working. ${tail(ending.detail)} Ask again to start it anew; /doctor looks for the cause.`;
		case 'no-model':
			return `No model can be used. ${tail(ending.detail)}`;
		default:
			return ending satisfies never;
	}
}

const number = (value: number) => value.toLocaleString('en-US');
const count = (value: number, noun: string) => `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
/** A detail comes with or without its full stop. */
const tail = (detail: string) => (detail === '' || /[.!?]$/.test(detail) ? detail : `${detail}.`);
