import { mayCheck } from './agent/checking.js';
import type { Conversation } from './agent/conversation.js';
import { ephemeralJournal } from './agent/journal.js';
import { findJournal } from './agent/journals.js';
import { mentions } from './agent/mentions.js';
import { openConversation } from './agent/open.js';
import { type Past, readJournal } from './agent/past.js';
import { recall } from './agent/recall.js';
import { asThen, type Compared, compared, type Run, repliesIn, runsIn } from './agent/replay.js';
import { ruleBook } from './agent/rules.js';
import { findTestCommand } from './checks/tests.js';
import { type Config, loadConfig } from './config.js';
import type { Engine } from './engine/engine.js';
import { ahead, approach } from './jobs/route.js';
import { openCopy } from './jobs/trials.js';
import { catalogue } from './models/catalogue.js';
import { isScripted, openEngine } from './open-engine.js';
import { serverIn } from './open-server.js';
import type { Options } from './options.js';
import { projectFolder } from './places.js';
import { returned } from './returned.js';
import { echoed, exactLine } from './sanitise.js';
import { boxWish, usualLimits } from './start.js';
import { allTools } from './tools/all.js';
import { type AgentEvent, type Message, Refusal, type Writer } from './types.js';
import { openWorkspace } from './workspace/open.js';
import { copyBefore } from './workspace/store.js';
import type { Workspace } from './workspace/workspace.js';

/** `tell` says how each reply compares, `note` what the person should know of it. */
type Telling = { tell(line: string): void; note(sentence: string): void };

/**
 * Holds a kept conversation again, in a copy of the folder, and tells of each reply whether it is the same. Gives the exit code: 0
 * all the same, 1 not, 130 stopped. Throws `Refusal`: 42 no such conversation, 41 no such model.
 */
export async function replay(
	{ root, id, options }: { root: string; id: string; options: Options },
	{ tell, note }: Telling,
	signal: AbortSignal,
): Promise<number> {
	const past = readJournal(findJournal(root, id).path);
	const runs = runsIn(past.events);
	if (!runs) throw new Refusal('This conversation is older than the notes of who answers, so its model and seed are not known.', 42);
	if (runs.length === 0) throw new Refusal('Nothing was answered in this conversation, so there is nothing to compare.', 42);
	const config = loadConfig({ root, env: process.env, options });
	const state = projectFolder(root);
	const folder = await openWorkspace({ root, state, conversation: past.head.id, box: boxWish(config) });
	const copy = await openCopy(folder, signal);
	try {
		const marks = new Set(past.events.flatMap(event => (event.type === 'asked' && event.mark !== undefined ? [event.mark] : [])));
		const kept = await copyBefore({ root, state }, copy.scratch, ({ id, conversation }) => conversation === past.head.id || marks.has(id));
		note('It is held again in a copy of the folder as it is now, without what this conversation changed, and without git.');
		for (const { path, why } of kept) note(`${exactLine(path)} is as it is now: ${why}.`);
		if (!copy.workspace.processes.boxed.on) note(`Nothing is run again, since there is no sandbox: ${copy.workspace.processes.boxed.why}.`);
		const results = await holdAll(runs, { past, config, options, workspace: copy.workspace, note }, signal);
		for (const [index, replies] of results.entries()) for (const line of lines(index + 1, replies)) tell(line);
		if (signal.aborted) return 130;
		const all = results.flat();
		const same = all.filter(one => one.same).length;
		tell(`The same to the character: ${same} of ${all.length} ${all.length === 1 ? 'reply' : 'replies'}.`);
		return same === all.length ? 0 : 1;
	} finally {
		await copy.close();
	}
}

type Again = { past: Past; config: Config; options: Options; workspace: Workspace; note: Telling['note'] };

