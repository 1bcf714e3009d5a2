/** Repositories with code of their own planted in them, for everything that uses git. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Attack, attacks } from './attacks.js';
import { bash, makeWorld, type World } from './play.js';

/** `markers` is the folder in which a plant that ran leaves its name. */
export type Repository = World & { markers: string };
/** What is planted together. */
export type Plants = { name: string; scripts: readonly string[] };

const toPlant: readonly Attack[] = attacks('git-repo').filter(({ kind, part }) => kind === 'hostile' && part === 'plant');
const scriptsOf = (plants: readonly Attack[]): string[] => plants.map(({ input }) => String(input));

export const allAtOnce: Plants = { name: 'all at once', scripts: scriptsOf(toPlant) };
/** Each plant alone, then all of them. */
export const eachPlant: readonly Plants[] = [...toPlant.map(one => ({ name: one.id, scripts: scriptsOf([one]) })), allAtOnce];
/** The plants of a class together, then all of them: of those that set the same thing the last one counts. */
export const eachClass: readonly Plants[] = [
	...[...new Set(toPlant.map(one => one.class))].map(name => ({ name, scripts: scriptsOf(toPlant.filter(one => one.class === name)) })),
	allAtOnce,
];

/** The repository of the cases, with nothing planted. The first commit's hooks are samples, which go. */
export function makeRepository(): Repository {
	const world = makeWorld();
	const markers = join(world.base, 'pwn');
	mkdirSync(markers);
	bash(
		world,
		`rm -rf .git/hooks/*; git config user.name a; git config user.email a@b
		echo one > f.txt; echo bin > f.bin; echo k > f.filt; git add f.txt f.bin f.filt; git commit -qm one
		echo two >> f.txt; echo bin2 > f.bin; git add f.txt f.bin; git commit -qm two; git branch feat HEAD~1
		git checkout -q feat; echo conflict > f.txt; git commit -qam c3; git checkout -q main
		printf 'f.bin diff=evil\\nf.filt filter=evil\\n*.txt merge=evil\\n' > .gitattributes`,
	);
	const repository = { ...world, markers };
	keep(repository, 'plain');
	return repository;
}

/** Keeps the repository, and what is outside, as they are now. */
export const keep = (world: Repository, name: string): void =>
	bash(world, `rm -rf $W/kept/${name}; mkdir -p $W/kept/${name}; cp -a $W/ws $W/outside $W/kept/${name}`);

/** Puts them back, in the same place, with no marker, and with nothing that the program remembers. */
export const putBack = (world: Repository, name: string): void =>
	bash(world, `cd $W; rm -rf ws outside pwn state; cp -a kept/${name}/. .; mkdir pwn state`);

/** Plants these in the plain repository, in which files are changed then. */
export function plant(world: Repository, { scripts }: Pick<Plants, 'scripts'>): void {
	putBack(world, 'plain');
	bash(
		world,
		`export R=$PWD P=$W/pwn O=$W/outside
		mk(){ printf '#!/bin/sh\\ntouch %s/%s\\n%s\\n' $P $1 "$2" > .git/evil_$1; chmod +x .git/evil_$1; echo "$R/.git/evil_$1"; }
		mkdir -p .git/hooks
		${scripts.map(one => `( ${one}\n) >/dev/null 2>&1 || true\ncd $R`).join('\n')}
		echo three >> f.txt; echo b3 > f.bin; echo k2 > f.filt; rm -rf $P/*`,
	);
}

/** The same files and history, where nothing is set but what the plain repository sets. */
export const withoutPlants = (world: Repository): void =>
	bash(world, 'rm -rf .git/hooks/* .git/info/attributes .git/config.worktree; cp $W/kept/plain/ws/.git/config .git/config');
