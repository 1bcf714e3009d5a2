import { dialects } from '../../src/engine/dialects/all.js';
import type { Engine, Prompt } from '../../src/engine/engine.js';
import type { Tier } from '../../src/types.js';
import type { Row } from './figures.js';
import type { Bench } from './measures.js';
import { engineOn, fixedPrompt } from './model.js';

/** P7: what stands before the person's words, in tokens. No clock is in it, so it is counted once. */

const tiers: readonly { tier: Tier; dialect: keyof typeof dialects; reach: number }[] = [
	{ tier: 'T0', dialect: 'fenced', reach: 300 },
	{ tier: 'T1', dialect: 'hermes', reach: 700 },
	{ tier: 'T2', dialect: 'hermes', reach: 1200 },
	{ tier: 'T2', dialect: 'qwen-xml', reach: 1200 },
];

export async function fixedPrompts({ weights }: Bench): Promise<Row[]> {
	const rows: Row[] = [];
	for (const { tier, dialect, reach } of tiers) {
		const engine = await engineOn({ ...weights, dialect: dialects[dialect] });
		try {
			rows.push({
				id: 'P7',
				what: `fixed prompt ${tier}, ${dialect}`,
				unit: 'tokens',
				runs: [{ ours: await before(engine, fixedPrompt(tier)) }],
				dropped: 0,
				against: 'none: a figure of its own',
				goal: { of: 'ours', better: 'less', reach },
				note: `counted with the vocabulary of ${weights.name}`,
			});
		} finally {
			await engine.close();
		}
	}
	return rows;
}

/** The whole prompt less what the same question costs without anything before it. */
async function before(engine: Engine, fixed: Pick<Prompt, 'system' | 'tools'>): Promise<number> {
	const messages = [{ role: 'user', text: 'x' }] as const;
	return (await engine.measure({ ...fixed, messages })) - (await engine.measure({ system: '', tools: [], messages }));
}
