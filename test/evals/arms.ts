import { dialects } from '../../src/engine/dialects/all.js';
import type { Engine } from '../../src/engine/engine.js';
import { localEngine } from '../../src/engine/local/local.js';
import { greedy } from '../../src/engine/sampling.js';
import { type ChosenModel, chooseModel } from '../../src/models/choose.js';
import { lookAtMachine } from '../../src/models/machine.js';
import { Refusal } from '../../src/types.js';
import { firstFence } from './extract.js';
import type { Verdict } from './judge.js';
import { type Attempt, openProgram, type Running } from './program.js';
import { startLlamaServer } from './reference.js';
import { replied } from './suites/asked.js';
import type { Answer, Item } from './suites/suite.js';

export const armNames = ['qwill', 'bare', 'llama-server'] as const;
export type ArmName = (typeof armNames)[number];

/** An arm's try at an item, judged. Undefined where the item has nothing to ask it. */
export type Arm = { try(item: Item): Promise<(Omit<Attempt<unknown>, 'made' | 'said'> & Verdict) | undefined>; close(): Promise<void> };

/** The words that the family's own template puts at the head where nobody does. */
const usualSystem = 'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.';
/** Tokens of a plain answer at the most. */
const longest = 1500;
const contextSize = 8192;

/** Opens an arm; a model that is kept is loaded first, so that no item pays for it. Throws `Refusal` where this machine lacks it. */
export async function openArm(name: ArmName, running: Running): Promise<Arm> {
	const model = await modelFor(running.model);
	const asking = { ...running, model: model.path };
	if (name === 'qwill') return programArm(asking, localOn(model));
	if (name === 'bare') return engineArm(await loaded(localOn(model)), 'plain', asking);
	const server = process.env.QWILL_LLAMA_SERVER;
	if (!server) throw new Refusal('The arm llama-server needs QWILL_LLAMA_SERVER, the path of that program.');
	const { engine, close } = await startLlamaServer(server, model.path, model.plan.threads);
	return { ...engineArm(engine, 'served', asking), close };
}

/** The model of this id or path. Throws `Refusal` when it is not here. */
export async function modelFor(wanted: string): Promise<ChosenModel> {
	const chosen = await chooseModel(wanted, await lookAtMachine());
	if ('missing' in chosen) throw new Refusal(`${chosen.missing.name} is not on this machine: qwill models pull ${chosen.missing.id}`);
	return chosen;
}

/** The dialect tells of tools where there are any, which is only in the suites for calls. */
const localOn = ({ path, name, tier, plan }: ChosenModel): Engine =>
	localEngine({
		modelPath: path,
		name,
		tier,
		dialect: dialects.hermes,
		contextSize,
		threads: plan.threads,
		batchSize: plan.batchSize,
		useMmap: plan.useMmap,
		gpu: false,
	});

async function loaded(engine: Engine): Promise<Engine> {
	const warming = engine.warm(undefined, new AbortController().signal);
	while (!(await warming.next()).done);
	return engine;
}

function programArm(running: Running, engine: Engine): Arm {
	const program = openProgram(running);
	return {
		async try(item) {
			if (item.kind === 'engine') return engineTry(item, () => item.ours(engine));
			const { made, said, ...attempt } = await program.attempt(item);
			return judgedAs(attempt, await item.judge(made, said));
		},
		async close() {
			program.close();
			await engine.close();
		},
	};
}

function engineArm(engine: Engine, way: 'plain' | 'served', { seconds }: Running): Arm {
	return {
		async try(item) {
			if (item.kind === 'engine') return engineTry(item, () => item[way](engine));
			if (!item.plain) return undefined;
			const started = performance.now();
			const messages = [{ role: 'user', text: item.plain.question }] as const;
			const prompt = { system: usualSystem, messages, tools: [], sampling: greedy, maxTokens: longest, aside: true };
			const { message, usage } = await replied(engine, prompt, seconds);
			const attempt = { seconds: since(started), read: usage.prompt, written: usage.output, why: message.stop };
			const made = { ...item.files, ...item.changed, ...item.plain.place(firstFence(message.text), message.text) };
			return judgedAs(attempt, await item.judge(made, { text: message.text }));
		},
		close: () => engine.close(),
	};
}

async function engineTry(item: Item & { kind: 'engine' }, ask: () => Promise<Answer>): ReturnType<Arm['try']> {
	const started = performance.now();
	const { text, read, written } = await ask();
	return judgedAs({ seconds: since(started), read, written, why: '' }, await item.judge(text));
}

const since = (started: number): number => (performance.now() - started) / 1000;

/** What the judge says stands first. */
const judgedAs = <A extends { why: string }>(attempt: A, verdict: Verdict): A & Verdict => ({
	...attempt,
	...verdict,
	why: [verdict.why, attempt.why].filter(part => part !== '').join(' | '),
});
