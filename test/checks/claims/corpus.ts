import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../../../src/checks/claims/check.js';
import { type Repository, repositoryOf } from '../../../src/checks/claims/repository.js';
import type { CheckedClaim } from '../../../src/types.js';
import { filesIn, world } from '../../workspace/world.js';
import { type Name, repositories } from './repositories.js';

/** An answer about one of the repositories; `falsehoods` are the claims in it that are not true, `told` is what the model was shown. */
export type Sample = { repository: Name; question: string; answer: string; falsehoods: string[]; told: string };

/** The answers of a file: `=== repository`, `? question`, the text, and a line `✗ claim` for each falsehood. */
export function samples(file: string): Sample[] {
	const parts = readFileSync(join(import.meta.dirname, file), 'utf8')
		.split(/^=== /m)
		.slice(1);
	return parts.map(part => {
		const [, name = '', question = '', rest = ''] = /^(\w+)\n\? (.*)\n([\s\S]*)$/.exec(part) ?? [];
		const repository = nameOf(name);
		const falsehoods = [...rest.matchAll(/^✗ (.*)$/gm)].map(match => match[1]!);
		return { repository, question, answer: rest.replace(/^✗ .*\n?/gm, '').trimEnd(), falsehoods, told: question };
	});
}

function nameOf(text: string): Name {
	if (text === 'shop' || text === 'board' || text === 'notes') return text;
	throw new Error(`There is no repository ${text}.`);
}

const opened = new Map<Name, Promise<Repository>>();

/** A repository on the disk, the same for all who ask. */
export function opening(name: Name): Promise<Repository> {
	const found = opened.get(name) ?? filesIn(world(repositories[name])).then(files => repositoryOf({ files }));
	opened.set(name, found);
	return found;
}

export const checked = async ({ repository, question, answer, told }: Sample): Promise<CheckedClaim[]> =>
	check({ reply: answer, question, told }, await opening(repository));
