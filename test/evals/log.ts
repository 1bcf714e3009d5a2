import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const shape = z.object({
	suite: z.string(),
	item: z.string(),
	arm: z.string(),
	model: z.string(),
	seed: z.number(),
	/** Seconds that the item could take at the most, and those that it took. */
	limit: z.number(),
	seconds: z.number(),
	right: z.boolean(),
	broken: z.boolean(),
	/** It cannot be judged on this machine: its own solution is not right here. */
	void: z.boolean(),
	/** Tokens read and written, as far as they are told. */
	read: z.number(),
	written: z.number(),
	/** One line on how it went. */
	why: z.string(),
	/** How many parts of the item were right, of how many. */
	shares: z.record(z.string(), z.tuple([z.number(), z.number()]).readonly()).optional(),
	/** The commit of the program. */
	revision: z.string(),
});
export type Result = z.infer<typeof shape>;
export type Key = Pick<Result, 'suite' | 'item' | 'arm' | 'model' | 'seed' | 'limit'>;

/** Results in a file of JSON lines: each is there as soon as it is known, and none is there twice. */
export type Log = { has(key: Key): boolean; add(result: Result): void; results(): readonly Result[] };

/** Goes on with the file where there is one. A last line that was cut off, because the program was stopped, counts for nothing. */
export function openLog(path: string): Log {
	const results = existsSync(path) ? readFileSync(path, 'utf8').split('\n').flatMap(read) : [];
	const known = new Set(results.map(keyOf));
	mkdirSync(dirname(path), { recursive: true });
	if (existsSync(path) && !/(^|\n)$/.test(readFileSync(path, 'utf8'))) appendFileSync(path, '\n');
	return {
		has: key => known.has(keyOf(key)),
		add(result) {
			results.push(result);
			known.add(keyOf(result));
			appendFileSync(path, `${JSON.stringify(result)}\n`);
		},
		results: () => results,
	};
}

function read(line: string): Result[] {
	try {
		return line === '' ? [] : [shape.parse(JSON.parse(line))];
	} catch (error) {
		if (error instanceof SyntaxError) return [];
		throw error;
	}
}

const keyOf = ({ suite, item, arm, model, seed, limit }: Key): string => JSON.stringify([suite, item, arm, model, seed, limit]);
