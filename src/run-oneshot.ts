import { showFiles } from './agent/material.js';
import type { Engine } from './engine/engine.js';
import type { Form } from './jobs/form.js';
import { namedIn, needsNoModel } from './jobs/named.js';
import { structured } from './jobs/structured.js';
import type { Opened } from './oneshot/face.js';
import { oneshot } from './oneshot/oneshot.js';
import { createProgress, denialLine } from './oneshot/progress.js';
import type { Options } from './options.js';
import { asked, type OwnCommand } from './own-commands.js';
import { display, echoed } from './sanitise.js';
import { readSchema } from './schema-file.js';
import { guidanceFor, rootFolder, setupOf, start, toolNames, whichConversation } from './start.js';
import { type EngineEvent, Refusal } from './types.js';
import { doorNotes } from './workspace/sandbox/doors.js';

type Run = { options: Options; text: string | undefined; version: string };

/** Tokens that the files named on the command line may take together. */
const filesMost = 16_000;

/** Answers once: `qwill -p`. Gives the exit code. */
export async function runOneshot({ options: given, text: typed, version }: Run): Promise<number> {
	const say = (sentence: string) => void process.stderr.write(`${display(sentence)}\n`);
	const form = await formFor(given);
	const options = form ? { ...given, tools: [] } : given;
	const text = typed?.startsWith('/') && !namedIn(typed) ? asked(typed, await commandsHere(given, say)) : typed;
	const open = async (signal: AbortSignal): Promise<Opened> => {
		const setup = setupOf(options, { warn: say, onDenied: denial => say(denialLine(denial)) });
		if (form) setup.approach = (_task, work, stop) => structured(form, work, stop);
		const { conversation, guidance } = await start(setup, whichConversation(setup.root, options));
		const progress = createProgress(options.verbose);
		const lacking = await modelChosen(conversation.engine, event => void process.stderr.write(progress(event)), signal);
		if (lacking !== undefined && !needsNoModel({ text: text ?? '' })) throw new Refusal(lacking, 41);
		return {
			conversation,
			material: await materialOf(options.paths, conversation.workspace),
			notes: [
				...setup.config.notes,
				...guidance.notes,
				...(form?.notes ?? []),
				...doorNotes(conversation.workspace.processes.boxed, setup.doors),
			],
			tools: toolNames(options),
			slashCommands: guidance.commands.map(({ name }) => name),
			version,
			seed: setup.seed,
		};
	};
	return oneshot(open, process, {
		text,
		logprobs: options.logprobs,
		output: options.output,
		partialMessages: options.partialMessages,
		structured: form !== undefined,
		verbose: options.verbose,
	});
}

/**
 * Settles when it is known which model answers, which loads behind: what needs none yet, such as the tests of a fix, does not wait
 * for it. Gives the sentence that says why there is none.
 */
async function modelChosen(engine: Engine, see: (event: EngineEvent) => void, signal: AbortSignal): Promise<string | undefined> {
	const loading = engine.warm(undefined, signal);
	for (;;) {
		const step = await loading.next();
		if (step.done) return step.value && 'detail' in step.value ? step.value.detail : undefined;
		see(step.value);
		if (engine.model.contextSize > 0) break;
	}
	const rest = async (): Promise<void> => {
		for await (const event of loading) see(event);
	};
	// What goes wrong from here on is told by whoever needs the model first.
	rest().catch(() => {});
	return undefined;
}

/** The form that the answer has to have, if any. What it is checked with takes a while to load, and is loaded only then. */
async function formFor({ jsonSchema }: Options): Promise<Form | undefined> {
	if (jsonSchema === undefined) return undefined;
	return (await import('./jobs/form.js')).formOf(await readSchema(jsonSchema));
}

/** The commands that the person and the project wrote; what is not trusted is told, for it may hold the one that is meant. */
async function commandsHere(options: Options, say: (sentence: string) => void): Promise<readonly OwnCommand[]> {
	const { commands, notes } = await guidanceFor({ root: rootFolder(), options, askPerson: undefined });
	if (commands.length === 0) for (const note of notes) say(note);
	return commands;
}

/** The files given as `@path`. Where nobody can be asked, one that cannot be read ends the run. */
async function materialOf(paths: readonly string[], workspace: Parameters<typeof showFiles>[1]): Promise<string> {
	const { text, notes, missing } = await showFiles(paths, workspace, { tokens: filesMost });
	if (missing[0]) throw new Refusal(`@${echoed(missing[0].path)}: ${missing[0].why} Name another file, or leave it out.`, 42);
	for (const note of notes) process.stderr.write(`${display(note)}\n`);
	return text;
}
