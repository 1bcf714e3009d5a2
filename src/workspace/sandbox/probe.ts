/** Whether this machine can box programs, and if not, why and what to do. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../trouble.js';
import type { Ability } from './profile.js';

/** By its whole path: systems that let only some programs make namespaces know it by that. */
export const bubblewrap = '/usr/bin/bwrap';
export const bash = (): string => ['/bin/bash', '/usr/bin/bash'].find(path => existsSync(path)) ?? 'bash';

/** `why` is the end of a sentence, without a full stop; `fix` is what to do about it, if anything can be done. */
export type Able = { works: true; abilities: ReadonlySet<Ability> } | { works: false; why: string; fix?: string };

/** What is known of a machine where boxing did not work. `said` is what bubblewrap said. */
export type Trouble = { said: string; sysctl: (name: string) => string | undefined; container: boolean };

/** Tries a command in a box in the folder it is given, with these abilities; gives what bubblewrap complained of, '' when it worked. */
export type Try = (folder: string, abilities: ReadonlySet<Ability>) => Promise<string>;

/** Finds out by doing it. */
export async function probe(tryIn: Try): Promise<Able> {
	if (process.platform !== 'linux') return { works: false, why: `this version has none for ${process.platform}` };
	if (process.arch !== 'x64' && process.arch !== 'arm64')
		return { works: false, why: `this version has none for ${process.arch} processors` };
	if (!existsSync(bubblewrap)) return { works: false, why: `${bubblewrap} is missing`, fix: 'install bubblewrap (apt install bubblewrap)' };
	if (!existsSync(bash())) return { works: false, why: 'bash is missing', fix: 'install bash' };
	const help = await output(bubblewrap, ['--help']);
	if (!help.includes('--perms')) return { works: false, why: 'this bubblewrap is too old', fix: 'install bubblewrap 0.5 or newer' };
	const abilities = new Set((['size', 'disable-userns'] as const).filter(option => help.includes(`--${option}`)));
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-box-')));
	try {
		const said = await tryIn(folder, abilities);
		return said === '' ? { works: true, abilities } : { works: false, ...named({ said, sysctl, container: isContainer() }) };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** The reason, from the switches that systems have for this, else in bubblewrap's own words. */
export function named({ said, sysctl, container }: Trouble): { why: string; fix?: string } {
	if (sysctl('user/max_user_namespaces') === '0')
		return { why: 'this system forbids user namespaces (user.max_user_namespaces is 0)', fix: 'sysctl -w user.max_user_namespaces=15000' };
	if (sysctl('kernel/unprivileged_userns_clone') === '0')
		return {
			why: 'this system forbids user namespaces (kernel.unprivileged_userns_clone is 0)',
			fix: 'sysctl -w kernel.unprivileged_userns_clone=1',
		};
	if (container)
		return {
			why: `this container does not allow it (${said})`,
			fix: 'start the container so that it may make user namespaces (docker run --security-opt seccomp=unconfined --security-opt systempaths=unconfined), or run qwill outside',
		};
	if (sysctl('kernel/apparmor_restrict_unprivileged_userns') === '1')
		return {
			why: 'AppArmor forbids user namespaces here (kernel.apparmor_restrict_unprivileged_userns is 1)',
			fix: 'give /usr/bin/bwrap an AppArmor profile with "userns," (Ubuntu: apt install apparmor-profiles, then copy bwrap-userns-restrict to /etc/apparmor.d), or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
		};
	return { why: `bubblewrap does not work here (${said})` };
}

function sysctl(name: string): string | undefined {
	try {
		return readFileSync(`/proc/sys/${name}`, 'utf8').trim();
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return undefined;
	}
}

const isContainer = (): boolean => existsSync('/.dockerenv') || existsSync('/run/.containerenv') || process.env.container !== undefined;

function output(program: string, args: readonly string[]): Promise<string> {
	return new Promise(resolve => {
		execFile(program, [...args], { timeout: 5000, env: {}, cwd: '/' }, (_error, stdout, stderr) => resolve(`${stdout}${stderr}`));
	});
}
