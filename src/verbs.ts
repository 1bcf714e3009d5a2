import { readFileSync } from 'node:fs';
import type { Conversation } from './agent/conversation.js';
import { findJournal, listJournals, removeJournal } from './agent/journals.js';
import { toLine } from './agent/records.js';
import { attributed } from './attribution.js';
import { blame, inColumns } from './blame.js';
import { isOffline, loadConfig } from './config.js';
import { doctor, renderReport } from './doctor.js';
import { clearStates, measureStates } from './engine/local/state-files.js';
import type { Server } from './engine/remote/server.js';
import { changeOf, commitMessage } from './jobs/commit/message.js';
import { modelsCommand } from './models/commands.js';
import { lookAtServer, serverIn } from './open-server.js';
import type { Options } from './options.js';
import { places, projectFolder } from './places.js';
import { noteAuthors } from './provenance.js';
import { replay } from './replay.js';
import { returned } from './returned.js';
import { display, echoed, exactLine, printableJson } from './sanitise.js';
import { saveSetting } from './save-setting.js';
import { settingsSchema } from './settings.js';
import { boxWish, guidanceFor, rootFolder, setupOf, start } from './start.js';
import { Refusal } from './types.js';
import type { Asked, Verb } from './verb-list.js';
import { redoNewest, undoNewest } from './workspace/store.js';
import type { UndoReport } from './workspace/workspace.js';

/** Into a pipe or a file as it is, for programs. */
const out = (text: string): void => void process.stdout.write(process.stdout.isTTY ? display(text) : text);
const err = (text: string): void => void process.stderr.write(text);

/** All but the one that editors wait for, which loads nothing that it does not need (fim.ts), and those that are said to the agent. */
type Ran = Exclude<Verb, 'fim' | Asked>;

/** Carries out `qwill VERB …`; gives the exit code. Throws `Refusal` for what cannot be done. */
export async function runVerb(verb: Ran, args: readonly string[], options: Options): Promise<number> {
	const root = rootFolder();
	refuseWords(verb, args);
	switch (verb) {
		case 'models': {
			const server = ['list', undefined].includes(args[0]) ? serverIn(loadConfig({ root, env: process.env, options })) : undefined;
			if (server) return listServed(await lookAtServer(server, onInterrupt()), options.json);
			return modelsCommand(
				args,
				{ out, err, terminal: process.stderr.isTTY ?? false },
				{ signal: onInterrupt(), offline: isOffline(process.env, options), json: options.json },
			);
		}
		case 'doctor': {
			const config = loadConfig({ root, env: process.env, options });
			const report = await doctor({ root, modelWanted: config.model, server: serverIn(config), box: boxWish(config) });
			out(renderReport(report));
			return report.exitCode;
		}
		case 'undo':
		case 'redo': {
			const take = { undo: undoNewest, redo: redoNewest }[verb];
			return tellUndo(await take({ root, state: projectFolder(root) }), verb);
		}
		case 'commit':
			return commit(args, options);
		case 'blame':
			return tellBlame(root, args[0], options);
		case 'replay': {
			const [id] = args;
			if (id === undefined) throw new Refusal('qwill replay needs the id of a conversation; qwill sessions lists them.', 42);
			const telling = { tell: (line: string) => out(`${line}\n`), note: (sentence: string) => err(`${display(sentence)}\n`) };
			return replay({ root, id, options }, telling, onInterrupt());
		}
		case 'sessions':
			return sessions(root, args, options);
		case 'cache':
			return cache(args);
		case 'config':
			return config(root, args, options);
		default:
			return verb satisfies never;
	}
}

/** Shows the settings in force, or sets one of the person's own, or prints the schema of a config file. */
async function config(root: string, [word]: readonly string[], options: Options): Promise<number> {
	if (word === 'schema') {
		out(`${JSON.stringify(settingsSchema(), null, '\t')}\n`);
		return 0;
	}
	if (word !== undefined) {
		out(`${display(await saveSetting(word))}\n`);
		return 0;
	}
	const { notes, system: _words, ...settings } = loadConfig({ root, env: process.env, options });
	out(`${printableJson(JSON.stringify(settings, null, '\t'))}\n`);
	const { notes: more } = await guidanceFor({ root, options, askPerson: undefined });
	for (const note of [...notes, ...more]) err(`${display(note)}\n`);
	return 0;
}

/** The first is the one that is used where none is named. */
function listServed({ models, address }: Server, json: boolean): number {
	if (json) {
		out(toLine(models));
		return 0;
	}
	for (const { id, contextSize } of models)
		out(`${exactLine(id)}${contextSize ? `  ${contextSize.toLocaleString('en-US')} tokens` : ''}\n`);
	err(`These are on the server at ${address.shown}; -m names one. Without a base URL, those of this machine are listed.\n`);
	return 0;
}

