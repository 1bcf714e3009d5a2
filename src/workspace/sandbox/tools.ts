/** Where on this machine programs are, apart from the system's own folders: what the box shows of the rest, to be read only. */
import { existsSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { below, split } from '../names.js';
import { codeOf } from '../trouble.js';

/** A folder `at` which the box shows what is `real`ly elsewhere, or there. */
export type Shown = { real: string; at: string };

/** In the box as they are: programs and what all of them need. `/bin` and its like are links into `/usr`, or folders beside it. */
export const systemOn = {
	linux: ['/usr', '/etc', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store'],
	darwin: ['/usr', '/bin', '/sbin', '/System', '/Library', '/opt/homebrew', '/private/etc', '/nix/store'],
} as const;
export const system: readonly string[] = systemOn[process.platform === 'darwin' ? 'darwin' : 'linux'];

/** Below the home: programs and libraries that version managers and package managers put there, without their settings and keys. */
const known = [
	'.asdf',
	'.bun',
	'.cargo/bin',
	'.cargo/git',
	'.cargo/registry',
	'.deno',
	'.dotnet',
	'.elan',
	'.gem',
	'.ghcup',
	'.local/bin',
	'.local/lib',
	'.local/pipx',
	'.local/share/fnm',
	'.local/share/mise',
	'.local/share/pipx',
	'.local/share/pnpm',
	'.local/share/uv',
	'.m2/repository',
	'.mix',
	'.nuget/packages',
	'.nvm',
	'.opam',
	'.pyenv',
	'.rbenv',
	'.rustup',
	'.sdkman',
	'.volta',
	'Library/Python',
	'Library/pnpm',
	'anaconda3',
	'go/pkg',
	'miniconda3',
];
/** Folders that hold more than programs, keys among it: of these only what is named. */
const mixed = new Set([
	...['.aws', '.azure', '.cache', '.cargo', '.config', '.docker', '.gnupg', '.kube', '.local', '.m2', '.nuget', '.ssh', 'Library'],
]);
const mostLinks = 2000;
/** Names of folders that only hold programs. */
const binaries = /^(?:\.?bin|shims)$/;

type Asked = { path: string; home: string; root: string };

/** The folders of the `PATH` with what belongs to them, and the known ones below the `home`. Nothing of it holds the `root`. */
export function toolFolders({ path, home, root }: Asked): Shown[] {
	const found = new Map<string, Shown>();
	const add = (real: string, at = real) => {
		if (!isSystem(real) || !isSystem(at)) found.set(at, { real, at });
	};
	const own = (folder: string) => wholeOf(folder, home, root);
	for (const at of path.split(delimiter).filter(isAbsolute)) {
		const real = realFolder(at);
		if (real === undefined || isSystem(real) || holds(real, root) || holds(real, home)) continue;
		if (!holds(root, real)) add(own(real));
		if (at !== real) add(real, at);
		for (const target of targetsIn(real)) {
			if (isSystem(target) || holds(root, target)) continue;
			add(binaries.test(basename(dirname(target))) ? own(dirname(target)) : target);
		}
	}
	for (const name of known) {
		const at = join(home, name);
		const real = existsSync(at) ? realFolder(at) : undefined;
		if (real !== undefined && !holds(real, root) && !holds(real, home)) add(real, at);
	}
	return outermost([...found.values()]);
}

export const isSystem = (path: string): boolean => system.some(folder => holds(folder, path));

/** Whether `path` is `folder` or below it. */
export const holds = (folder: string, path: string): boolean => below(folder, split(path)) !== undefined;

/** Of a folder of programs, the folder that their libraries lie in too; itself, where that would show more than tools. */
function wholeOf(folder: string, home: string, root: string): string {
	if (!binaries.test(basename(folder))) return folder;
	const whole = dirname(folder);
	const beside = ['lib', 'lib64', 'libexec', 'share'].some(name => existsSync(join(whole, name)));
	if (!beside && basename(folder) !== '.bin' && !basename(whole).startsWith('.')) return folder;
	// Version managers are repositories themselves; another one is a project.
	const project = existsSync(join(whole, '.git')) && !known.includes(basename(whole));
	return project || mixed.has(basename(whole)) || holds(whole, home) || holds(whole, root) ? folder : whole;
}

/** Where the links of a folder lead to. */
function targetsIn(folder: string): string[] {
	try {
		const links = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isSymbolicLink());
		return links.slice(0, mostLinks).flatMap(link => {
			const path = join(folder, link.name);
			// Most lead to a name beside them.
			if (!readlinkSync(path).includes('/')) return [];
			const target = realFile(path);
			return target === undefined ? [] : [target];
		});
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return [];
	}
}

function realFile(path: string): string | undefined {
	try {
		return realpathSync(path);
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return undefined;
	}
}

function realFolder(path: string): string | undefined {
	const real = realFile(path);
	return real !== undefined && statSync(real, { throwIfNoEntry: false })?.isDirectory() ? real : undefined;
}

/** Without those that another shows already, outer ones first. */
function outermost(all: readonly Shown[]): Shown[] {
	const sorted = all.toSorted((one, other) => split(one.at).length - split(other.at).length);
	return sorted.filter(
		(one, index) =>
			!sorted.slice(0, index).some(outer => holds(outer.at, one.at) && one.real === join(outer.real, one.at.slice(outer.at.length))),
	);
}
