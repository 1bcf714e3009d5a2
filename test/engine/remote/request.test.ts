import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { addressOf } from '../../../src/engine/remote/address.js';
import { ask } from '../../../src/engine/remote/request.js';

test('a stop that meets the very end of an answer is no error that nobody catches', async t => {
	const server = createServer((_question, answer) => answer.end('data: one\n\n'));
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.after(() => {
		server.closeAllConnections();
		server.close();
	});
	const address = addressOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	for (let times = 0; times < 3; times++) {
		const answer = await ask({ address, key: undefined, keyName: 'KEY' }, { path: '/', signal: new AbortController().signal });
		const { socket } = answer;
		// Here Node has taken its own listeners from the connection, to keep it; what `signal` does to it comes a moment later.
		const thrown = await new Promise(resolve => {
			answer.on('end', () => {
				try {
					socket.emit('error', new Error('stopped'));
					resolve(undefined);
				} catch (error) {
					resolve(error);
				}
			});
			answer.resume();
		});
		assert.equal(thrown, undefined);
		assert.ok(socket.listenerCount('error') < 4);
	}
});
