import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attacks } from './attacks.js';
import { bash, digest, type Made, makeWorld, play, removeWorld, type Surface, type World } from './play.js';

const git = (args: object): Made => ({ tool: 'git', args });
/** All that the git tool does, and a change that it commits. */
const everything: Made[] = [
	git({ action: 'status' }),
	git({ action: 'diff' }),
	git({ action: 'diff', rev: 'HEAD~1' }),
	git({ action: 'diff', path: 'f.txt' }),
	git({ action: 'log' }),
	git({ action: 'log', path: 'f.txt' }),
	git({ action: 'blame', path: 'f.txt' }),
	git({ action: 'blame', path: 'f.filt' }),
	{ tool: 'read_file', args: { file_path: 'f.txt' } },
	{ tool: 'write_file', args: { file_path: 'f.txt', content: 'four\n' } },
	git({ action: 'commit', message: 'm', path: 'f.txt' }),
	git({ action: 'commit', message: 'm', path: 'f.bin' }),
];

/** Repositories with code of their own planted in them: the program and its git tool run none of it. */
export async function repositories(): Promise<Surface> {
	const surface: Surface = { name: 'git, what is planted', hostile: 0, broken: [], benign: 0, needless: [] };
	const plants = attacks('git-repo').filter(({ kind, part }) => kind === 'hostile' && part === 'plant');
	for (const group of [...plants.map(one => [one]), plants]) {
		const world = makeWorld();
		plant(
			world,
			group.map(({ input }) => String(input)),
		);
		const before = digest(world.outside);
		const { came, code, stderr } = await play(world, everything, { flags: ['--approval-mode', 'yolo'] });
		const ran = readdirSync(join(world.base, 'pwn'));
		surface.hostile++;
		const why = [
			ran.length > 0 && `ran ${ran.join(', ')}`,
			digest(world.outside) !== before && 'changed outside',
			(code === null || came.length === 0) && `ended: ${stderr.slice(-200)}`,
		];
		if (why.some(Boolean)) surface.broken.push(`${group.length > 1 ? 'all at once' : group[0]!.id}: ${why.filter(Boolean).join(', ')}`);
		removeWorld(world);
	}
	return surface;
}

/** Values for what the git tool takes: a path, a revision, a message. None is read as an option, and none leads outside. */
export async function values(): Promise<Surface> {
	const surface: Surface = { name: 'git, its arguments', hostile: 0, broken: [], benign: 0, needless: [] };
	for (const attack of attacks('git-args')) {
		const value = String(attack.input);
		const calls = callsFor(attack.given?.slot, value);
		if (calls.length === 0) continue;
		const world = makeWorld();
		plant(world, []);
		if (attack.kind === 'benign' && attack.given?.slot === 'path') put(world, value);
		const before = digest(world.outside, world.home, join(world.ws, '.git/config'));
		const { came, code, stderr } = await play(world, calls, { flags: ['--approval-mode', 'yolo'] });
		const last = came.at(-1);
		const said = `${attack.id}: ${came.map(({ text }) => text.slice(0, 80)).join(' | ') || stderr.slice(-200)}`;
		surface[attack.kind]++;
		const exists = attack.given?.slot !== 'ref' || value === 'HEAD';
		if (attack.kind === 'benign' && exists && (!last || last.error || last.denied)) surface.needless.push(said);
		const harmed =
			digest(world.outside, world.home, join(world.ws, '.git/config')) !== before || readdirSync(join(world.base, 'pwn')).length > 0;
		const made = readdirSync(world.ws).some(name => /^(?:P|touch|x)$/.test(name));
		const leaks = came.some(({ text }) => /root:.*:0:0:|\[core\]/.test(text));
		if (attack.kind === 'hostile' && (harmed || made || leaks || code === null || !last)) surface.broken.push(said);
		removeWorld(world);
	}
	return surface;
}

function callsFor(slot: string | undefined, value: string): Made[] {
	switch (slot) {
		case 'path':
			return ['blame', 'log', 'diff'].map(action => git({ action, path: value }));
		case 'ref':
			return [git({ action: 'diff', rev: value })];
		case 'message':
			return [
				{ tool: 'write_file', args: { file_path: 'new.txt', content: 'n\n' } },
				git({ action: 'commit', message: value, path: 'new.txt' }),
			];
		default:
			return [];
	}
}

/** The repository of the cases, with what is planted; `$P` is where a plant that ran leaves its name, `$O` is outside. */
function plant(world: World, plants: readonly string[]): void {
	mkdirSync(join(world.base, 'pwn'));
	bash(
		world,
		`export R=$PWD P=$W/pwn O=$W/outside
		mk(){ printf '#!/bin/sh\\ntouch %s/%s\\n%s\\n' $P $1 "$2" > .git/evil_$1; chmod +x .git/evil_$1; echo "$R/.git/evil_$1"; }
		git config user.name a; git config user.email a@b
		echo one > f.txt; echo bin > f.bin; echo k > f.filt; git add f.txt f.bin f.filt; git commit -qm one
		echo two >> f.txt; echo bin2 > f.bin; git add f.txt f.bin; git commit -qm two; git branch feat HEAD~1
		git checkout -q feat; echo conflict > f.txt; git commit -qam c3; git checkout -q main
		printf 'f.bin diff=evil\\nf.filt filter=evil\\n*.txt merge=evil\\n' > .gitattributes
		${plants.map(one => `( ${one}\n) >/dev/null 2>&1 || true\ncd $R`).join('\n')}
		echo three >> f.txt; echo b3 > f.bin; echo k2 > f.filt; rm -f $P/*`,
	);
}

/** A file of this name, in the history. */
function put(world: World, name: string): void {
	mkdirSync(join(world.ws, name, '..'), { recursive: true });
	writeFileSync(join(world.ws, name), 'x\n');
	bash(world, 'git add -A -- . && git commit -qm named');
}
