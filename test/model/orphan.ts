import { ask, run, varied } from '../engine/asking.js';
import { tinyEngine } from './engines.js';
import { engineProcesses } from './processes.js';

// A program to be killed: tells the number of its engine process once the phase it was given is reached, then goes on
// until it is ended or its reply is over, and tells how. Any event is the phase `through`.
const [, , phase, modelPath] = process.argv;
process.on('SIGINT', () => {});
const engine = tinyEngine({ contextSize: 16_384, ...(modelPath ? { modelPath } : {}) });
let told = false;
const prompt = ask('const a = 1;\n'.repeat(phase === 'reading' ? 1000 : 1), { sampling: varied, maxTokens: 3000 });
const { reply } = await run(engine, prompt, event => {
	if (told || (event.type !== phase && phase !== 'through')) return;
	told = true;
	process.stdout.write(`engine ${engineProcesses()[0]}\n`);
});
process.stdout.write(`ended ${reply.message.stop} ${JSON.stringify(reply.failure ?? '')}\n`);
await engine.close();
