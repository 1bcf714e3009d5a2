import { basename, join } from 'node:path';
import { dialects } from '../../src/engine/dialects/all.js';
import type { Dialect } from '../../src/engine/dialects/dialect.js';
import type { Engine, Prompt, Reply } from '../../src/engine/engine.js';
import { type LocalOptions, localEngine } from '../../src/engine/local/local.js';
import { greedy } from '../../src/engine/sampling.js';
import { chooseModel } from '../../src/models/choose.js';
import { lookAtMachine } from '../../src/models/machine.js';
import { places } from '../../src/places.js';
import { say } from '../../src/prompts.js';
import { allTools } from '../../src/tools/all.js';
import { Refusal, type Tier } from '../../src/types.js';

/** The file that both sides run, and how this program runs it. `gpu` is the card that it would use. */
export type Weights = {
	path: string;
	name: string;
	sha256: string;
	tier: Tier;
	dialect: Dialect;
	threads: number;
	/** Tokens of context that the program plans for this machine. */
	planned: number;
	batchSize: number;
	useMmap: boolean;
	gpu: string | undefined;
};

const usual = 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf';
/** Context of the measures that do not go through the whole program. */
export const usualContext = 8192;

/** The model to measure with: this file, else the small one of the catalogue. Throws `Refusal` where it is not there. */
export async function weightsAt(path: string | undefined): Promise<Weights> {
	const machine = await lookAtMachine();
	const chosen = await chooseModel(path ?? join(places.models(), usual), machine);
	if ('missing' in chosen) throw new Refusal('There is no model to measure with: qwill models pull qwen2.5-coder-0.5b', 41);
	const { plan, sha256, tier } = chosen;
	const { threads, batchSize, useMmap, contextSize: planned } = plan;
	const name = basename(chosen.path, '.gguf');
	const dialect = dialects[chosen.dialect];
	return { path: chosen.path, name, sha256, tier, dialect, threads, planned, batchSize, useMmap, gpu: machine.gpu?.name };
}

/** The engine alone, loaded, on the processor; nothing on disk unless `more` says so. To be closed. */
export async function engineOn(weights: Weights, more: Partial<LocalOptions> = {}): Promise<Engine> {
	const { path: modelPath, name, tier, dialect, threads, batchSize, useMmap } = weights;
	const engine = localEngine({
		modelPath,
		name,
		tier,
		dialect,
		threads,
		batchSize,
		useMmap,
		contextSize: usualContext,
		gpu: false,
		...more,
	});
	for (const loading = engine.warm(undefined, never()); ; ) {
		const step = await loading.next();
		if (!step.done) continue;
		if (step.value && 'detail' in step.value) throw new Refusal(step.value.detail, 41);
		return engine;
	}
}

export const never = () => new AbortController().signal;

/** What the program puts before the person's words. The smallest models are offered no tools for a plain question. */
export const fixedPrompt = (tier: Tier): Pick<Prompt, 'system' | 'tools'> => ({
	system: say(`system/${tier}`),
	tools: tier === 'T0' ? [] : allTools.map(tool => tool.spec(say(`tools/${tool.name}`))),
});

/** A greedy question in the program's own prompt. */
export const question = (weights: Weights, text: string, more: Partial<Prompt> = {}): Prompt => ({
	...fixedPrompt(weights.tier),
	messages: [{ role: 'user', text }],
	sampling: greedy,
	...more,
});

/** A whole reply, its wall time, and the time until its first piece of text if any came. Throws `Refusal` when the engine failed. */
export async function answer(engine: Engine, prompt: Prompt): Promise<{ reply: Reply; firstMs: number | undefined; ms: number }> {
	const started = performance.now();
	let firstMs: number | undefined;
	for (const running = engine.reply(prompt, never()); ; ) {
		const step = await running.next();
		const ms = performance.now() - started;
		if (!step.done) {
			if (step.value.type === 'text') firstMs ??= ms;
			continue;
		}
		const { failure } = step.value;
		if (failure) throw new Refusal(`The engine failed: ${JSON.stringify(failure)}`);
		return { reply: step.value, firstMs, ms };
	}
}

/** The same for those who wait for the first piece. Throws `Refusal` when none came. */
export async function firstToken(engine: Engine, prompt: Prompt): Promise<{ reply: Reply; firstMs: number }> {
	const { reply, firstMs } = await answer(engine, prompt);
	if (firstMs === undefined) throw new Refusal('The model wrote nothing.');
	return { reply, firstMs };
}
