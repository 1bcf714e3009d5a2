import { setImmediate as turn } from 'node:timers/promises';
import type { Engine } from '../../../src/engine/engine.js';
import { lateEngine } from '../../../src/engine/late.js';
import { remoteEngine } from '../../../src/engine/remote/remote.js';
import { accessTo, findServer, servedBy } from '../../../src/engine/remote/server.js';
import type { Pause } from '../../../src/engine/remote/tries.js';
import type { EngineEvent, Tier } from '../../../src/types.js';
import { type Answering, type Body, begin, done, event, finish, json, models, serve, type TestServer, usage } from './server.js';

export type Owner = Parameters<typeof models>[0];
export type Opening = { baseUrl: string; model?: string; tier?: Tier; pause?: Pause; key?: string; offline?: boolean };

/** An engine on a server, opened when it is first used, as the program does it. Nothing waits unless `pause` says so. */
export function engineOn({ baseUrl, model, tier = 'T2', pause = async () => {}, key, offline = false }: Opening): Engine {
	return lateEngine(async function* (signal): AsyncGenerator<EngineEvent, Engine> {
		const env = key === undefined ? {} : { QWILL_API_KEY: key };
		const server = yield* findServer(accessTo({ baseUrl, keyName: undefined, offline, env }), signal, pause);
		return await remoteEngine({ server, model: servedBy(server, model), tier, pause }, signal);
	});
}

/** A server with one model, `owner`'s way, and these answers to questions for a reply. */
export function serverOf(owner: Owner, chat: Answering, more: Record<string, Answering> = {}): Promise<TestServer> {
	return serve({ ...more, '/v1/models': models(owner, 'qwen3-coder'), '/chat/completions': chat });
}

/** A server that talks: as many words as it may write, one after another, and counts as the program `owner` does. */
export function talkingServer(owner: Owner): Promise<TestServer> {
	return serverOf(owner, talk, {
		'/apply-template': (response, asked) => json({ prompt: wordsIn(asked.body).join(' ') })(response, asked),
		'/tokenize': (response, asked) => {
			const { messages, content, prompt } = asked.body;
			const words = messages ? wordsIn(asked.body) : String(content ?? prompt).split(' ');
			return json({ tokens: words.map((_word, i) => i), count: words.length })(response, asked);
		},
	});
}

const wordsIn = ({ messages }: Body): string[] => messages.flatMap(({ role, content }) => [role, ...content.split(' ')]);

const talk: Answering = async (response, { body }) => {
	const most = Number(body.max_tokens);
	const reused = Math.floor(wordsIn(body).length / 2);
	begin(response);
	let written = 0;
	for (; written < most && !response.destroyed; written++) {
		response.write(event({ content: `word ${written} ` }));
		await turn();
	}
	response.end(`${finish('length')}${usage(wordsIn(body).length, reused, written)}${done}`);
};
