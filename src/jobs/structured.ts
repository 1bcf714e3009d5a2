import { tell, type Work } from '../agent/loop.js';
import type { Prompt, Reply } from '../engine/engine.js';
import { tailOf } from '../engine/tail.js';
import { say } from '../prompts.js';
import type { AgentEvent, Ending } from '../types.js';
import type { Form } from './form.js';

/** Replies that are asked for before giving up. */
const mostTries = 5;
/** Tokens of a reply that has no other limit; beyond it a model is counting sheep. */
const mostTokens = 4096;

/**
 * Answers what was last heard with one JSON value of the form, and with nothing else: there is a reply only when it is valid. The
 * model is held to a grammar, and what a grammar cannot say is checked. A reply that did not end is asked for again, shorter.
 * `stuck` when it still does not end, or none was valid.
 */
export async function* structured(form: Form, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	const { agent, messages } = work;
	yield* tell(say('jobs/json', { schema: form.told }), work);
	let short = false;
	let wrong = '';
	for (let turn = 1; turn <= mostTries; turn++) {
		if (turn > agent.limits.turns) return { reason: 'turn-limit', limit: agent.limits.turns };
		yield { type: 'turn', number: turn };
		const sampling = { ...agent.sampling, seed: agent.sampling.seed + turn - 1 };
		const grammar = short ? form.brief : form.roomy;
		const prompt = yield* agent.fit({ ...agent.head, messages, tools: [], sampling, grammar }, messages);
		if ('reason' in prompt) return prompt;
		const { message, usage, failure } = yield* short ? whole(prompt, work, signal) : sensible(prompt, work, signal);
		if (failure) return failure;
		if (signal.aborted) return { reason: 'interrupted' };
		if (message.stop !== 'end') {
			if (short) return { reason: 'stuck', detail: 'the JSON was not complete when there was no more room for it' };
			short = true;
			yield { type: 'note', text: 'The answer became too long; asking again for a shorter one.' };
			continue;
		}
		const found = form.read(message.text);
		if ('json' in found) {
			const reply = { ...message, text: found.json };
			messages.push(reply);
			yield { type: 'text', text: found.json };
			yield { type: 'replied', message: reply, usage };
			return { reason: 'answered' };
		}
		wrong = found.wrong;
		yield { type: 'note', text: `The answer does not keep to the schema (${wrong}); asking again.` };
	}
	return { reason: 'stuck', detail: `no answer kept to the schema (the last one: ${wrong})` };
}

/** A reply to its end. Its text is nobody's yet: it may turn out to be no answer. */
async function* whole(
	prompt: Prompt,
	{ agent }: Work,
	signal: AbortSignal,
	see: (text: string) => void = () => {},
): AsyncGenerator<AgentEvent, Reply> {
	const running = agent.engine.reply(prompt, signal);
	for (;;) {
		const step = await running.next();
		if (step.done) return step.value;
		if (step.value.type === 'text') see(step.value.text);
		else yield step.value;
	}
}

/** A reply that is broken off when it goes round in circles, or on and on. */
async function* sensible(prompt: Prompt, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Reply> {
	const circling = new AbortController();
	const tail = tailOf([], '');
	const maxTokens = Math.min(prompt.maxTokens ?? mostTokens, mostTokens);
	return yield* whole({ ...prompt, maxTokens }, work, AbortSignal.any([signal, circling.signal]), text => {
		tail.add(text);
		if (tail.repeats()) circling.abort();
	});
}
