import { nearest } from '../../nearest.js';
import { type EngineEvent, Refusal } from '../../types.js';
import { addressOf } from './address.js';
import { countAt, textAt, valueAt } from './json.js';
import type { Access } from './request.js';
import { jsonOf, type Pause, pauseFor, tryOften, tryOnce } from './tries.js';

/** Which program answers: what goes beyond the common interface differs between them. */
export type Kind = 'llama.cpp' | 'vLLM' | 'SGLang' | 'other';
/** A server that has answered, and the models it has. */
export type Server = Access & { kind: Kind; models: readonly ServedModel[] };
/** `contextSize` in tokens; `parameters` is the model's size. Undefined: the server does not say. */
export type ServedModel = { id: string; contextSize: number | undefined; parameters: number | undefined };

/** How a person names a server. `keyName` is the environment variable with its key, where they name one. */
export type Named = { baseUrl: string; keyName: string | undefined; offline: boolean; env: Readonly<Record<string, string | undefined>> };

/** What the servers call themselves in the list of their models. */
const kinds: ReadonlyMap<string, Kind> = new Map([
	['llamacpp', 'llama.cpp'],
	['vllm', 'vLLM'],
	['sglang', 'SGLang'],
]);

const usualKeyName = 'QWILL_API_KEY';
/** A server that takes longer than this to say which models it has is taken for absent. */
const answerMs = 15_000;

/** Asks a server what it has. Throws `Refusal` 41 when it cannot be used. */
export async function* findServer(access: Access, signal: AbortSignal, pause: Pause = pauseFor): AsyncGenerator<EngineEvent, Server> {
	const patience = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
	const outcome = yield* tryOften(access, { path: `${access.address.base}/models`, signal: patience }, { pause });
	const list = await jsonOf(access, outcome);
	signal.throwIfAborted();
	if ('trouble' in list) {
		const { status, sentence } = list.trouble;
		// Not every server lists its models; then `-m` has to name one.
		if (status === 404 || status === 405) return { ...access, kind: 'other', models: [] };
		const silent = status === undefined && patience.aborted;
		throw new Refusal(silent ? `The server at ${access.address.shown} did not answer within ${answerMs / 1000} s.` : sentence, 41);
	}
	const items = valueAt(list.json, 'data');
	if (!Array.isArray(items))
		throw new Refusal(`${access.address.shown}${access.address.base}/models is no list of models; check the address (--base-url).`, 41);
	const kind = kinds.get(textAt(items[0], 'owned_by') ?? '') ?? 'other';
	return { ...access, kind, models: items.flatMap(servedModel) };
}

/**
 * The way to a server. Throws `Refusal`: 42 for an address or a name that is none, 41 without the key that was named, and with
 * `offline` for another machine.
 */
export function accessTo({ baseUrl, keyName, offline, env }: Named): Access {
	const address = addressOf(baseUrl);
	// Not repeated: it may well be the key itself.
	if (keyName !== undefined && !/^[A-Z_][A-Z0-9_]*$/.test(keyName))
		throw new Refusal('--api-key-env takes the name of an environment variable (capitals), and not the key itself.', 42);
	if (offline && !address.here)
		throw new Refusal(`--offline keeps to this machine, and ${address.shown} is another one. Leave off --offline to use it.`, 41);
	const key = env[keyName ?? usualKeyName]?.trim() || undefined;
	if (keyName !== undefined && key === undefined)
		throw new Refusal(`The environment variable ${keyName}, which should hold the key for ${address.shown}, is not set.`, 41);
	return { address, key, keyName: keyName ?? usualKeyName };
}

function servedModel(item: unknown): ServedModel[] {
	const id = textAt(item, 'id');
	if (id === undefined) return [];
	const contextSize = countAt(item, 'max_model_len') ?? countAt(item, 'meta', 'n_ctx') ?? countAt(item, 'meta', 'n_ctx_train');
	return [{ id, contextSize, parameters: countAt(item, 'meta', 'n_params') }];
}

/** The model of this id, or the first. Throws `Refusal` 41 that lists what the server has. */
export function servedBy(server: Server, wanted: string | undefined): ServedModel {
	const { models, address } = server;
	const ids = models.map(model => model.id);
	const model = wanted === undefined ? models[0] : models.find(one => one.id === wanted);
	if (model) return model;
	if (wanted === undefined) throw new Refusal(`The server at ${address.shown} names no model; name one with -m.`, 41);
	if (models.length === 0) return { id: wanted, contextSize: undefined, parameters: undefined };
	const near = nearest(wanted, ids);
	const hint = near && ids.length > 1 ? `; did you mean ${near}?` : '.';
	throw new Refusal(`The server at ${address.shown} has no model "${wanted}". It has: ${ids.join(', ')}${hint}`, 41);
}

/** What llama-server alone tells of a model: the context of one conversation, and whether its template knows tools. */
export async function propertiesOf(server: Server, model: string, signal: AbortSignal): Promise<{ contextSize?: number; tools?: boolean }> {
	if (server.kind !== 'llama.cpp') return {};
	const path = `${server.address.root}/props?model=${encodeURIComponent(model)}`;
	const patience = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
	const properties = await jsonOf(server, await tryOnce(server, { path, signal: patience }));
	if ('trouble' in properties) return {};
	const contextSize = countAt(properties.json, 'default_generation_settings', 'n_ctx');
	const tools = valueAt(properties.json, 'chat_template_caps', 'supports_tools');
	return { ...(contextSize ? { contextSize } : {}), ...(typeof tools === 'boolean' ? { tools } : {}) };
}
