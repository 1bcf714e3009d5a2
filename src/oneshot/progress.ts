import { display, exactLine } from '../sanitise.js';
import type { AgentEvent, Call } from '../types.js';
import { wasDenied } from './result.js';

/** Below this many tokens to read, reading is not worth a line. */
const worthSaying = 1000;

/**
 * What stderr says of each event: plain lines, safe for a terminal, few enough for a log. `verbose` adds what commands print
 * and what the program tells the model.
 */
export function createProgress(verbose: boolean): (event: AgentEvent) => string {
	const calls = new Map<string, { call: Call; title: string }>();
	let quarter = 0;
	/** True once in every quarter of the way. */
	const passes = (fraction: number): boolean => {
		const now = Math.floor(fraction * 4);
		const said = now > quarter && now < 4;
		quarter = now >= 4 ? 0 : Math.max(quarter, now);
		return said;
	};
	return event => {
		switch (event.type) {
			case 'loading':
				return passes(event.fraction) ? `Loading the model: ${Math.floor(event.fraction * 100)} %\n` : '';
			case 'reading': {
				const { done, total, reused } = event;
				if (total - reused < worthSaying || !passes((done - reused) / (total - reused))) return '';
				return `Reading: ${number(done)} of ${number(total)} tokens\n`;
			}
			case 'turn':
				quarter = 0;
				return '';
			case 'call':
				calls.set(event.call.id, event);
				return `${exactLine(event.title)}\n`;
			case 'output':
				return verbose ? display(event.text) : '';
			case 'result': {
				const asked = calls.get(event.callId);
				return asked && wasDenied(event)
					? `Not allowed: ${exactLine(asked.title)}. Nobody can be asked here; ${allowing(asked.call)} would allow it.\n`
					: '';
			}
			case 'told':
				return verbose ? `${display(event.text)}\n` : '';
			case 'note':
				return `${display(event.text)}\n`;
			case 'compacted':
				return `The conversation was shortened from ${number(event.before)} to ${number(event.after)} tokens.\n`;
			case 'asked':
			case 'text':
			case 'writing-call':
			case 'replied':
			case 'done':
				return '';
			default:
				throw event satisfies never;
		}
	};
}

/** The flag with which this call would have been allowed in a one-shot. */
function allowing({ tool, args }: Call): string {
	if (tool === 'edit' || tool === 'write_file') return '--approval-mode auto-edit';
	const command = typeof args === 'object' && args !== null && 'command' in args ? args.command : undefined;
	const rule = typeof command === 'string' ? `Bash(${command})` : tool;
	return `--allowed-tools ${exactLine(`'${rule.replaceAll("'", "'\\''")}'`)}`;
}

const number = (value: number): string => value.toLocaleString('en-US');
