import type { TokenScore } from '../../engine/engine.js';
import type { AgentEvent } from '../../types.js';
import type { Command } from './command.js';

/** A token is a hesitation when the model gave it less than this. */
const sure = Math.log(0.6);
const mostShown = 12;
const around = 28;

export const why: Command = {
	name: 'why',
	aliases: [],
	purpose: 'where the model hesitated in its last reply, and what it had read',
	async run(_args, host) {
		const { conversation } = host.program;
		host.run(async function* (signal): AsyncGenerator<AgentEvent, void> {
			const scores = await conversation.scores(signal);
			if (signal.aborted) return;
			if (!scores?.length) return yield { type: 'note', text: 'There is no reply of this model here to look at. Ask something first.' };
			host.show({ kind: 'text', text: whyText(scores, conversation.events) }, 'How sure the model was of its last reply');
		});
	},
};

/** The share of sure tokens, the least sure ones in the order of the text with what else was likely, and what had been read. */
export function whyText(scores: readonly TokenScore[], events: readonly AgentEvent[]): string {
	const unsure = scores.map((score, index) => ({ ...score, index })).filter(({ logprob }) => logprob < sure);
	const share = Math.round(((scores.length - unsure.length) / scores.length) * 100);
	const shown = [...unsure].sort((a, b) => a.logprob - b.logprob).slice(0, mostShown);
	const lines = shown
		.sort((a, b) => a.index - b.index)
		.map(({ text, logprob, instead, index }) => {
			const before = scores
				.slice(0, index)
				.map(score => score.text)
				.join('')
				.slice(-around);
			const others = instead.map(other => `${quoted(other.text)} ${percent(other.logprob)}`).join(', ');
			return `${percent(logprob).padStart(5)}  …${oneLine(before)}[${oneLine(text)}]  else ${others}`;
		});
	const rest = unsure.length > shown.length ? [`and ${unsure.length - shown.length} more`] : [];
	return [
		`${share} % of ${scores.length} tokens were sure (60 % or more).${lines.length > 0 ? ' The model hesitated here:' : ''}`,
		...lines,
		...rest,
		...readBefore(events),
	].join('\n');
}

/** The files and results that the last task was answered with. */
function readBefore(events: readonly AgentEvent[]): string[] {
	const asked = events.findLastIndex(event => event.type === 'asked');
	const since = asked < 0 ? [] : events.slice(asked);
	const material =
		since[0]?.type === 'asked' ? [...since[0].material.matchAll(/^(\S.*)\n(`{3,})[\s\S]*?\n\2$/gm)].map(([, path]) => path) : [];
	const calls = since.flatMap(event => (event.type === 'call' ? [event.title] : []));
	const read = [...material, ...calls];
	return read.length > 0 ? ['', `It had read: ${read.join(', ')}`] : [];
}

const percent = (logprob: number): string => {
	const value = Math.exp(logprob) * 100;
	return value > 0 && value < 1 ? '<1 %' : `${Math.round(value)} %`;
};
const oneLine = (text: string): string => text.replaceAll('\n', '⏎');
const quoted = (text: string): string => `[${oneLine(text)}]`;
