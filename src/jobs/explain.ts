import { pursue, tell, type Work } from '../agent/loop.js';
import { showFile } from '../agent/material.js';
import { outermost } from '../checks/syntax/definitions.js';
import { calledIn, callersOf } from '../checks/syntax/graph.js';
import { say } from '../prompts.js';
import { clip } from '../tools/clip.js';
import type { AgentEvent, Ending } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';
import { onePlace, type Spot, spotOf } from './place.js';
import { speak } from './speak.js';

/** Callers, and things called, that are named; tokens of the text that the model reads. */
const mostNamed = 6;
const readMost = 2_000;

/** Says what a file, a place in it or a definition does: who calls it and what it calls by program, what it is for by the model. */
export async function* explain(words: readonly string[], work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	const spot = await spotOf(onePlace(words, { job: 'explain', forms: ['FILE', 'FILE:LINE', 'FILE:NAME'] }), work.agent.workspace);
	const facts = await factsOf(spot, work.agent.workspace);
	const lines = spot.text.split('\n').slice(spot.from - 1, spot.to);
	const shown = showFile(spot.path, `${clip(lines.join('\n'), readMost, 'head')}\n`);
	const what = spot.definition?.name ?? spot.path;
	const { engine } = work.agent;
	const failure = engine.model.contextSize > 0 ? undefined : yield* engine.warm(undefined, signal);
	if (failure?.reason === 'no-model') {
		yield { type: 'note', text: `What it does is left out: that is for a model to say. ${failure.detail}` };
		return yield* speak(facts, work);
	}
	yield* tell(say('jobs/explain', { file: shown, facts, what }), work);
	return yield* pursue(work, signal, () => ({ tools: [], begin: `${facts}\n\n` }));
}

/** What the program itself knows of the place, in sentences. */
async function factsOf(spot: Spot, workspace: Pick<Workspace, 'files'>): Promise<string> {
	const { path, text, from, to, definition } = spot;
	if (!definition) {
		const own = (await outermost(path, text)).filter(({ from: line }) => from <= line && line <= to);
		const has = own.length > 0 ? ` It defines ${named(own.map(one => `\`${one.name}\` (line ${one.from})`))}.` : '';
		return `\`${path}\`, lines ${from} to ${to}.${has}`;
	}
	const { name, kind, owner } = definition;
	const place = `\`${name}\` is a ${kind}${owner === undefined ? '' : ` of \`${owner}\``} in \`${path}\`, lines ${from} to ${to}.`;
	const callees = await calledIn(path, text, { from, to });
	const callers = (await callersOf(name, workspace, 50)).filter(one => one.path !== path || one.line < from || to < one.line);
	const calls = callees.length > 0 ? `It calls ${named(callees.map(one => `\`${one.name}\` (line ${one.from})`))}.` : '';
	const called =
		callers.length > 0
			? `It is called in ${named(callers.map(one => `\`${one.path}:${one.line}\`${one.inside === undefined ? '' : ` (\`${one.inside}\`)`}`))}.`
			: 'No call of that name was found in this folder.';
	return [place, calls, called].filter(Boolean).join(' ');
}

const named = (all: readonly string[]): string => {
	const more = all.length - mostNamed;
	return more > 0 ? `${all.slice(0, mostNamed).join(', ')} and ${more} more` : all.join(', ');
};
