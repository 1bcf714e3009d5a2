import type { Sampling } from './engine.js';

type Values = Omit<Sampling, 'seed'>;

/** What each family's publisher recommends on its model card; the first name that matches counts. */
const families: [name: RegExp, values: Values][] = [
	[/qwen-?3\.\d/i, { temperature: 0.6, topP: 0.95, topK: 20, minP: 0, repeatPenalty: 1 }],
	[/qwen-?3-coder-next/i, { temperature: 1, topP: 0.95, topK: 40, minP: 0, repeatPenalty: 1 }],
	[/qwen-?3-coder/i, { temperature: 0.7, topP: 0.8, topK: 20, minP: 0, repeatPenalty: 1.05 }],
	[/qwen-?3/i, { temperature: 0.7, topP: 0.8, topK: 20, minP: 0, repeatPenalty: 1 }],
	[/qwen/i, { temperature: 0.7, topP: 0.8, topK: 20, minP: 0, repeatPenalty: 1.05 }],
	[/mistral|codestral|devstral|nemo/i, { temperature: 0.3, topP: 1, topK: 40, minP: 0, repeatPenalty: 1 }],
];
const others: Values = { temperature: 0.6, topP: 0.9, topK: 40, minP: 0, repeatPenalty: 1 };

/** The sampling a model of this name was tuned for. `seed` decides the draw: the same seed gives the same reply. */
export function samplingFor(name: string, seed: number): Sampling {
	const values = families.find(([pattern]) => pattern.test(name))?.[1] ?? others;
	return { ...values, seed };
}

/** Always the likeliest token. */
export const greedy: Sampling = { temperature: 0, topP: 1, topK: 1, minP: 0, repeatPenalty: 1, seed: 0 };
