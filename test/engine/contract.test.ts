import { scriptedEngine } from '../../src/engine/scripted.js';
import { plainDialect } from './asking.js';
import { contract } from './contract.js';
import { engineOn, talkingServer } from './remote/talker.js';

const replies = Array.from({ length: 30 }, (_, i) => `Reply ${i} says one word after another, and then some more of them.`);
contract('scripted', { open: () => scriptedEngine({ replies }, { dialect: plainDialect }), words: 12 });

for (const owner of ['llamacpp', 'vllm', 'sglang'] as const) {
	const { baseUrl } = await talkingServer(owner);
	contract(`on a server, ${owner}`, { open: () => engineOn({ baseUrl }), words: 10_000 });
}
