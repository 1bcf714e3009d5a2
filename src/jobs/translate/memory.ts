import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openAppender } from '../../agent/appender.js';
import type { ModelInfo } from '../../engine/engine.js';
import { jsonIn } from '../../json.js';
import { projectFolder } from '../../places.js';
import { mask } from '../../secrets.js';

/** What this model has said of texts in this language, from one run to the next. Texts have marks for what stays. */
export type Memory = { get(shown: string): string | undefined; keep(shown: string, said: string): void; close(): void };

const record = z.object({ key: z.string(), text: z.string() });

/** The memory of the project in the folder `root`, a file for this person only. Throws `Refusal` 42 where it cannot be had. */
export function openMemory(root: string, tag: string, { name, sha256 = '' }: ModelInfo): Memory {
	const path = join(projectFolder(root), 'translations.jsonl');
	const known = new Map<string, string>();
	const fresh = !existsSync(path);
	const lines = fresh ? [] : readFileSync(path, 'utf8').split('\n');
	for (const line of lines) {
		const { data } = record.safeParse(jsonIn(line));
		if (data) known.set(data.key, data.text);
	}
	// A disk that takes no more costs the person time later, and nothing now.
	const file = openAppender(path, { fresh, torn: lines.at(-1) !== '' && !fresh, warn: () => {} });
	const keyOf = (shown: string) =>
		createHash('sha256')
			.update(JSON.stringify([tag, name, sha256, shown]))
			.digest('hex');
	return {
		get: shown => known.get(keyOf(shown)),
		keep(shown, text) {
			if (mask(text).secrets.length > 0) return;
			known.set(keyOf(shown), text);
			file.line({ key: keyOf(shown), text });
		},
		close: file.close,
	};
}
