import { randomInt, randomUUID } from 'node:crypto';
import { accessSync, constants, realpathSync } from 'node:fs';
import { approver, type Denial } from './agent/approval.js';
import { mayCheck } from './agent/checking.js';
import type { AskPerson, Conversation } from './agent/conversation.js';
import { withoutDenied } from './agent/denied.js';
import { createJournal, ephemeralJournal, type Journal, openJournal } from './agent/journal.js';
import { findJournal, listJournals, removeOldJournals } from './agent/journals.js';
import { type Opening, openConversation } from './agent/open.js';
import { complaints } from './agent/past.js';
import { recall } from './agent/recall.js';
import { type RuleBook, ruleBook } from './agent/rules.js';
import { attributed } from './attribution.js';
import { findTestCommand } from './checks/tests.js';
import { type Config, loadConfig } from './config.js';
import { type Guidance, guidanceIn } from './guidance.js';
import { needsNoModel } from './jobs/named.js';
import { about, ahead, approach } from './jobs/route.js';
import { largerEngine, openEngine } from './open-engine.js';
import { serverIn } from './open-server.js';
import type { Options } from './options.js';
import { projectFolder } from './places.js';
import { noteAuthors } from './provenance.js';
import { allTools } from './tools/all.js';
import { type AgentEvent, type ApprovalMode, type Message, Refusal } from './types.js';
import { openWorkspace } from './workspace/open.js';
import type { Wish } from './workspace/sandbox/box.js';
import { closedDoors, type Doors } from './workspace/sandbox/doors.js';

/** What every conversation of this run is opened with. */
export type Setup = {
	root: string;
	config: Config;
	options: Options;
	seed: number;
	askPerson: AskPerson | undefined;
	/** Those of the command line are open; of a conversation nothing but the chat can open more. */
	doors: Doors;
	onDenied(denial: Denial): void;
	/** A sentence for the person, outside any conversation. */
	warn(sentence: string): void;
	/** Works on what is asked in place of the jobs that the words ask for. */
	approach?: Opening['approach'];
};
/** A copy (`fork`) may end before a message of the person (`upTo`, the first is 0). */
export type Which = { kind: 'new' } | { kind: 'path'; path: string; fork: boolean; upTo?: number };
/** `rules` are those in force, for /permissions. */
export type Started = { conversation: Conversation; rules: RuleBook; guidance: Guidance };

/**
 * The real path of the folder qwill was started in: the root of everything it may read or change. Throws `Refusal` 42 when that
 * folder is gone or may not be read.
 */
export function rootFolder(): string {
	try {
		const root = realpathSync(process.cwd());
		accessSync(root, constants.R_OK | constants.X_OK);
		return root;
	} catch (error) {
		const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
		throw new Refusal(`The folder that qwill was started in ${gone ? 'is gone' : 'may not be read'}; change to another one with cd.`, 42);
	}
}

type Told = { warn: Setup['warn']; onDenied?: Setup['onDenied'] };

/** What a run in this folder is set up with, by the settings in force. Nobody can be asked, until a face hands in how. */
export function setupOf(options: Options, { warn, onDenied = () => {} }: Told): Setup {
	const root = rootFolder();
	const config = loadConfig({ root, env: process.env, options });
	return {
		root,
		config,
		options,
		seed: seedOf(options, config),
		askPerson: undefined,
		doors: doorsIn(root, options, config),
		onDenied,
		warn,
	};
}

/** The doors that the command line opens. Throws `Refusal` 42. */
export function doorsIn(root: string, { doors: { folders, hosts } }: Options, { offline }: Pick<Config, 'offline'>): Doors {
	const doors = closedDoors(root, offline);
	for (const folder of folders) doors.openFolder(folder);
	for (const host of hosts) doors.openHost(host);
	return doors;
}

/** Turns after which a task ends when the person sets no limit: enough for honest work, a stop for circles. */
export const usualLimits = { turns: 30, calls: 100 };

