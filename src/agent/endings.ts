import type { AgentEvent, Ending } from '../types.js';

/** Where the person reads the sentence: what can be done next differs. */
export type Place = 'chat' | 'script';

/** How a task ended that these are all the events of, with what it has left behind. */
export function withTraces(ending: Ending, events: readonly AgentEvent[]): Ending {
	const changed = events.some(event => event.type === 'result' && event.outcome.ok && event.outcome.show?.kind === 'diff');
	const said = events.some(event => event.type === 'replied' && event.message.text.trim() !== '');
	if (ending.reason === 'interrupted' && (changed || said)) return { ...ending, kept: true };
	return ending.reason === 'checks-failed' && changed ? { ...ending, changed } : ending;
}

/** How a task ended, for the person: one sentence, and where there is something to do, the next step that this place has. */
export const endingSentence = (ending: Ending, place: Place): string => [whatHappened(ending), nextStep(ending)[place]].join(' ').trim();

function whatHappened(ending: Ending): string {
	switch (ending.reason) {
		case 'answered':
			return 'Done.';
		case 'remarked':
			return `Done: ${count(ending.verified, 'verified remark')}.`;
		case 'interrupted':
			return ending.kept ? 'Stopped. What was written is kept.' : 'Stopped.';
		case 'denied':
			return `Stopped, because ${ending.tool} was not allowed.`;
		case 'turn-limit':
			return `Stopped after ${count(ending.limit, 'turn')}, the most allowed for one task.`;
		case 'call-limit':
			return `Stopped after ${count(ending.limit, 'tool call')}, the most allowed for one task.`;
		case 'time-limit':
			return `Stopped after ${count(ending.seconds, 'second')}, the most allowed for one task.`;
		case 'context-full':
			return `This needs ${number(ending.needed)} tokens, and the model has room for ${number(ending.available)}.`;
		case 'stuck':
			return `Stopped, because there was no more progress: ${whole(ending.detail)}`;
		case 'checks-failed':
			return `${ending.changed ? 'Not done: the checks still fail.' : 'Not done.'} ${whole(ending.detail)}`;
		case 'engine-lost':
			return `The model stopped working. ${whole(ending.detail)}`;
		case 'no-model':
			return `No model can be used. ${whole(ending.detail)}`;
		default:
			return ending satisfies never;
	}
}

const more = 'Say "go on" for more.';
const smaller = 'Give a smaller task, or put it in other words.';
const nothing = { chat: '', script: '' };

function nextStep(ending: Ending): Record<Place, string> {
	switch (ending.reason) {
		case 'answered':
		case 'remarked':
		case 'no-model':
			return nothing;
		case 'interrupted':
			return { chat: 'Say how to go on.', script: 'qwill -c goes on with it.' };
		case 'denied':
			return { chat: 'Say what to do instead.', script: 'See --allowed-tools and --approval-mode.' };
		case 'turn-limit':
			return { chat: more, script: '--max-turns allows more.' };
		case 'call-limit':
			return { chat: more, script: '--max-tool-calls allows more.' };
		case 'time-limit':
			return { chat: more, script: '--max-wall-time allows more.' };
		case 'context-full':
			return {
				chat: 'Shorten the conversation with /compact, or begin a new one with /clear.',
				script: 'Give it less to read, or begin anew without -c.',
			};
		case 'stuck':
			return { chat: smaller, script: smaller };
		case 'checks-failed':
			return ending.changed ? { chat: '/undo takes the changes back.', script: 'qwill undo takes the changes back.' } : nothing;
		case 'engine-lost':
			return { chat: 'Ask again to start it anew; /doctor looks for the cause.', script: 'Try again; qwill doctor looks for the cause.' };
		default:
			return ending satisfies never;
	}
}

const number = (value: number) => value.toLocaleString('en-US');
const count = (value: number, noun: string) => `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
/** A detail comes with or without its full stop. */
const whole = (detail: string) => (detail === '' || /[.!?]$/.test(detail) ? detail : `${detail}.`);
