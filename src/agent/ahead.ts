import type { Engine, Prompt } from '../engine/engine.js';
import type { Message } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';
import { type Task, userText } from './loop.js';
import { showFiles } from './material.js';

type Means = { engine: Engine; workspace: Workspace; messages: readonly Message[]; prompt: Omit<Prompt, 'messages'>; tokens: number };

/**
 * Lets the model read a task that has not been sent yet, so that its reply begins sooner: the files it names, then its words.
 * Nothing of it is kept but in the engine's cache. Stops on `signal`; what cannot be read is left for when the task is sent.
 */
export async function readAhead(task: Task, { engine, workspace, messages, prompt, tokens }: Means, signal: AbortSignal): Promise<void> {
	const named = await showFiles(task.files ?? [], workspace, tokens);
	const material = [task.material, named.text].filter(part => part !== '').join('\n\n');
	const text = userText({ text: task.text, material });
	const reading = engine.warm({ ...prompt, messages: [...messages, { role: 'user', text }] }, signal);
	while (!signal.aborted && !(await reading.next()).done);
	await reading.return(undefined);
}
