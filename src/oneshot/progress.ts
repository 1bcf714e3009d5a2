import { display, displayStream, exactLine } from '../sanitise.js';
import type { AgentEvent } from '../types.js';

/** Below this many tokens to read, reading is not worth a line. */
const worthSaying = 1000;

/**
 * What stderr says of each event: plain lines, safe for a terminal, few enough for a log. `verbose` adds what commands print
 * and what the program tells the model. What is wrong in an answer comes at the end: on a terminal the answer is there only then.
 */
export function createProgress(verbose: boolean): (event: AgentEvent) => string {
	const waiting = createWaiting();
	const wrong: string[] = [];
	let output = displayStream();
	return event => {
		switch (event.type) {
			case 'loading':
				return waiting.loading(event);
			case 'reading':
				return waiting.reading(event);
			case 'turn':
				waiting.restart();
				return '';
			case 'call':
				return `${exactLine(event.title)}\n`;
			case 'output':
				return verbose ? output.push(event.text) : '';
			case 'candidate':
				return tried(event, verbose);
			case 'told':
				return verbose ? `${display(event.text)}\n` : '';
			case 'note':
				return `${display(event.text)}\n`;
			case 'compacted':
				return `The conversation was shortened from ${number(event.before)} to ${number(event.after)} tokens.\n`;
			case 'asked':
			case 'instructed':
			case 'writer':
			case 'text':
			case 'writing-call':
			case 'replied':
			case 'remark':
				return '';
			case 'result': {
				const rest = output.end();
				output = displayStream();
				return rest;
			}
			case 'claim':
				if (!event.ok) wrong.push(`\`${exactLine(event.text)}\`: ${exactLine(event.truth ?? '')}\n`);
				return '';
			case 'done':
				return wrong.splice(0).join('');
			default:
				throw event satisfies never;
		}
	};
}

/** What is said while somebody waits for the model: once in every quarter of the way. */
function createWaiting() {
	let quarter = 0;
	let work: string | undefined;
	const passes = (fraction: number): boolean => {
		const now = Math.floor(fraction * 4);
		const said = now > quarter && now < 4;
		quarter = now >= 4 ? 0 : Math.max(quarter, now);
		return said;
	};
	return {
		restart(): void {
			quarter = 0;
		},
		/** What the wait is for is said when it changes: to load a model is usual, to fetch one is not. */
		loading({ fraction, what }: AgentEvent & { type: 'loading' }): string {
			const turns = fraction === 0 && what !== undefined && work !== undefined && what !== work;
			if (fraction === 0) work = what;
			if (turns) quarter = 0;
			if (turns || (what && passes(fraction)))
				return `${exactLine(what).replace(/^[a-z]+(?= )/, word => word[0]!.toUpperCase() + word.slice(1))}\n`;
			return passes(fraction) ? `Loading the model: ${Math.floor(fraction * 4) * 25} %\n` : '';
		},
		reading({ done, total, reused }: AgentEvent & { type: 'reading' }): string {
			if (total - reused < worthSaying || !passes((done - reused) / (total - reused))) return '';
			return `Reading: ${number(done)} of ${number(total)} tokens\n`;
		},
	};
}

function tried({ state, what, why, number: nth }: AgentEvent & { type: 'candidate' }, verbose: boolean): string {
	if (state === 'verified') return `✓ ${exactLine(what)} (${exactLine(why ?? '')})\n`;
	if (state === 'rejected' && verbose) return `✗ ${exactLine(what)} (${exactLine(why ?? '')})\n`;
	return state === 'rejected' && nth % 50 === 0 ? `${number(nth)} changes tried\n` : '';
}

/**
 * What stderr says of a call that was refused because nobody could be asked: what it was, and the flag that would have
 * allowed it, when one would.
 */
export const denialLine = ({ title, flag }: { title: string; flag: string | undefined }): string =>
	`Not allowed: ${exactLine(title)}.${flag === undefined ? '' : ` With ${exactLine(flag)} it would be.`}`;

const number = (value: number): string => value.toLocaleString('en-US');
