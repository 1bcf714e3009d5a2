import { type Complaint, notFormatted } from '../checks/complaints/complaints.js';
import { say } from '../prompts.js';
import type { Change } from '../workspace/workspace.js';
import type { Done, Workbench } from './tool.js';

/** What the model is told of, at the most. */
const most = 5;

/**
 * Makes a change and reports it: `text` for the model, with what the project's linters and type checkers have complained
 * about since; the difference for the person, with one line about all that is new.
 */
export async function made(path: string, { change, text, sound }: Making, bench: Workbench): Promise<Done> {
	const { done, fresh } =
		bench.checks && sound ? await bench.checks.around(path, change, bench.signal) : { done: await change(), fresh: [] };
	const note = [done.note, inOneLine(fresh)].filter(Boolean).join(' ');
	return {
		ok: true,
		text: [text, forModel(fresh, bench)].filter(Boolean).join('\n'),
		show: { kind: 'diff', path: done.path, before: done.before, after: done.after },
		...(note !== '' && { note }),
	};
}

/** `sound`: whether the file parses after it; what does not is not worth asking anybody about. */
type Making = { change(): Promise<Change>; text: string; sound: boolean };

/** How a file is laid out is no matter for the model: the project's formatter does that better. */
function forModel(fresh: readonly Complaint[], { outputTokens }: Workbench): string {
	const told = fresh.filter(({ message }) => message !== notFormatted);
	if (told.length === 0) return '';
	const lines = told.slice(0, most).map(each => placed(each).slice(0, Math.max(80, outputTokens)));
	const checkers = [...new Set(told.map(({ checker }) => checker))].join(', ');
	return say('tools/checks#new', { checkers, count: told.length, lines: lines.join('\n') });
}

function inOneLine(fresh: readonly Complaint[]): string {
	const [first] = fresh;
	if (!first) return '';
	const more = fresh.length > 1 ? ` (and ${fresh.length - 1} more)` : '';
	return `New since this change, ${first.checker}: ${placed(first)}${more}`;
}

const placed = ({ path, line, message }: Complaint): string => `${path}${line === undefined ? '' : `:${line}`}: ${message}`;