/** What each message came to, compared; those that were not reached when `signal` fired are left out. */
async function holdAll(runs: readonly Run[], again: Again, signal: AbortSignal): Promise<Compared[][]> {
	const results: Compared[][] = [];
	let events: readonly AgentEvent[] = again.past.events.filter(event => event.type === 'instructed');
	let messages: Message[] = [];
	for (const run of runs) {
		const engine = await engineFor(run.writer, again, signal);
		const conversation = conversationFor(run, { events, messages, engine }, again);
		try {
			for (const task of run.tasks) {
				const before = conversation.events.length;
				await seen(mentions(task.text), again.workspace);
				const ending = await returned(conversation.ask({ text: task.text, material: task.material, files: [] }, signal));
				if (signal.aborted) return results;
				if (ending.reason === 'no-model') throw new Refusal(ending.detail, 41);
				results.push(compared(repliesIn(task.events), repliesIn(conversation.events.slice(before))));
			}
			({ events } = conversation);
			({ messages } = recall(events));
		} finally {
			await conversation.close();
		}
	}
	return results;
}

/** The model has seen these files: their text is in what it was told. */
async function seen(paths: readonly string[], { files }: Workspace): Promise<void> {
	for (const path of paths)
		try {
			await files.read(path);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
		}
}

type Before = { events: readonly AgentEvent[]; messages: Message[]; engine: Engine };

function conversationFor({ writer, tasks }: Run, { events, messages, engine }: Before, { past, config, workspace }: Again): Conversation {
	const mayRun = workspace.processes.boxed.on;
	const rules = ruleBook({ root: workspace.root, config: config.permissions });
	return openConversation({
		workspace,
		engine,
		journal: ephemeralJournal(),
		past: events,
		messages,
		tools: allTools,
		mode: past.head.mode,
		seed: writer.sampling.seed,
		sampling: writer.sampling,
		system: config.system,
		instructions: [],
		limits: { ...usualLimits, seconds: undefined },
		testCommand: config.testCommand,
		...(mayRun && { mayCheck: mayCheck({ rules, askPerson: undefined }) }),
		testable: async () => (await findTestCommand(workspace, config.testCommand)) !== undefined,
		approve: () => asThen(tasks, { tools: allTools, mayRun }),
		ahead,
		// All that a task was about is in its material already.
		about: async () => ({ paths: [], facts: [] }),
		approach,
	});
}

/** The model that answered then, or the one that was asked for. Throws `Refusal` 41 where it is not here. */
async function engineFor(writer: Writer, { past, config, options, note }: Again, signal: AbortSignal): Promise<Engine> {
	const server = serverIn(config);
	const known = catalogue.find(({ name, sha256 }) => name === writer.model || (sha256 !== undefined && sha256 === writer.sha256));
	const kept = past.head.model === 'default' ? config.model : past.head.model;
	const then = isScripted(past.head.model) ? kept : server ? writer.model : (known?.id ?? kept);
	const engine = openEngine(options.model ?? then, { offline: true, ephemeral: true, server });
	const failure = await returned(engine.warm(undefined, signal));
	const { name, sha256 } = engine.model;
	const other = name !== writer.model || (writer.sha256 !== undefined && sha256 !== writer.sha256);
	const was = `${exactLine(writer.model)}${writer.sha256 === undefined ? '' : ` (sha256 ${writer.sha256.slice(0, 12)}…)`}`;
	if (!failure && !other) return engine;
	if (!failure && options.model !== undefined) {
		note(`It was held with ${was}; this is ${exactLine(name)}.`);
		return engine;
	}
	await engine.close();
	const why = failure && 'detail' in failure ? ` ${failure.detail}` : '';
	throw new Refusal(`It was held with ${was}, which cannot be used here; -m MODEL replays it with another.${why}`, 41);
}

/** A line for each reply of the message with this number. */
const lines = (number: number, replies: readonly Compared[]): string[] =>
	replies.map((reply, index) => `Message ${number}, reply ${index + 1}: ${inWords(reply)}`);

function inWords(reply: Compared): string {
	if (reply.same) return `the same, ${reply.characters} characters${reply.stopped ? ', as far as it went then' : ''}.`;
	if ('only' in reply) return reply.only === 'then' ? 'there is none any more.' : 'there was none.';
	const { at, was, is } = reply;
	return `differs at line ${at.line}, column ${at.column}: it was ${excerpt(was)}, and is ${excerpt(is)}.`;
}

const excerpt = (text: string): string => (text === '' ? 'at its end' : `"${echoed(text.slice(0, 40))}"`);
