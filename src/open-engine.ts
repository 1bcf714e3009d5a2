import { dialects } from './engine/dialects/all.js';
import type { Closed, Engine } from './engine/engine.js';
import { lateEngine } from './engine/late.js';
import { localEngine } from './engine/local/local.js';
import { endSpare } from './engine/local/process.js';
import { masking } from './engine/masking.js';
import type { Access } from './engine/remote/request.js';
import { readScript, scriptedEngine } from './engine/scripted.js';
import { chooseModel, nextLarger } from './models/choose.js';
import { fetchModel } from './models/fetch.js';
import { lookAtMachine } from './models/machine.js';
import { progressLine } from './models/progress.js';
import { serverEngine } from './open-server.js';
import { places } from './places.js';
import { type EngineEvent, Refusal } from './types.js';

/** `-m replies:FILE` recites a scripted conversation: for tests, and to play a bug report again. */
const scripted = 'replies:';

/** Whether a scripted conversation is named in the place of a model. */
export const isScripted = (wanted: string): boolean => wanted.startsWith(scripted);

/** `offline` forbids the network; `ephemeral` that anything of the conversation is kept. `server` has the model, if any is named. */
type Terms = { offline: boolean; ephemeral: boolean; server: Access | undefined };

/** Bytes that saved readings may take on disk. */
const statesBudget = 2e9;

/**
 * An engine on the wanted model (an id, a path, a name on the server, or undefined for the best that is there). Choosing,
 * fetching and loading happen when it is first needed. With nothing here, the small model is fetched, unless `offline`. No secret
 * in a prompt reaches it.
 */
export const openEngine = (wanted: string | undefined, terms: Terms): Engine => masking(unmasked(wanted, terms));

function unmasked(wanted: string | undefined, terms: Terms): Engine {
	if (wanted?.startsWith(scripted)) return scriptedEngine(readScript(wanted.slice(scripted.length)), { dialect: dialects.fenced });
	const { server } = terms;
	if (server) endSpare();
	return lateEngine(signal => (server ? serverEngine(server, wanted, signal) : chosenEngine(wanted, terms, signal)));
}

/** A larger model of this machine for what the one named `name` does not find; undefined where there is none. */
export async function largerEngine(name: string, terms: Terms): Promise<Closed | undefined> {
	if (terms.server) return undefined;
	const entry = await nextLarger(name, await lookAtMachine());
	return entry && { name: entry.name, open: () => openEngine(entry.id, { ...terms, ephemeral: true, offline: true }) };
}

async function* chosenEngine(
	wanted: string | undefined,
	{ offline, ephemeral }: Terms,
	signal: AbortSignal,
): AsyncGenerator<EngineEvent, Engine> {
	yield { type: 'loading', fraction: 0, what: 'choosing a model' };
	const machine = await lookAtMachine();
	let chosen = await chooseModel(wanted, machine, signal);
	if ('missing' in chosen) {
		const { missing } = chosen;
		if (!offline) yield { type: 'loading', fraction: 0, what: `fetching ${missing.name} (${missing.licence.name}), once` };
		for (const fetching = fetchModel(missing, { signal, offline }); ; ) {
			const step = await fetching.next();
			if (step.done) break;
			const event = step.value;
			yield event.type === 'progress'
				? { type: 'loading', fraction: event.done / event.total, what: `fetching ${missing.name}: ${progressLine(event)}` }
				: { type: 'loading', fraction: 0, what: event.text };
		}
		chosen = await chooseModel(missing.id, machine, signal);
		if ('missing' in chosen) throw new Refusal(`${missing.name} was fetched but is not found. Run \`qwill doctor\`.`, 41);
	}
	const { name, path, tier, dialect, plan, sha256 } = chosen;
	const { contextSize, threads, batchSize, useMmap, kvType } = plan;
	return localEngine({
		modelPath: path,
		name,
		tier,
		dialect: dialects[dialect],
		contextSize,
		threads,
		batchSize,
		useMmap,
		kvType,
		gpu: machine.gpu ? 'auto' : false,
		sha256,
		plan: plan.why,
		states: { folder: places.states(), model: sha256, budget: statesBudget, conversations: !ephemeral },
	});
}
