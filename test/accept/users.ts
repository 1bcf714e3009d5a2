/** Who runs the program: we ourselves and, where we are root, also an ordinary user. */
import { spawnSync } from 'node:child_process';
import { bash, program, type World } from './play.js';

/** `shell` is the line that starts the program as this user; `owns` makes a world its own. */
export type User = { name: string; uid: number; shell: string; owns(world: World): void };

/** Nobody has this id. */
const uid = 64_002;
const drop = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'];

const isRoot = process.getuid?.() === 0;
export const ourselves: User = {
	name: isRoot ? 'root' : 'an ordinary user',
	uid: process.getuid?.() ?? 0,
	shell: 'exec "$@"',
	owns() {},
};

/** Undefined where we are one already, or where such a one cannot read the program. */
export const ordinary: User | undefined =
	isRoot && spawnSync(drop[0]!, [...drop.slice(1), process.execPath, program, '--version'], { cwd: '/' }).status === 0
		? { name: 'an ordinary user', uid, shell: `exec ${drop.join(' ')} "$@"`, owns: world => bash(world, `chown -hR ${uid}:${uid} "$W"`) }
		: undefined;
