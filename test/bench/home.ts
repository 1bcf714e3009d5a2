import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Usage } from '../../src/types.js';

/** A person's folders, empty, so that no measure meets what another has left, nor the settings of whoever measures. */
export type Home = { env: Record<string, string | undefined>; state: string; folder(): string; remove(): void };

/** To be removed. `cache` shares what is kept of earlier runs with another home. */
export function newHome(cache?: Home): Home {
	const top = mkdtempSync(join(tmpdir(), 'qwill-bench-'));
	const state = join(top, 'state');
	const env = {
		XDG_CONFIG_HOME: join(top, 'config'),
		XDG_CACHE_HOME: cache?.env.XDG_CACHE_HOME ?? join(top, 'cache'),
		XDG_STATE_HOME: state,
		QWILL_MODEL: undefined,
		QWILL_BASE_URL: undefined,
		QWILL_API_KEY: undefined,
		QWILL_APPROVAL_MODE: undefined,
		QWILL_OFFLINE: undefined,
		NO_COLOR: undefined,
		CI: undefined,
	};
	return {
		env,
		state,
		folder() {
			mkdirSync(join(top, 'work'), { recursive: true });
			return mkdtempSync(join(top, 'work', 'project-'));
		},
		remove: () => rmSync(top, { recursive: true, force: true }),
	};
}

const replied = z.object({
	type: z.literal('replied'),
	usage: z.object({ prompt: z.number(), reused: z.number(), output: z.number(), readMs: z.number(), writeMs: z.number() }),
});

/** What the replies of all conversations of this home used, in the order of each conversation. */
export function usages({ state }: Home): Usage[] {
	const journals = readdirSync(state, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.jsonl'));
	return journals.flatMap(path =>
		readFileSync(join(state, path), 'utf8')
			.split('\n')
			.flatMap(line => {
				if (!line.startsWith('{"type":"replied"')) return [];
				return [replied.parse(JSON.parse(line)).usage];
			}),
	);
}
