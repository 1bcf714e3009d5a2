import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Acting, actingForUser, actingIn } from './acting.js';
import type { AskPerson, Conversation } from './agent/conversation.js';
import { findJournal, listJournals } from './agent/journals.js';
import { attributed } from './attribution.js';
import type { Program } from './chat/program.js';
import { chatHistory } from './chat-history.js';
import { absentModel, chatModels, modelAdvice } from './chat-models.js';
import { doctor, renderReport } from './doctor.js';
import { serverIn } from './open-server.js';
import { say } from './prompts.js';
import { noteAuthors } from './provenance.js';
import { saveSetting } from './save-setting.js';
import { boxWish, guidanceFor, type Setup, type Started, start, toolNames, type Which } from './start.js';
import { lastTrusted, trust } from './trust.js';
import { Refusal } from './types.js';
import { doorNotes } from './workspace/sandbox/doors.js';

/** What the chat can ask of the program, on top of one conversation at a time. */
export async function chatProgram(setup: Setup, which: Which, version: string): Promise<Program> {
	const { root, config } = setup;
	let ask: AskPerson = async () => ({ kind: 'no' });
	const askPerson: AskPerson = (question, signal) => ask(question, signal);
	let { model } = config;
	const current = await atHand({ ...setup, askPerson }, which);
	const keptHere = () => listJournals(root).find(one => one.id === current.now().conversation.id);
	return {
		version,
		...lasting(setup),
		get conversation() {
			return current.now().conversation;
		},
		get sandbox() {
			return current.now().conversation.workspace.processes.boxed;
		},
		reopen: id => current.another(id === 'new' ? { kind: 'new' } : { kind: 'path', path: findJournal(root, id).path, fork: false }, model),
		async branch(upTo) {
			const kept = keptHere();
			if (!kept) throw new Refusal('This conversation is not kept, so there is nothing to make a copy from.');
			return current.another({ kind: 'path', path: kept.path, fork: true, upTo }, model);
		},
		async useModel(id) {
			const absent = await absentModel(id, config);
			if (absent) return absent;
			model = id;
			const kept = keptHere();
			await current.now().conversation.close();
			return current.replace(kept ? { kind: 'path', path: kept.path, fork: false } : { kind: 'new' }, model);
		},
		...chatModels(config, () => current.now().conversation.engine.model.name),
		async notices() {
			const advice = await modelAdvice(config);
			const { boxed } = current.now().conversation.workspace.processes;
			return [
				...current.now().guidance.notes,
				...boxNotes(boxed),
				...doorNotes(boxed, setup.doors),
				...(advice === undefined ? [] : [advice]),
			];
		},
		async trust(files) {
			for (const { path, bytes } of files) trust(root, path, bytes);
			current.now().guidance = await guidanceFor({ ...setup, askPerson });
			return current.now().conversation.instruct(current.now().guidance.instructions);
		},
		ownCommands: () => current.now().guidance.commands,
		setAskPerson(next) {
			ask = next;
		},
		rules: async () => current.now().rules.list(),
		removeRule: async rule => current.now().rules.remove(rule),
		doctor: async () => renderReport(await doctor({ root, modelWanted: model, server: serverIn(config), box: boxWish(config) })),
		signed: message => attributed(message, config.attribution.commit, current.now().conversation.engine.model.name),
		noted: () => noteAuthors(current.now().conversation.workspace, config.attribution.commit),
	};
}

/** The conversation at hand, and what takes its place: the same with another model, or another one. */
async function atHand(setup: Setup, which: Which) {
	let started: Started = await start(setup, which);
	const doors = setup.doors.names();
	const replace = async (next: Which, model: string | undefined): Promise<Conversation> => {
		const { mode } = started.conversation;
		const opened = await start(setup, next, model);
		await started.conversation.close();
		started = opened;
		started.conversation.mode = mode;
		return started.conversation;
	};
	return {
		now: () => started,
		replace,
		/** What was opened in the sandbox for a conversation is closed with it. */
		async another(next: Which, model: string | undefined): Promise<Conversation> {
			const conversation = await replace(next, model);
			setup.doors.close(doors);
			return conversation;
		},
	};
}

/** What the person is told of a sandbox that they did not switch off. */
function boxNotes(boxed: Program['sandbox']): string[] {
	if (boxed.on || boxed.wish === 'never') return [];
	return [`No sandbox: ${boxed.why}${boxed.fix ? ` (${boxed.fix})` : ''}. Every command asks.`];
}

type Lasting = 'acting' | 'conversations' | 'history' | 'remember' | 'set' | 'settings' | 'tools' | 'save' | 'yoloAllowed';

/** What is the same for every conversation of this run. */
const lasting = (setup: Setup): Pick<Program, Lasting> => ({
	acting: () => actingFor(setup),
	conversations: async () =>
		listJournals(setup.root).map(({ id, title, name, turns, modified, branch }) => ({ id, title: name ?? title, turns, modified, branch })),
	...chatHistory(setup.root),
	settings: () => flat(setup.config),
	set: saveSetting,
	tools: () => toolNames(setup.options).map(name => ({ name, purpose: say(`tools/${name}`) })),
	save: (path, text) => saveNew(setup.root, path, text),
	yoloAllowed: setup.options.approvalMode === 'yolo',
});

async function actingFor({ root, options }: Setup): ReturnType<Program['acting']> {
	if (options.bare) throw new Refusal('With --bare nothing of this folder counts; start qwill without it.');
	const [own, project] = await Promise.all([actingForUser(), actingIn(root, { all: true })]);
	const before = ({ path, state }: Acting) => (state === 'changed' ? lastTrusted(root, path)?.toString('utf8') : undefined);
	return {
		files: [
			...own.files.map(file => ({ ...file, own: true, before: undefined })),
			...project.files.map(file => ({ ...file, own: false, before: before(file) })),
		],
		notes: [...own.notes, ...project.notes],
	};
}

/** Settings as `key: value` lines; what is inside another has a dot in its key. */
function flat(value: object, prefix = ''): { key: string; value: string }[] {
	return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
		if (key === 'notes' || inner === undefined) return [];
		if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) return flat(inner, `${prefix}${key}.`);
		return [{ key: `${prefix}${key}`, value: typeof inner === 'string' ? inner : JSON.stringify(inner) }];
	});
}

async function saveNew(root: string, path: string, text: string): Promise<string> {
	const whole = resolve(root, path);
	try {
		await writeFile(whole, text, { flag: 'wx', mode: 0o600 });
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		throw new Refusal(
			code === 'EEXIST' ? `${path} exists already; give another name.` : `${path} cannot be written (${String(code ?? error)}).`,
		);
	}
	return whole;
}
