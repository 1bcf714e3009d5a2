import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Absent, ModelSummary, Program } from './chat/program.js';
import type { Config } from './config.js';
import { shownName } from './engine/remote/remote.js';
import { known, starter } from './models/catalogue.js';
import { toBeFetched } from './models/choose.js';
import { fetchModel } from './models/fetch.js';
import { findModels } from './models/find.js';
import { lookAtMachine, type Machine } from './models/machine.js';
import { gigabytes } from './models/plan.js';
import { recommend } from './models/recommend.js';
import { isScripted } from './open-engine.js';
import { lookAtServer, serverIn } from './open-server.js';
import { places } from './places.js';

/** The models that a chat can go on with. `current` is the name of the one in use. */
export function chatModels(config: Config, current: () => string): Pick<Program, 'models' | 'fetchModel'> {
	return {
		models: () => modelsFor(config, current()),
		fetchModel: (id, signal) => fetchModel(known(id), { signal, offline: config.offline }),
	};
}

/** What has to be fetched before `id` can be used, if anything. Throws `Refusal` for a model that is not known or is damaged. */
export async function absentModel(id: string, config: Config): Promise<Absent | undefined> {
	const entry = serverIn(config) || isScripted(id) ? undefined : await toBeFetched(id);
	return entry && { absent: entry.id, name: entry.name, bytes: entry.bytes, licence: entry.licence.name };
}

/**
 * A sentence about the best model for this machine, where none was chosen and at most the small one is here: the first time
 * that it is this one.
 */
export async function modelAdvice(config: Config, machine?: Machine): Promise<string | undefined> {
	if (config.model !== undefined || config.offline || serverIn(config)) return undefined;
	if ((await findModels()).some(({ entry }) => entry !== starter)) return undefined;
	const best = recommend(machine ?? (await lookAtMachine())).find(advice => advice.default);
	if (!best || best.entry === starter || !isNews(best.entry.id)) return undefined;
	const { id, name, bytes, licence, notes } = best.entry;
	const { read, write } = best.plan.speed;
	return `The best model that runs well on this machine is ${name} (${gigabytes(bytes)}, ${licence.name}; ${notes}): it writes about ${write} and reads ${read} tokens/s. To fetch it while you go on here: /model ${id}`;
}

/** Advice is given once, and again when it changes. */
function isNews(id: string): boolean {
	const path = join(places.state(), 'advised');
	if (existsSync(path) && readFileSync(path, 'utf8') === id) return false;
	mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
	writeFileSync(path, id, { mode: 0o600 });
	return true;
}

async function modelsFor(config: Config, current: string): Promise<ModelSummary[]> {
	const server = serverIn(config);
	if (!server) return modelsHere(current);
	const { models, address } = await lookAtServer(server);
	return models.map(({ id }) => ({ id, installed: true, bytes: 0, why: `at ${address.shown}`, current: shownName(id) === current }));
}

/** The known ones, the best first, and then what else lies on this machine. */
async function modelsHere(current: string): Promise<ModelSummary[]> {
	const [machine, found] = await Promise.all([lookAtMachine(), findModels()]);
	const catalogued = recommend(machine).map(({ entry, why }) => {
		const installed = found.some(one => one.entry === entry);
		return { id: entry.id, installed, bytes: entry.bytes, why, current: entry.name === current };
	});
	const others = found.filter(one => !one.entry);
	return [
		...catalogued,
		...others.map(one => ({ id: one.path, installed: true, bytes: one.bytes, why: `kept by ${one.from}`, current: one.name === current })),
	];
}
