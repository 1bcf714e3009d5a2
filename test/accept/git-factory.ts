/**
 * Does each operation of our own factory in repositories with plants, in one process that has the environment of a person:
 * `git-factory.ts`. Prints a line of JSON for each, `[plants, operation, wrong]`.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Refusal } from '../../src/types.js';
import { openGit } from '../../src/workspace/git.js';
import { type Operation, operations, prepare } from './git-operations.js';
import { eachPlant, keep, makeRepository, type Plants, plant, putBack, type Repository, withoutPlants } from './planted.js';
import { digest, environmentOf, removeWorld } from './play.js';

type Done = { name: string; value?: unknown; refused?: string; ran: readonly string[]; touched: boolean };

/** All operations in the repository that is kept under this name, which is put back where one has changed it. */
async function all(world: Repository, kept: string): Promise<Done[]> {
	const done: Done[] = [];
	let fresh = false;
	for (const [name, operation] of Object.entries(operations)) {
		const alters = operation.changes || operation.made !== undefined;
		if (!fresh) putBack(world, kept);
		prepare(world, operation);
		const before = digest(world.outside, world.home);
		const came = await outcome(operation, world.ws);
		done.push({ name, ...came, ran: readdirSync(world.markers), touched: digest(world.outside, world.home) !== before });
		fresh = !alters;
	}
	return done;
}

async function outcome({ run }: Operation, root: string): Promise<Pick<Done, 'value' | 'refused'>> {
	try {
		return { value: await run(openGit(root), root) };
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return { refused: error.message };
	}
}

/** What is said where nothing is planted: once for all repositories with the same files and history. */
const clean = new Map<string, Done[]>();
async function unplanted(world: Repository): Promise<Done[]> {
	putBack(world, 'planted');
	withoutPlants(world);
	const history = execFileSync('sh', ['-c', 'cat .git/HEAD; git for-each-ref; git ls-files -s'], { cwd: world.ws, encoding: 'utf8' });
	const key = `${history}${digest(...readdirSync(world.ws).flatMap(name => (name === '.git' ? [] : [join(world.ws, name)])))}`;
	const known = clean.get(key);
	if (known) return known;
	keep(world, 'clean');
	const done = await all(world, 'clean');
	clean.set(key, done);
	return done;
}

/** Where nothing is planted everything works, but for what is refused there too. */
const nothing: Plants = { name: 'nothing', scripts: [] };

const world = makeRepository();
try {
	Object.assign(process.env, environmentOf(world));
	for (const plants of [nothing, ...eachPlant]) {
		plant(world, plants);
		keep(world, 'planted');
		const planted = await all(world, 'planted');
		const usual = await unplanted(world);
		for (const [at, { name, value, refused, ran, touched }] of planted.entries()) {
			const wrong = [
				ran.length > 0 && `ran ${ran.join(', ')}`,
				touched && 'changed outside',
				refused === undefined && !isDeepStrictEqual(value, usual[at]?.value) && 'says something else than where nothing is planted',
				refused?.includes('\n') && 'is refused in more than a sentence',
				plants === nothing && refused !== undefined && !operations[name]?.refused && `is refused: ${refused}`,
			].filter(Boolean);
			console.log(JSON.stringify([plants.name, name, wrong.join(', ')]));
		}
	}
} finally {
	removeWorld(world);
}
