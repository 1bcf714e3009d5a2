import { display, printableJson } from '../../sanitise.js';
import type { AgentEvent } from '../../types.js';

/** A conversation to be read by people: what was asked, said and done, as markdown that can be printed. */
export function markdownOf(events: readonly AgentEvent[], title: string): string {
	const parts = [`# ${title}`];
	const titles = new Map<string, string>();
	for (const event of events) {
		switch (event.type) {
			case 'asked':
				parts.push('## You', event.text);
				break;
			case 'replied':
				if (event.message.text.trim() !== '') parts.push('## qwill', event.message.text.trim());
				break;
			case 'call':
				titles.set(event.call.id, event.title);
				break;
			case 'result': {
				const { ok, refused, text } = event.outcome;
				const outcome = refused === 'denied' ? 'not allowed' : refused ? 'not run' : ok ? 'done' : 'failed';
				parts.push(`**${titles.get(event.callId) ?? event.callId}**: ${outcome}`, fenced(text));
				break;
			}
			case 'note':
				parts.push(`> ${event.text.replaceAll('\n', '\n> ')}`);
				break;
			case 'compacted':
				parts.push(`> Shortened from ${event.before} to ${event.after} tokens.`);
				break;
			default: // The rest is how it came about, or for the model only.
		}
	}
	return `${display(parts.join('\n\n'))}\n`;
}

/** A conversation for programs: the events in order, as JSON that can be printed. */
export const jsonOf = (events: readonly AgentEvent[]): string => `${printableJson(JSON.stringify(events, null, '\t'))}\n`;

/** The words of the last replies, newest first. */
export function repliesOf(events: readonly AgentEvent[]): string[] {
	return events
		.flatMap(event => (event.type === 'replied' && event.message.text.trim() !== '' ? [event.message.text.trim()] : []))
		.reverse();
}

function fenced(text: string): string {
	const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
	const fence = '`'.repeat(longest + 1);
	return `${fence}\n${text.replace(/\n$/, '')}\n${fence}`;
}
