import type { Engine, Prompt } from '../engine/engine.js';
import type { Task } from './loop.js';
import { type About, type Means, materialOf, userText } from './material.js';

type Reading = Means & { engine: Engine; prompt: Omit<Prompt, 'messages'>; about: About };

/**
 * Lets the model read a task that has not been sent yet, so that its reply begins sooner: the files it is about, then its words.
 * Nothing of it is kept but in the engine's cache. Stops on `signal`; what cannot be read is left for when the task is sent.
 */
export async function readAhead(task: Task, { engine, prompt, about, ...means }: Reading, signal: AbortSignal): Promise<void> {
	const { text: material } = await materialOf(task, about, means);
	const text = userText({ text: task.text, material });
	const reading = engine.warm({ ...prompt, messages: [...means.messages, { role: 'user', text }] }, signal);
	while (!signal.aborted && !(await reading.next()).done);
	await reading.return(undefined);
}
