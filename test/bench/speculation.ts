import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fenceFor, language, showFile } from '../../src/agent/material.js';
import type { Engine, Prompt } from '../../src/engine/engine.js';
import { say } from '../../src/prompts.js';
import { Refusal } from '../../src/types.js';
import { type EditTask, editTasks, freshTasks } from './edit-tasks.js';
import { each, type Row, type Run } from './figures.js';
import type { Calm } from './machine.js';
import type { Bench } from './measures.js';
import { answer, engineOn, question, type Weights } from './model.js';

/** P10: guessing ahead where text is copied, on and off, on the same tasks with the same tokens. */

const root = join(import.meta.dirname, '..', '..');
const editMost = 1500;
const freshTokens = 128;
/** Tasks for each wanted pair: the usual five pairs make twenty tasks. */
const tasksForPair = 4;

/** As the job that changes one file asks: the answer is begun for the model and ends with the closing fence. */
function editPrompt(weights: Weights, { path, about, ask }: EditTask): Prompt {
	const text = readFileSync(join(root, path), 'utf8');
	if (!text.includes(about)) throw new Refusal(`"${about}" is not in ${path} any more: its task in edit-tasks.ts needs another.`);
	const fence = fenceFor(text);
	const words = [showFile(path, text), ask, say('jobs/change', { path })].join('\n\n');
	return question(weights, words, { begin: `${path}\n${fence}${language(path)}\n`, until: [`\n${fence}`], maxTokens: editMost });
}

type Written = { ms: number; output: number; raw: string; decodeRate: number };

async function written(engine: Engine, prompt: Prompt): Promise<Written> {
	const { ms, reply } = await answer(engine, prompt);
	const { output, writeMs } = reply.usage;
	if (output === 0) throw new Refusal('The model wrote nothing.');
	return { ms, output, raw: reply.message.raw, decodeRate: (output * 1000) / writeMs };
}

/** Every task once with guesses and once without, by turns with the one and the other first. */
async function compare(prompts: readonly Prompt[], engines: Record<'on' | 'off', Engine>, calm: Calm) {
	const runs: Run<Written>[] = [];
	let dropped = 0;
	for (const [index, prompt] of prompts.entries()) {
		const order = index % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const);
		const found: Partial<Record<'on' | 'off', Written>> = {};
		let quiet = true;
		for (const which of order) {
			const one = await calm(() => written(engines[which], prompt));
			found[which] = one.value;
			quiet &&= one.quiet;
		}
		if (quiet && found.on && found.off) runs.push({ ours: found.on, reference: found.off });
		else dropped++;
	}
	if (runs.length === 0) throw new Refusal('Other programs disturbed every run. End them and measure again.');
	return { runs, dropped };
}

export async function speculation({ weights, effort }: Bench): Promise<Row[]> {
	const engines = { on: await engineOn(weights), off: await engineOn(weights, { speculate: false }) };
	try {
		const edits = editTasks.slice(0, tasksForPair * effort.pairs).map(task => editPrompt(weights, task));
		const fresh = freshTasks.slice(0, effort.pairs).map(text => question(weights, text, { maxTokens: freshTokens }));
		const [edited, told] = [await compare(edits, engines, effort.calm), await compare(fresh, engines, effort.calm)];
		const row = { id: 'P10', against: 'the same without guesses' };
		// Tokens a second of the whole wall time, reading included: that more is better keeps the ratio the way it is spoken of.
		const rate = ({ output, ms }: Written) => (output * 1000) / ms;
		return [
			{
				...row,
				what: 'edits answered with the file',
				unit: 'tokens/s',
				runs: each(edited.runs, rate),
				dropped: edited.dropped,
				goal: { of: 'ratio', better: 'more', reach: 1.5, stretch: 2 },
				note: `${wall(edited.runs)}; reading included; ${same(edited.runs)}`,
			},
			{
				...row,
				what: 'the same, writing alone',
				unit: 'tokens/s',
				runs: each(edited.runs, one => one.decodeRate),
				dropped: edited.dropped,
			},
			{
				...row,
				what: 'fresh text',
				unit: 'tokens/s',
				runs: each(told.runs, rate),
				dropped: told.dropped,
				goal: { of: 'ratio', better: 'more', reach: 0.98 },
				note: `${freshTokens} tokens each; ${same(told.runs)}`,
			},
		];
	} finally {
		await engines.on.close();
		await engines.off.close();
	}
}

function wall(runs: readonly Run<Written>[]): string {
	const seconds = (pick: (run: Run<Written>) => Written | undefined) => runs.reduce((sum, run) => sum + (pick(run)?.ms ?? 0) / 1000, 0);
	const [on, off] = [seconds(run => run.ours), seconds(run => run.reference)];
	return `${runs.length} tasks in ${on.toFixed(0)} s with and ${off.toFixed(0)} s without, ${(off / on).toFixed(2)}×`;
}

/** A guess must never change what is written. */
function same(runs: readonly Run<Written>[]): string {
	const equal = runs.filter(run => run.ours.raw === run.reference?.raw);
	const tokens = (list: readonly Run<Written>[]) => list.reduce((sum, run) => sum + run.ours.output, 0);
	return `identical in ${equal.length} of ${runs.length} tasks (${tokens(equal)} of ${tokens(runs)} tokens)`;
}
