import type { Engine } from '../engine/engine.js';
import { samplingFor } from '../engine/sampling.js';
import { say } from '../prompts.js';
import { Refusal } from '../types.js';
import { usualContext } from './fit.js';

/** A commit message for a diff: subject of at most 72 characters, then at most one paragraph. Greedy, so it can be repeated. */
export async function commitMessage(diff: string, engine: Engine, signal: AbortSignal): Promise<string> {
	const most = (engine.model.contextSize || usualContext) * 2;
	const message = { role: 'user', text: `${diff.slice(0, most)}\n\n${say('jobs/commit')}` } as const;
	const sampling = { ...samplingFor(engine.model.name, 1), temperature: 0 };
	const running = engine.reply(
		{ system: say(`system/${engine.model.tier}`), messages: [message], tools: [], sampling, maxTokens: 120, aside: true },
		signal,
	);
	for (;;) {
		const step = await running.next();
		if (!step.done) continue;
		if (step.value.failure) throw new Refusal('The model could not write a commit message. Write one yourself: git commit -m "…"');
		return tidy(step.value.message.text);
	}
}

function tidy(text: string): string {
	const lines = text
		.replace(/^```\w*\n|\n?```\s*$/g, '')
		.trim()
		.split('\n');
	const subject = (lines[0] ?? '')
		.replace(/^["'`*]+|["'`*.]+$/g, '')
		.slice(0, 72)
		.trim();
	return [subject || 'Change files', ...lines.slice(1)].join('\n').trim();
}
