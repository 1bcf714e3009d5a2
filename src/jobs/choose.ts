import type { Agent } from '../agent/loop.js';
import { say } from '../prompts.js';
import type { Message } from '../types.js';

/** What a message asks for, as the model sees it, and how probable it finds that among the choices. */
export type Choice = { kind: 'fix' | 'change' | 'talk'; probability: number };

/** The words of `prompts/jobs/route.md`. */
const words: readonly (readonly [word: string, kind: Choice['kind']])[] = [
	['explain', 'talk'],
	['repair', 'fix'],
	['write', 'change'],
];
/** Characters of the message that are shown: what is wanted stands at its beginning. */
const most = 300;

/**
 * Lets the model choose between the words of `prompts/jobs/route.md`, and no others. Undefined where the engine cannot tell how
 * likely a word is, and on `signal`.
 */
export async function choose(message: string, { engine }: Pick<Agent, 'engine'>, signal: AbortSignal): Promise<Choice | undefined> {
	const asked = { role: 'user', text: message.trim().slice(0, most) } as const;
	const prompt = { system: say('jobs/route'), messages: [...examples(), asked], tools: [], aside: true };
	const chances: Choice[] = [];
	for (const [word, kind] of words) {
		const scores = await engine.score(prompt, word, signal, 'the likeliest');
		if (!scores || scores.length === 0) return undefined;
		chances.push({ kind, probability: Math.exp(scores.reduce((sum, { logprob }) => sum + logprob, 0)) });
	}
	const all = chances.reduce((sum, { probability }) => sum + probability, 0);
	const [best] = chances.sort((a, b) => b.probability - a.probability);
	return best && all > 0 ? { ...best, probability: best.probability / all } : undefined;
}

/** Questions and the word for each, as a conversation that went before. */
function examples(): Message[] {
	return say('jobs/route#examples')
		.split('\n')
		.flatMap(line => {
			const [word = ''] = line.split(' ', 1);
			const reply = { role: 'assistant', text: word, calls: [], stop: 'end', raw: word } as const;
			return [{ role: 'user', text: line.slice(word.length + 1) } as const, { ...reply, calls: [] }];
		});
}
