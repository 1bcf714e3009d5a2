import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import type { Engine } from '../../../src/engine/engine.js';
import { review } from '../../../src/jobs/review/review.js';
import type { AgentEvent, Remark } from '../../../src/types.js';
import { shell } from '../../workspace/world.js';
import { model, run, setting, textOf } from '../scene.js';
import { type Case, harmless, planted, type Texts } from './planted.js';

function write(root: string, texts: Texts): void {
	for (const [path, text] of Object.entries(texts)) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		if (text === null) rmSync(join(root, path));
		else writeFileSync(join(root, path), text);
	}
}

/** A repository with these files committed and then changed, and a job that may look at it. */
async function changed({ then, now }: Pick<Case, 'then' | 'now'>, engine: Engine = model()) {
	const { root, work } = await setting({ engine });
	write(root, then);
	shell(root, 'git init -q -b main . && git add -A && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m first');
	write(root, now);
	const reviewed = async (...args: string[]) => {
		const { events, ending } = await run(review(args, work, new AbortController().signal));
		return { events, ending, remarks: remarksOf(events), said: textOf(events) };
	};
	return { root, work, reviewed };
}

const remarksOf = (events: readonly AgentEvent[]): Remark[] => events.flatMap(event => (event.type === 'remark' ? [event] : []));
const shown = (remarks: readonly Remark[]) =>
	remarks.map(({ path, line, rule, certainty, text }) => `${path}:${line} ${certainty} ${rule}: ${text}`);

describe('a planted defect', () => {
	for (const one of planted)
		test(one.name, async () => {
			const { remarks, ending } = await (await changed(one)).reviewed();
			const [place, rule, says] = one.says!;
			const [remark, ...more] = remarks;
			assert.deepEqual([`${remark?.path}:${remark?.line}`, remark?.rule, more], [place, rule, []], shown(remarks).join('\n'));
			assert.match(remark!.text, says);
			assert.equal(remark!.certainty, 'verified');
			assert.deepEqual(ending, { reason: 'remarked', verified: 1 });
		});
});

describe('a change without a defect', () => {
	for (const one of harmless)
		test(one.name, async () => {
			const { remarks, ending, said } = await (await changed(one)).reviewed();
			assert.deepEqual(shown(remarks), []);
			assert.deepEqual(ending, { reason: 'answered' });
			assert.match(said, /checked.*: no verified remarks, no opinions/);
		});
});
