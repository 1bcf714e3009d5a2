/** A real process around a made-up conversation. Arguments: the format, the script, and the prompt if there is one. */

import type { OutputFormat } from '../../src/oneshot/face.js';
import { oneshot } from '../../src/oneshot/oneshot.js';
import { madeUp, openedOn, recite, reply, type Script } from './scene.js';

const [output = 'text', name = '', text] = process.argv.slice(2);

const scripts: Record<string, Script> = {
	echo: async function* (task, signal) {
		return yield* recite([reply(`${task.material}|${task.text}`)], { reason: 'answered' })(task, signal);
	},
	/** Many long lines, until it is stopped. */
	flood: async function* (_task, signal) {
		while (!signal.aborted) {
			yield reply('x'.repeat(10_000));
			await new Promise(resolve => setImmediate(resolve));
		}
		return { reason: 'interrupted' };
	},
	wait: async function* (_task, signal) {
		yield { type: 'text', text: 'begun' };
		// Only the signal ends this; the timer keeps the process alive as an engine would.
		const alive = setInterval(() => {}, 1000);
		await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
		clearInterval(alive);
		return { reason: 'interrupted' };
	},
};

const conversation = madeUp({ script: scripts[name]! }, { asked: [], onClose: () => {} });
const wanted = {
	text,
	output: output as OutputFormat,
	partialMessages: output === 'stream-json',
	verbose: false,
	firstByteMs: 100,
	patienceMs: 300,
};
process.exitCode = await oneshot(async () => openedOn(conversation), process, wanted);
process.exit();
