import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Engine } from '../../../src/engine/engine.js';
import { type CheckedClaim, Refusal, type Remark } from '../../../src/types.js';
import type { Verdict } from '../judge.js';
import type { Files } from '../repository.js';

/** A task in a repository, which the program does there and a plain answer does without it. */
export type RepositoryItem = {
	kind: 'repository';
	id: string;
	files: Files;
	/** What of the files is changed behind the commit that has them all. */
	changed?: Files;
	/** What the program is asked, and the model in one plain answer. Without a question, there is nothing to compare with. */
	task: string;
	plain?: { question: string; place(code: string, answer?: string): Files };
	/** The files that the item itself gives as right. Where they are not right here, the item cannot be judged here. */
	canonical?: Files;
	/** Whether the item is what it says it is on this machine, where more than files tells it. */
	isSound?(): Promise<boolean>;
	judge(after: Files, said?: Said): Promise<Verdict>;
};

/** What was said of an item: the answer, and what the program says of it and of the change; a plain answer is text alone. */
export type Said = { text: string; remarks?: readonly Remark[]; claims?: readonly CheckedClaim[] };

export type Answer = { text: string; read: number; written: number };
/** A task for the engine alone: the program's way to ask it, the plain way, and the way that suits a server. */
export type EngineItem = {
	kind: 'engine';
	id: string;
	ours(engine: Engine): Promise<Answer>;
	plain(engine: Engine): Promise<Answer>;
	served(engine: Engine): Promise<Answer>;
	judge(text: string): Promise<Verdict>;
};

export type Item = RepositoryItem | EngineItem;
/** `seconds` an item may take. `read` gives the items in the order of the data; the same seed gives the same. */
export type Suite = { name: string; seconds: number; read(data: string, seed: number): Item[] };

/** The items of a file of JSON lines, where they lie. Throws `Refusal` when they are not there. */
export function lines<T>(data: string, file: string, shape: z.ZodType<T>): T[] {
	const path = join(data, file);
	if (!existsSync(path)) throw new Refusal(`There is no ${path}. Name the folder that has the items with --data or QWILL_EVALS.`, 42);
	return readFileSync(path, 'utf8')
		.split('\n')
		.filter(Boolean)
		.map(line => shape.parse(JSON.parse(line)));
}

/** A block of code in a question, which nothing in it can end. */
export const block = (language: string, code: string): string => `\`\`\`${language}\n${code.replace(/\n*$/, '\n')}\`\`\``;

/** The words that the kinds of questions end with. */
export const wholeFile = (path: string): string => `Answer with the whole of ${path} in one code block.`;