/** Opens a conversation on a model that is loaded behind; nothing here waits for it. Without `model`, on that of the settings. */
export async function start(setup: Setup, which: Which, model = setup.config.model): Promise<Started> {
	const { root, config, options, doors } = setup;
	const state = projectFolder(root);
	if (which.kind === 'new') removeOldJournals(config.cleanupPeriodDays);
	const { journal, past, messages, notes } = openPast(setup, which, model);
	const guidance = await guidanceFor(setup);
	const rules = ruleBook({ root, config: config.permissions, session: { allow: options.allowedTools, deny: options.disallowedTools } });
	const workspace = withoutDenied(await openWorkspace({ root, state, conversation: journal.id, box: boxWish(config), doors }), rules);
	const { boxed } = workspace.processes;
	const mode: ApprovalMode = options.approvalMode ?? config.approvalMode;
	const terms = { offline: config.offline, ephemeral: options.ephemeral, server: serverIn(config) };
	const engine = openEngine(model, terms);
	const { commit: attribution } = config.attribution;
	const conversation = openConversation({
		workspace,
		journal,
		past,
		messages,
		mode,
		engine,
		signs: {
			message: text => attributed(text, attribution, engine.model.name),
			note: commit => noteAuthors(workspace, attribution, commit),
		},
		larger: name => largerEngine(name, terms),
		tools: chosenTools(options.tools),
		seed: setup.seed,
		system: config.system,
		instructions: guidance.instructions,
		limits: {
			turns: options.limits.turns ?? usualLimits.turns,
			calls: options.limits.calls ?? usualLimits.calls,
			seconds: options.limits.seconds,
		},
		testCommand: config.testCommand,
		mayCheck: mayCheck({ rules, askPerson: setup.askPerson }),
		testable: async () => (await findTestCommand(workspace, config.testCommand)) !== undefined,
		approve: current =>
			approver({
				mode: () => current.mode,
				rules,
				askPerson: setup.askPerson,
				root,
				unboxed: boxed.on ? undefined : boxed.why,
				onDenied: setup.onDenied,
				onUnboxed: setup.askPerson || config.sandbox === false ? undefined : setup.warn,
			}),
		approach: setup.approach ?? approach,
		needsNoModel,
		ahead,
		about,
	});
	for (const note of notes) conversation.note(note);
	return { conversation, rules, guidance };
}

/** Whether the settings want programs to be boxed. Nobody said: where it works. */
export const boxWish = ({ sandbox }: Pick<Config, 'sandbox'>): Wish =>
	sandbox === undefined ? 'where it works' : sandbox ? 'always' : 'never';

/** What the person and the project want of a conversation that begins now. */
export const guidanceFor = ({ root, options, askPerson }: Pick<Setup, 'root' | 'options' | 'askPerson'>): Promise<Guidance> =>
	guidanceIn(root, { bare: options.bare, trustNow: options.trust, how: askPerson ? '/trust' : '--trust, or /trust in the chat' });

/** The conversation that `-c`, `-r` or neither names. Throws `Refusal` 42 when there is none. */
export function whichConversation(root: string, options: Options): Which {
	const { conversation, fork } = options;
	switch (conversation.kind) {
		case 'new':
		case 'pick':
			return { kind: 'new' };
		case 'newest': {
			const [newest] = listJournals(root);
			if (!newest) throw new Refusal('There is no conversation in this folder to go on with. Start one with: qwill', 42);
			return { kind: 'path', path: newest.path, fork };
		}
		case 'named':
			return { kind: 'path', path: findJournal(root, conversation.name).path, fork };
		default:
			return conversation satisfies never;
	}
}

type Opened = { journal: Journal; past: readonly AgentEvent[]; messages: Message[]; notes: string[] };

function openPast({ root, config, options, warn }: Setup, which: Which, model: string | undefined): Opened {
	const about = { root, model: model ?? 'default', mode: options.approvalMode ?? config.approvalMode, warn };
	if (which.kind === 'new') return { journal: options.ephemeral ? ephemeralJournal() : lazily(about), past: [], messages: [], notes: [] };
	const { journal, past, forked } = openJournal(which.path, { ...about, fork: which.fork, upTo: which.upTo });
	const notes = complaints(past);
	if (forked && !which.fork) notes.push('Another qwill has this conversation open: this is a copy of it.');
	return { journal, past: past.events, messages: recall(past.events).messages, notes };
}

/** A journal that begins with its first event: opening the chat and leaving it again leaves no file. */
function lazily(about: Parameters<typeof createJournal>[0]): Journal {
	const id = randomUUID();
	let journal: Journal | undefined;
	const begun = () => {
		journal ??= createJournal({ ...about, id });
		return journal;
	};
	return {
		id,
		get path() {
			return journal?.path;
		},
		append: event => begun().append(event),
		sync: () => journal?.sync(),
		rename: name => begun().rename(name),
		rewind: asked => journal?.rewind(asked),
		close: () => journal?.close(),
	};
}

function chosenTools(names: readonly string[] | undefined): typeof allTools {
	if (!names) return allTools;
	const unknown = names.find(name => !allTools.some(tool => tool.name === name));
	if (unknown !== undefined)
		throw new Refusal(`There is no tool "${unknown}". The tools are: ${allTools.map(tool => tool.name).join(', ')}.`, 42);
	return allTools.filter(tool => names.includes(tool.name));
}

/** The seed of this run: the person's, the settings', else one that differs from run to run and is shown in results. */
export const seedOf = (options: Options, config: Config): number => options.seed ?? config.seed ?? randomInt(1, 2 ** 31);

/** Names of the tools that a run with these options has. */
export const toolNames = (options: Options): string[] => chosenTools(options.tools).map(tool => tool.name);
