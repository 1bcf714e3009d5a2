import type { Config } from './config.js';
import type { Engine } from './engine/engine.js';
import { remoteEngine } from './engine/remote/remote.js';
import type { Access } from './engine/remote/request.js';
import { accessTo, findServer, type ServedModel, type Server, servedBy } from './engine/remote/server.js';
import { tierOf } from './models/weights.js';
import { returned } from './returned.js';
import type { EngineEvent, Tier } from './types.js';

/** The server that the settings name, if they name one. Throws `Refusal` when it is named wrongly. */
export function serverIn({ baseUrl, apiKeyEnv, offline }: Pick<Config, 'baseUrl' | 'apiKeyEnv' | 'offline'>): Access | undefined {
	return baseUrl === undefined ? undefined : accessTo({ baseUrl, keyName: apiKeyEnv, offline, env: process.env });
}

/** An engine on a server: on the wanted model, or on its first. Throws `Refusal` when the server cannot be used or has no such model. */
export async function* serverEngine(access: Access, wanted: string | undefined, signal: AbortSignal): AsyncGenerator<EngineEvent, Engine> {
	yield { type: 'loading', fraction: 0, what: 'asking the server' };
	const server = yield* findServer(access, signal);
	const model = servedBy(server, wanted);
	return await remoteEngine({ server, model, tier: tierFor(model) }, signal);
}

/** What a server is and has, now. Throws `Refusal` when it cannot be used. */
export async function lookAtServer(access: Access, signal = new AbortController().signal): Promise<Server> {
	return returned(findServer(access, signal));
}

/** By the size that the server tells, else by the one in the name (`7B`, `30b-a3b`); a server is thought to carry a large model. */
export function tierFor({ id, parameters }: Pick<ServedModel, 'id' | 'parameters'>): Tier {
	const named = /(?:^|[^a-z0-9.])(\d+(?:\.\d+)?)b(?![a-z0-9])/i.exec(id)?.[1];
	const size = parameters ?? (named === undefined ? undefined : Number(named) * 1e9);
	return size === undefined ? 'T2' : tierOf(size);
}
