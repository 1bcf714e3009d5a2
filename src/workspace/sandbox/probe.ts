/** Whether this machine can box programs, and if not, why and what to do. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../trouble.js';
import type { Engine } from './engines.js';

/** By its whole path: systems that let only some programs make namespaces know it by that. */
export const bubblewrap = '/usr/bin/bwrap';
export const sandboxExec = '/usr/bin/sandbox-exec';
export const bash = (): string => ['/bin/bash', '/usr/bin/bash'].find(path => existsSync(path)) ?? 'bash';

/** `why` is the end of a sentence, without a full stop; `fix` is what to do about it, if anything can be done. */
export type Able = { works: true; engine: Engine } | { works: false; why: string; fix?: string };

/** What is known of a machine where boxing did not work. `said` is what bubblewrap said. */
export type Trouble = { said: string; sysctl: (name: string) => string | undefined; container: boolean };

/** Tries a box made by an engine out, in the folder it is given; gives what it complained of, '' when it worked. */
export type Try = (folder: string, engine: Engine) => Promise<string>;

/** What decides which engine is looked for, and whether its program is there. */
export type System = { platform: string; arch: string; has: (path: string) => boolean };
const thisSystem: System = { platform: process.platform, arch: process.arch, has: existsSync };

/** Finds out by doing it. */
export async function probe(tryIn: Try, { platform, arch, has }: System = thisSystem): Promise<Able> {
	if (platform !== 'linux' && platform !== 'darwin') return { works: false, why: `this version has none for ${platform}` };
	if (arch !== 'x64' && arch !== 'arm64') return { works: false, why: `this version has none for ${arch} processors` };
	const program = platform === 'darwin' ? sandboxExec : bubblewrap;
	if (!has(program)) {
		const fix = platform === 'darwin' ? {} : { fix: 'install bubblewrap (apt install bubblewrap)' };
		return { works: false, why: `${program} is missing`, ...fix };
	}
	if (!has(bash())) return { works: false, why: 'bash is missing', fix: 'install bash' };
	return platform === 'darwin' ? probeSeatbelt(tryIn) : probeBubblewrap(tryIn);
}

async function probeBubblewrap(tryIn: Try): Promise<Able> {
	const help = await output(bubblewrap, ['--help']);
	if (!help.includes('--perms')) return { works: false, why: 'this bubblewrap is too old', fix: 'install bubblewrap 0.5 or newer' };
	const abilities = new Set((['size', 'disable-userns'] as const).filter(option => help.includes(`--${option}`)));
	const engine: Engine = { name: 'bubblewrap', abilities };
	const said = await inNewFolder(folder => tryIn(folder, engine));
	return said === '' ? { works: true, engine } : { works: false, ...named({ said, sysctl, container: isContainer() }) };
}

/** Whether it holds is looked at too: a rule that this system reads in another way would say nothing. */
async function probeSeatbelt(tryIn: Try): Promise<Able> {
	const engine: Engine = { name: 'sandbox-exec' };
	const said = await inNewFolder(folder => {
		mkdirSync(join(folder, 'root'));
		for (const path of ['outside', 'root/.env']) writeFileSync(join(folder, path), 'x\n');
		return tryIn(join(folder, 'root'), engine);
	});
	if (said === '') return { works: true, engine };
	if (/sandbox_apply: Operation not permitted/.test(said))
		return { works: false, why: 'qwill itself runs in a sandbox, and macOS makes none inside another', fix: 'start qwill outside of it' };
	return { works: false, why: `sandbox-exec does not work here (${said})` };
}

/** What a box must not let a command do, tried in a folder with a `.env` and with a file `outside` beside it. */
const forbidden: Readonly<Record<string, string>> = {
	'read a file outside its folder': 'cat ../outside',
	'write a file outside its folder': 'echo y >> ../outside',
	'make a file outside its folder': 'echo y > ../new',
	'link to a file outside its folder': 'ln ../outside linked && echo y >> linked',
	'move its folder': 'mv ../root ../moved',
	'read .env': 'cat .env',
	'read a copy of .env': 'cp .env copied && cat copied',
	'read .env by a link': 'ln .env linked && cat linked',
	'move .env': 'mv .env moved',
	'make .qwill': 'mkdir .qwill',
	'make .QWILL': 'mkdir .QWILL && ls -d .qwill',
};

/** What is run to try an engine out: nothing where the system itself says whether it works, else all that must fail. */
export function trial(engine: Engine): string[] {
	if (engine.name === 'bubblewrap') return ['true'];
	const checks = Object.entries(forbidden).map(
		([what, command]) => `if { ${command}; } >/dev/null 2>&1; then echo "it lets a command ${what}" >&2; exit 1; fi`,
	);
	const works = 'echo x > written && cat written >/dev/null || { echo "it does not let a command write in its folder" >&2; exit 1; }';
	return [bash(), '--norc', '--noprofile', '-c', [works, ...checks].join('\n')];
}

async function inNewFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-box-')));
	try {
		return await use(folder);
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
