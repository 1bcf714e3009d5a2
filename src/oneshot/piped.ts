import type { Engine } from '../engine/engine.js';
import { say } from '../prompts.js';

/** What was piped in, in the form that goes before the question. `lines` were left out of its middle, 0 when it fits. */
export type Piped = { material: string; lines: number };

/** The share of the context that piped text may take: the question, the tools and the reply need the rest. */
const share = 0.5;

/** Whether a text of this length may be too long, so that `cutPiped` has to measure, which needs the model. */
export const mayBeTooLong = (text: string, contextSize: number): boolean => text.length > contextSize * share;

/** Cuts whole lines out of the middle until the text fits its share of the engine's context, measured exactly. */
export async function cutPiped(text: string, engine: Pick<Engine, 'measure' | 'model'>): Promise<Piped> {
	const most = engine.model.contextSize * share;
	if (!mayBeTooLong(text, engine.model.contextSize)) return whole(text);
	// No tokenizer makes fewer than one token of this many characters of text worth reading; longer ones are not measured.
	let keep = Math.min(text.length, engine.model.contextSize * 12);
	let piped = cut(text, keep);
	for (let round = 0; round < 8; round++) {
		const tokens = await engine.measure({ system: '', messages: [{ role: 'user', text: piped.material }], tools: [] });
		if (tokens <= most) return piped;
		keep = Math.floor(keep * Math.min(0.95, (most / tokens) * 0.97));
		piped = cut(text, keep);
	}
	return piped;
}

const whole = (text: string): Piped => ({ material: say('jobs/piped', { text: text.replace(/\n+$/, '') }), lines: 0 });

/** About `keep` characters of the text: two thirds from its beginning, the rest from its end. */
function cut(text: string, keep: number): Piped {
	if (keep >= text.length) return whole(text);
	const head = text.slice(0, lineEnd(text, Math.floor((keep * 2) / 3)));
	const tail = text.slice(lineEnd(text, text.length - Math.floor(keep / 3)));
	const lines = text.slice(head.length, text.length - tail.length).split('\n').length - 1 || 1;
	const shown = `${head.replace(/\n+$/, '')}\n${say('jobs/piped#cut', { lines })}\n${tail.replace(/\n+$/, '')}`;
	return { material: say('jobs/piped', { text: shown }), lines };
}

/** Just after the last newline before `at`; `at` itself in the middle of a very long line. */
function lineEnd(text: string, at: number): number {
	const end = text.lastIndexOf('\n', at) + 1;
	return end > 0 && at - end < 2000 ? end : at;
}
