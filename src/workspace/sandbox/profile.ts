/** The arguments of bubblewrap (bwrap(1)) for one command: what it sees, what of that it may write, and that it is alone. */
import { lstatSync, readlinkSync } from 'node:fs';
import type { Place } from './place.js';
import { guardedSettings } from './place.js';
import type { Private } from './secrets.js';
import { system } from './tools.js';

/** What this bubblewrap can do: younger options, by their names. */
export type Ability = 'size' | 'disable-userns';

export type Profile = {
	place: Place;
	private: Private;
	/** Names that programs are started from, all of them there. */
	controls: readonly string[];
	folder: string;
	/** Folders beside the root, and whether programs may write there too. */
	doors: { folders: readonly string[]; writable: boolean };
	abilities: ReadonlySet<Ability>;
	/** More that the way to open hosts needs. */
	way: readonly string[];
	/** The numbers of descriptors: where the filter is read from, where bubblewrap tells its process, and what empty files come from. */
	filter: number;
	told: number;
	empty: (index: number) => number;
};

const megabytes = 2 ** 20;

/** The arguments, and how many empty descriptors they use. */
export function argumentsFor(profile: Profile): { args: string[]; empties: number } {
	const { place, doors, abilities, filter, told, empty } = profile;
	let empties = 0;
	const emptyFile = (path: string) => ['--perms', '0444', '--ro-bind-data', String(empty(empties++)), path];
	const memory = (path: string, size: number) => [...(abilities.has('size') ? ['--size', String(size * megabytes)] : []), '--tmpfs', path];
	const same = (option: string) => (path: string) => [option, path, path];
	// No device can be opened in a folder that is shown, and this one needs no descriptor to come from.
	const closed = (path: string): string[] =>
		lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ? ['--tmpfs', path, '--remount-ro', path] : ['--ro-bind', '/dev/null', path];
	const args = [
		...['--unshare-all', '--unshare-user', ...(abilities.has('disable-userns') ? ['--disable-userns'] : [])],
		...['--new-session', '--die-with-parent', '--cap-drop', 'ALL'],
		...system.flatMap(shownSystem),
		...guardedSettings().flatMap(closed),
		...['--dev', '/dev', ...memory('/dev/shm', 256), '--remount-ro', '/dev'],
		...['--proc', '/proc', '--ro-bind', '/proc/sys', '/proc/sys'],
		...[...memory('/tmp', 256), ...memory('/var/tmp', 64)],
		...memory(place.home, 256),
		...place.shown.flatMap(({ real, at }) => ['--ro-bind-try', real, at]),
		...same('--bind')(place.root),
		...doors.folders.flatMap(same(doors.writable ? '--bind' : '--ro-bind')),
		...profile.private.repositories.flatMap(same('--ro-bind')),
		...[...profile.controls, ...place.ours].flatMap(same('--ro-bind')),
		...(place.kept === undefined ? [] : same('--bind-try')(place.kept)),
		...profile.private.secrets.flatMap(emptyFile),
		...profile.way,
		...['--remount-ro', '/', '--chdir', profile.folder],
		...['--seccomp', String(filter), '--info-fd', String(told), '--'],
	];
	return { args, empties };
}

/** As it is there: a folder, or a link to one. */
function shownSystem(path: string): string[] {
	const entry = lstatSync(path, { throwIfNoEntry: false });
	if (entry?.isSymbolicLink()) return ['--symlink', readlinkSync(path), path];
	return entry?.isDirectory() ? ['--ro-bind', path, path] : [];
}
