import { Refusal } from '../../types.js';
import type { Hole } from '../engine.js';
import { textAt } from './json.js';
import { samplingFields } from './order.js';
import type { Server } from './server.js';
import { jsonOf, tryOnce } from './tries.js';

/** The tokens that mark a hole (Qwen2.5-Coder, arXiv 2409.12186, section 3.2.2), and those at which writing ends. */
const mark = { prefix: '<|fim_prefix|>', suffix: '<|fim_suffix|>', middle: '<|fim_middle|>' };
const ends = ['<|endoftext|>', '<|fim_pad|>', '<|file_sep|>', ...Object.values(mark)];

/**
 * The text for a hole: by llama-server's own way, else by the marks where the model's name says that it knows them. Undefined
 * when neither is there, and on `signal`. Throws `Refusal` when the server fails.
 */
export async function filled(server: Server, model: string, hole: Hole, signal: AbortSignal): Promise<string | undefined> {
	const question = questionFor(server, model, hole);
	if (!question || signal.aborted) return undefined;
	const answer = await jsonOf(server, await tryOnce(server, { ...question, signal }));
	if (signal.aborted) return undefined;
	if ('trouble' in answer) {
		// llama-server answers 501 for a model without the tokens; a server without the door 404 or 405.
		if ([404, 405, 501].includes(answer.trouble.status ?? 0)) return undefined;
		throw new Refusal(answer.trouble.sentence);
	}
	const text = textAt(answer.json, 'content') ?? textAt(answer.json, 'choices', 0, 'text');
	return text === undefined ? undefined : upTo(text, [...(hole.until ?? []), ...ends]);
}

function questionFor({ kind, address }: Server, model: string, hole: Hole): { path: string; body: object } | undefined {
	const { head = '', after, until = [], maxTokens, sampling } = hole;
	const before = head + hole.before;
	const common = { model, stream: false, ...samplingFields(sampling, kind) };
	if (kind === 'llama.cpp') {
		const body = { ...common, input_prefix: before, input_suffix: after, input_extra: [], n_predict: maxTokens, stop: [...until] };
		return { path: `${address.root}/infill`, body };
	}
	// Marks inside the text itself would be taken for the hole's own.
	if (!/qwen.*coder/i.test(model) || ends.some(end => before.includes(end) || after.includes(end))) return undefined;
	const prompt = `${mark.prefix}${before}${mark.suffix}${after}${mark.middle}`;
	const stop = [...until, ...ends].slice(0, 4);
	return { path: `${address.base}/completions`, body: { ...common, prompt, max_tokens: maxTokens, stop } };
}

function upTo(text: string, stops: readonly string[]): string {
	const found = stops.map(stop => text.indexOf(stop)).filter(at => at >= 0);
	return text.slice(0, Math.min(text.length, ...found));
}
