import { type IncomingMessage, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import type { Address } from './address.js';

/** A server and the key it is shown. `keyName` is the environment variable that the key stands in. */
export type Access = { address: Address; key: string | undefined; keyName: string };
/** Without a `body` it is a GET. `path` is a whole one, such as `/v1/models`. */
export type Question = { path: string; body?: object; signal: AbortSignal };

/** The head of an answer, and its body as it comes. */
export type Answer = AsyncIterable<Uint8Array> & Pick<IncomingMessage, 'headers'>;

/**
 * Asks once, and gives the answer as soon as its head is there, whatever its status. `signal`, and leaving the body before its
 * end, close the connection. Rejects when there is no answer.
 *
 * Not `fetch`: that gives up after five minutes without a byte, which a long prompt on a slow machine may well take. Here
 * nothing but `signal` ends the waiting.
 */
export function ask({ address, key }: Access, { path, body, signal }: Question): Promise<IncomingMessage> {
	const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
	const text = body && JSON.stringify(body, wellFormed);
	const send = address.origin.protocol === 'https:' ? secure : plain;
	const request = send(address.origin, {
		path,
		signal,
		method: text === undefined ? 'GET' : 'POST',
		...(address.socketPath === undefined ? {} : { socketPath: address.socketPath }),
		headers: {
			accept: 'text/event-stream, application/json',
			'accept-encoding': 'identity',
			...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
			...(key !== undefined && { authorization: `Bearer ${key}` }),
		},
	});
	// A connection that is about to be kept has no listener of Node's for a moment: a stop in just that moment would end the program.
	request.on('socket', socket => !socket.listeners('error').includes(quiet) && socket.on('error', quiet));
	request.on('response', resolve);
	request.on('error', reject);
	request.end(text);
	return promise;
}

const quiet = (): void => {};

/** Half of a surrogate pair, as a cut may leave it, is no JSON to some servers. */
const wellFormed = (_key: string, value: unknown): unknown => (typeof value === 'string' ? value.toWellFormed() : value);

const longestBody = 32 * 2 ** 20;

/** The whole body as text. Rejects when the connection ends before it, or past 32 MB. */
export async function textOf(answer: Answer): Promise<string> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of answer) {
		chunks.push(chunk);
		length += chunk.length;
		if (length > longestBody) throw new Error('the answer is too long');
	}
	return Buffer.concat(chunks).toString('utf8');
}