/** A word that a verb would pass over may have been meant to narrow what it does. */
function refuseWords(verb: Ran, args: readonly string[]): void {
	const most = {
		models: 9,
		doctor: 0,
		undo: 0,
		redo: 0,
		commit: 999,
		sessions: args[0] === 'list' ? 1 : 2,
		cache: 1,
		config: 1,
		blame: 1,
		replay: 1,
	}[verb];
	const stray = args[most];
	if (stray === undefined) return;
	throw new Refusal(`"${echoed(stray)}" is one word too many for: qwill ${[verb, ...args.slice(0, most)].join(' ')}`, 42);
}

function onInterrupt(): AbortSignal {
	const stop = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
	return stop.signal;
}

function tellUndo({ restored, removed, kept }: UndoReport, what: 'undo' | 'redo'): number {
	for (const path of restored) out(`${exactLine(path)} ${what === 'undo' ? 'is as it was' : 'has its change again'}\n`);
	for (const path of removed) out(`${exactLine(path)} is removed\n`);
	for (const { path, why } of kept) err(`${exactLine(path)} was left alone: ${display(why)}\n`);
	if (restored.length + removed.length + kept.length === 0) err(`There is nothing to ${what}.\n`);
	return kept.length > 0 ? 1 : 0;
}

async function commit(args: readonly string[], options: Options): Promise<number> {
	const given = args.length > 0 ? args.join(' ').trim() : undefined;
	if (given === '') throw new Refusal('The commit message is empty. Give one, or leave it out to have it written: qwill commit', 42);
	const setup = setupOf({ ...options, ephemeral: true }, { warn: sentence => err(`${display(sentence)}\n`) });
	const { conversation } = await start(setup, { kind: 'new' });
	try {
		const { git } = conversation.workspace;
		const staged = await git.staged();
		if (staged.length === 0) throw new Refusal('Nothing is staged. Choose what to commit with: git add FILE', 42);
		const message =
			given ??
			attributed(
				await written(conversation, await git.diff({ staged: true })),
				setup.config.attribution.commit,
				conversation.engine.model.name,
			);
		const id = await git.commit(message, []);
		out(`${id} ${exactLine(message.split('\n')[0] ?? '')}\n`);
		const trouble = await noteAuthors(conversation.workspace, setup.config.attribution.commit);
		if (trouble !== undefined) err(`${display(trouble)}\n`);
		return 0;
	} finally {
		await conversation.close();
	}
}

async function written(conversation: Conversation, diff: string): Promise<string> {
	const signal = onInterrupt();
	const failure = await returned(conversation.engine.warm(undefined, signal));
	if (failure && 'detail' in failure) throw new Refusal(failure.detail, 41);
	const { text, checked } = await commitMessage(await changeOf(diff, conversation.workspace.git), conversation.engine, signal);
	err(`${display(checked)}\n`);
	return text;
}

async function tellBlame(root: string, path: string | undefined, { json }: Options): Promise<number> {
	if (path === undefined) throw new Refusal('qwill blame needs a file: qwill blame FILE', 42);
	const { rows, notes } = await blame(root, path);
	out(json ? toLine(rows) : inColumns(rows));
	for (const note of notes) err(`${display(note)}\n`);
	return 0;
}

/** What models have read, kept on disk. */
function cache([action = 'show', ...more]: readonly string[]): number {
	if (!['show', 'clear'].includes(action) || more.length > 0)
		throw new Refusal(`There is no "qwill cache ${display([action, ...more].join(' '))}". There are: show, clear.`, 42);
	const { states, bytes } = measureStates(places.states());
	const all = `${states} saved ${states === 1 ? 'reading' : 'readings'}, ${(bytes / 1e6).toFixed(1)} MB`;
	if (action === 'clear') clearStates(places.states());
	out(action === 'clear' ? `Removed ${all}\n` : `${all}, in ${places.states()}\n`);
	return 0;
}

function sessions(root: string, [action = 'list', name]: readonly string[], { json }: Options): number {
	const all = listJournals(root);
	if (action === 'list' && json) out(toLine(all));
	else if (action === 'list') {
		for (const { id, title, turns, modified } of all)
			out(
				`${id.slice(0, 8)}  ${modified.toISOString().slice(0, 16).replace('T', ' ')}  ${String(turns).padStart(3)} message${turns === 1 ? ' ' : 's'}  ${exactLine(title)}\n`,
			);
		if (all.length === 0) err('There is no conversation in this folder yet. Start one with: qwill\n');
	} else if (action !== 'export' && action !== 'rm')
		throw new Refusal(`There is no "qwill sessions ${echoed(action)}". There are: list, export ID, rm ID.`, 42);
	else if (name === undefined) throw new Refusal(`qwill sessions ${action} needs the id of a conversation; qwill sessions lists them.`, 42);
	else if (action === 'export') out(printableJson(readFileSync(findJournal(root, name).path, 'utf8')));
	else removeJournal(findJournal(root, name).path);
	return 0;
}
