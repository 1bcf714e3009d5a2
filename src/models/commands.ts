import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { places } from '../places.js';
import { display, echoed, printableJson } from '../sanitise.js';
import { Refusal } from '../types.js';
import { known } from './catalogue.js';
import { chooseModel } from './choose.js';
import { type FetchOptions, fetchModel, lockOf, pathOf } from './fetch.js';
import { findModels } from './find.js';
import { lockedBy } from './lock.js';
import { lookAtMachine, type Machine } from './machine.js';
import { showFetch } from './progress.js';
import { saveModel } from './save-model.js';
import { rowsOf, table } from './table.js';

/** Where a command writes. `terminal` when `err` is one, so that a line may be rewritten. */
export type Io = { out(text: string): void; err(text: string): void; terminal?: boolean };
/** `json`: the list as JSON. */
export type CommandOptions = FetchOptions & { machine?: Machine; json?: boolean };

export const usage = `qwill models [list]      what there is, what is installed, what this machine runs well
qwill models pull ID     fetch a model
qwill models use ID      make it the default (an id, or a path to a .gguf file)
qwill models path [ID]   print where its file is
qwill models rm ID       delete it from qwill's cache
`;

/**
 * `qwill models …`. Results go to `out`, progress and everything else to `err`. Gives the exit code: 0, 41 (no such model, not
 * fetched) or 42 (not a command), 130 when stopped. Failures are told on `err` and not thrown.
 */
export async function modelsCommand(args: readonly string[], io: Io, options: CommandOptions): Promise<number> {
	try {
		return await run(args, io, options);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		io.err(`${display(error.message)}\n`);
		return options.signal.aborted ? 130 : error.exitCode;
	}
}

async function run([verb = 'list', id, ...rest]: readonly string[], io: Io, options: CommandOptions): Promise<number> {
	const stray = verb === 'list' || verb === 'help' ? id : rest[0];
	if (stray !== undefined) throw new Refusal(`"${echoed(stray)}" is one word too many for: qwill models ${verb}`, 42);
	if (options.json && verb !== 'list') throw new Refusal('--json goes with: qwill models list', 42);
	switch (verb) {
		case 'list':
			return list(io, options);
		case 'pull':
			return pull(required(verb, id), io, options);
		case 'use':
			return use(required(verb, id), io, options);
		case 'path':
			return path(id, io, options);
		case 'rm':
			return remove(required(verb, id), io);
		case 'help':
			io.out(usage);
			return 0;
		default:
			throw new Refusal(`There is no "qwill models ${echoed(verb)}".\n${usage.trimEnd()}`, 42);
	}
}

async function list(io: Io, { machine, json }: CommandOptions): Promise<number> {
	const found = await findModels();
	const here = machine ?? (await lookAtMachine());
	io.out(json ? `${printableJson(JSON.stringify(rowsOf(found, here)))}\n` : table(found, here));
	return 0;
}

async function pull(id: string, io: Io, options: CommandOptions): Promise<number> {
	const entry = known(id);
	const model = await showFetch(fetchModel(entry, options), io);
	io.out(`${model.path}\n`);
	return 0;
}

async function use(id: string, io: Io, options: CommandOptions): Promise<number> {
	const chosen = await chooseModel(id, options.machine ?? (await lookAtMachine()), options.signal);
	const value = 'missing' in chosen ? chosen.missing.id : (chosen.entry?.id ?? chosen.path);
	const file = await saveModel(value);
	io.out(`${value} is now the default (${file}).\n`);
	if ('missing' in chosen)
		io.err(`It is not on this machine yet: \`qwill models pull ${value}\` fetches it, and so does the next start.\n`);
	return 0;
}

async function path(id: string | undefined, io: Io, options: CommandOptions): Promise<number> {
	const chosen = await chooseModel(id, options.machine ?? (await lookAtMachine()), options.signal);
	if ('missing' in chosen)
		throw new Refusal(`${chosen.missing.name} is not on this machine; \`qwill models pull ${chosen.missing.id}\` fetches it.`, 41);
	io.out(`${chosen.path}\n`);
	return 0;
}

async function remove(id: string, io: Io): Promise<number> {
	const entry = known(id);
	const file = pathOf(entry);
	const holder = await lockedBy(lockOf(entry));
	if (holder) throw new Refusal(`${entry.name} is being fetched by another qwill (process ${holder.pid}); stop that one first.`, 41);
	const kept = (await findModels()).filter(found => found.entry === entry);
	const own = kept.some(found => found.path === file);
	for (const name of [file, `${file}.verified.json`, `${file}.part`, `${file}.part.json`, `${file}.parts`])
		await rm(name, { recursive: true, force: true }).catch(error => {
			throw new Refusal(`${name} cannot be deleted (${error.code ?? error}). Mend that, or delete it by hand.`, 41);
		});
	const others = kept.filter(found => found.path !== file).map(found => `${found.from} keeps one in ${dirname(found.path)}, which stays.`);
	io.out(
		[own ? `${basename(file)} is deleted.` : `${entry.name} was not in ${places.models()}; unfinished parts of it are deleted.`, ...others]
			.join(' ')
			.concat('\n'),
	);
	return 0;
}

function required(verb: string, id: string | undefined): string {
	if (id === undefined) throw new Refusal(`qwill models ${verb} needs the id of a model; \`qwill models list\` shows them.`, 42);
	return id;
}
