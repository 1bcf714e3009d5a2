/** Machines that allow no sandbox: no command runs unasked there, and it is said why. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filterFor } from '../../src/workspace/sandbox/filter.js';
import { type Attack, attacks } from './attacks.js';
import { counting } from './count.js';
import { digest, makeWorld, play, removeWorld, type Surface, type World } from './play.js';
import { ordinary, ourselves, type User } from './users.js';

/** `shell` starts a program there, as `"$@"`, with a folder of its own in `$M` and the filter of our box in `$M/filter`. `says` is why there is none. */
type Machine = { name: string; shell: string; env?: Record<string, string>; says: RegExp };

const bubblewrap = '/usr/bin/bwrap';
/** Calls of one run; characters of commands in one: what the model said before must fit beside them. */
const together = 16;
const mostCharacters = 4_000;

/** In a space of mounts of its own, where a layer over /usr/bin has lost it; else with nothing in its place. */
const noBubblewrap: Machine = {
	name: 'without bubblewrap',
	shell: `exec unshare --mount sh -c '
		if mount -t tmpfs t "$M" && mkdir "$M/u" "$M/w" && mount -t overlay o -o "lowerdir=/usr/bin,upperdir=$M/u,workdir=$M/w" /usr/bin
		then rm -f ${bubblewrap}; else mount --bind /dev/null ${bubblewrap}; fi; exec "$@"' sh "$@"`,
	says: /bwrap is missing|bubblewrap is too old/,
};

/** The switch of the system holds for the space of users that it is thrown in, and those within. */
const noNamespaces: Machine = {
	name: 'without user namespaces',
	shell: `exec unshare --user --map-root-user sh -c 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"' sh "$@"`,
	says: /user\.max_user_namespaces is 0/,
};

/** As engines of containers do: fewer rights, and a filter that makes no space of users and mounts nothing. */
const container: Machine = {
	name: 'in a container',
	shell: `exec ${bubblewrap} --dev-bind / / --unshare-pid --proc /proc --cap-drop CAP_SYS_ADMIN --seccomp 9 -- "$@" 9<"$M/filter"`,
	env: { container: 'oci' },
	says: /this container does not allow it/,
};

export const withoutBubblewrap = (): Promise<Surface> => unboxed(noBubblewrap);
export const withoutNamespaces = (): Promise<Surface> => unboxed(noNamespaces);
export const inContainer = (): Promise<Surface> => unboxed(container);

/**
 * Commands that are run unasked where there is a box: none is, in any mode that runs some by itself, and `--sandbox` ends with 44. Only
 * such as would do no harm, since a fault would have them run on this machine as they are.
 */
async function unboxed(machine: Machine): Promise<Surface> {
	const users = [ourselves, ...(ordinary ? [ordinary] : [])].filter(user => isThere(machine, user));
	const { surface, hostile } = counting(`sandbox, ${machine.name} (${users.map(({ name }) => name).join(', ') || 'not tried here'})`);
	const cases = [...attacks('sandbox'), ...attacks('shell')].filter(one => isPlain(one) && (one.kind === 'benign' || one.given?.without));
	for (const user of users) {
		const world = makeWorld();
		const run = startedBy(machine, user, world);
		user.owns(world);
		const required = await play(world, [], { ...run, flags: ['--sandbox'] });
		const says = machine.says.test(required.stderr) && !required.stderr.trim().includes('\n');
		hostile(
			`--sandbox as ${user.name}: ${required.stderr}`,
			required.code !== 44 && `ends with ${required.code}`,
			!says && 'does not say why',
		);
		for (const mode of ['default', 'auto-edit'])
			for (const group of grouped(cases)) {
				const before = digest(world.outside, world.home, world.ws);
				const { came, stderr } = await play(world, group.map(call), { ...run, flags: ['--approval-mode', mode] });
				const changed = digest(world.outside, world.home, world.ws) !== before && 'a file changed';
				for (const [at, { id }] of group.entries()) {
					const said = came[at]?.text.slice(0, 100) ?? stderr.slice(-200);
					hostile(`${id} as ${user.name} (${mode}): ${said}`, !came[at]?.denied && 'ran', changed);
				}
			}
		removeWorld(world);
	}
	return surface;
}

const isPlain = ({ given }: Attack): boolean => given?.workspace === undefined && given?.cwd === undefined && given?.setup === undefined;
const call = ({ input }: Attack) => ({ tool: 'run_shell_command', args: { command: input } });

/** The machine goes around the user where it takes rights to make it, and else within. */
function startedBy({ name, shell, env }: Machine, user: User, world: World) {
	const folder = join(world.base, 'machine');
	mkdirSync(folder);
	writeFileSync(join(folder, 'filter'), filterFor(process.arch === 'arm64' ? 'arm64' : 'x64'));
	const [outer, inner] = name === noBubblewrap.name ? [shell, user.shell] : [user.shell, shell];
	return { shell: `set -- bash --norc -c '${inner.replaceAll("'", "'\\''")}' bash "$@"\n${outer}`, env: { ...env, M: folder } };
}

function isThere(machine: Machine, user: User): boolean {
	const world = makeWorld();
	const { shell, env } = startedBy(machine, user, world);
	user.owns(world);
	const { status } = spawnSync('bash', ['--norc', '-c', shell, 'bash', 'true'], { cwd: world.ws, env: { PATH: process.env.PATH, ...env } });
	removeWorld(world);
	return status === 0;
}

function grouped(cases: readonly Attack[]): Attack[][] {
	const groups: Attack[][] = [];
	let size = mostCharacters;
	for (const one of cases) {
		const { length } = String(one.input);
		const last = groups.at(-1);
		if (last && last.length < together && size + length <= mostCharacters) last.push(one);
		else groups.push([one]);
		size = groups.at(-1) === last ? size + length : length;
	}
	return groups;
}
