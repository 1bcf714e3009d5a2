import type { IncomingMessage } from 'node:http';
import { stripVTControlCharacters } from 'node:util';
import { jsonIn } from '../../json.js';
import type { Ending } from '../../types.js';
import { valueAt } from './json.js';
import { type Access, textOf } from './request.js';

/**
 * Why there is no answer that can be used. `brief` says it in a few words, `sentence` with what to do. `said` are the server's own
 * words. `again`: the same request may well succeed a little later; `waitMs` is how long the server asks to be left alone.
 */
export type Trouble = {
	status: number | undefined;
	brief: string;
	sentence: string;
	said: string;
	again: boolean;
	waitMs: number | undefined;
};

/** A server that is busy, starting or in trouble; 501 is what it can never do. */
const isPassing = (status: number): boolean => status === 429 || (status >= 500 && status !== 501);
/** Nobody listens there yet, or a kept connection was closed in the meantime. */
const passingCodes: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOENT']);

/** What is wrong with an answer that is not a success. Reads its body. */
export async function refusedBy(access: Access, answer: IncomingMessage): Promise<Trouble> {
	const status = answer.statusCode ?? 0;
	const body = await textOf(answer).catch(() => ''); // The status says enough.
	const said = wordsOf(body, access);
	const server = `The server at ${access.address.shown}`;
	return {
		status,
		brief: `${server} answers ${status}${said && ` (${said})`}`,
		sentence: `${server} ${whatStatusMeans(status, said, { access, location: answer.headers.location })}`,
		said,
		again: isPassing(status),
		waitMs: waitOf(answer.headers['retry-after']),
	};
}

/** What is wrong when there is no answer at all. */
export function unanswered({ address }: Access, error: unknown): Trouble {
	const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
	const why = code ?? (error instanceof Error ? error.message : String(error));
	const brief = `The server at ${address.shown} cannot be reached (${why})`;
	const sentence = /CERT|ISSUER|SIGNATURE/.test(why)
		? `The server at ${address.shown} shows a certificate that is not trusted (${why}). NODE_EXTRA_CA_CERTS=FILE adds the one that signed it.`
		: `${brief}. Start it, or check the address (--base-url).`;
	return { status: undefined, brief, sentence, said: '', again: code !== undefined && passingCodes.has(code), waitMs: undefined };
}

type About = { access: Access; location: string | undefined };

function whatStatusMeans(status: number, said: string, { access: { key, keyName }, location }: About): string {
	const words = said && `: ${said}`;
	if (status >= 300 && status < 400)
		return `leads elsewhere (${status}); give that address itself${location ? `: --base-url ${location}` : '.'}`;
	if (status === 401 || status === 403)
		return key === undefined
			? `wants a key (${status}). Put it into the environment variable ${keyName}, or name another one with --api-key-env.`
			: `refuses the key in ${keyName} (${status}). Put the right one there, or name another variable with --api-key-env.`;
	if (status === 404) return `does not know this (404${words}). Check the address (--base-url) and the model (-m).`;
	if (status === 429) return `is busy (429${words}). Wait a moment, then ask again.`;
	if (status >= 500) return `has trouble of its own (${status}${words}). Look into its log, or ask again.`;
	return `does not take the request (${status}${words}).`;
}

/** How the task ends. `context-full` where the server says that the prompt, with the reply asked for, is too long. */
export function endingOf({ status = 0, said, sentence }: Trouble, contextSize: number): Ending {
	if (status === 401 || status === 403 || status === 404) return { reason: 'no-model', detail: sentence };
	if (status >= 400 && status < 500 && /context (?:length|size|window)|too long/i.test(said)) {
		// Servers word it differently, but all name the size that they were asked for, and it is the largest number they name.
		const named = [...said.matchAll(/\d+/g)].map(Number);
		return { reason: 'context-full', needed: Math.max(contextSize + 1, ...named), available: contextSize };
	}
	return { reason: 'engine-lost', detail: sentence };
}

/** The server's own words in one short line. Some servers repeat the key that they refuse: it is never shown. */
export function wordsOf(body: string, { key }: Access): string {
	const json = jsonIn(body);
	const found = [valueAt(json, 'error', 'message'), valueAt(json, 'error'), valueAt(json, 'message'), valueAt(json, 'detail')];
	const words = found.find(value => typeof value === 'string') ?? (json === undefined && !/^\s*</.test(body) ? body : '');
	const plain = stripVTControlCharacters(key ? words.replaceAll(key, '…') : words).replace(/[\s\p{C}]+/gu, ' ');
	return plain.trim().replace(/\.$/, '').slice(0, 300);
}

/** Milliseconds from a `retry-after` header: whole seconds, or a date. */
function waitOf(header: string | undefined): number | undefined {
	if (header === undefined) return undefined;
	if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
	const date = Date.parse(header);
	return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
