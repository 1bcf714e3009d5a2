/** What of the outside the person lets boxed programs reach for a while. It is said, shown and forgotten: nothing of it is kept. */
import { resolve } from 'node:path';
import { Refusal } from '../../types.js';
import { realOr } from '../gone.js';
import { shown } from '../names.js';
import type { Boxed } from './box.js';
import { folderFrom, isFolder, nameFrom, notOpened } from './door-folder.js';
import { type Host, hostFrom, hostName, spelling } from './door-host.js';
import { loadGate } from './doorway.js';
import { holds } from './tools.js';

/** Those that are opened are open to the next program that is started. What opens one gives its name, and throws `Refusal` 42 for none. */
export type Doors = {
	/** Lets boxed programs read and write in a folder (see `folderFrom`). */
	openFolder(typed: string): string;
	/** Lets boxed programs reach a host by HTTP and its tunnels (see `hostFrom`). */
	openHost(typed: string): string;
	/** Opens which of the two the words mean. */
	open(typed: string): string;
	/** Closes all doors, but those of these names. */
	close(keeping?: readonly string[]): void;
	/** The names of those that are open. */
	names(): string[];
	/** The folders that are open, by their real paths. Throws `Refusal` when one is not any more what was opened. */
	folders(): string[];
	hosts(): readonly Host[];
};

/**
 * The doors of the folder `around`; all are closed. Where qwill is `offline`, none leads to another machine; where the `platform` is
 * macOS, none to any host, for its box has no way to one.
 */
export function closedDoors(around: string, offline = false, platform: string = process.platform): Doors {
	const root = realOr(around);
	let folders: string[] = [];
	let hosts: Host[] = [];
	const openFolder = (typed: string): string => {
		const path = folderFrom(typed, root);
		const outer = folders.find(folder => holds(folder, path));
		if (outer !== undefined) throw notOpened(`${shown(path)} is open already${outer === path ? '' : `, with ${shown(outer)}`}`);
		// Of two doors in each other the inner one could be led elsewhere by who came through the outer one.
		folders = [...folders.filter(folder => !holds(path, folder)), path];
		return nameFrom(root, path);
	};
	const openHost = (typed: string): string => {
		const host = hostFrom(typed, offline);
		const name = hostName(host);
		if (platform === 'darwin')
			throw notOpened(
				`on macOS no door leads to a host yet; run what needs ${name} yourself, or everything without a sandbox (--no-sandbox)`,
			);
		void loadGate();
		hosts = [...hosts.filter(one => hostName(one) !== name), host];
		return name;
	};
	return {
		openFolder,
		openHost,
		open: typed => (isHost(typed, root) ? openHost(typed) : openFolder(typed)),
		close(keeping = []) {
			folders = folders.filter(path => keeping.includes(nameFrom(root, path)));
			hosts = hosts.filter(host => keeping.includes(hostName(host)));
		},
		names: () => [...folders.map(path => nameFrom(root, path)), ...hosts.map(hostName)],
		folders() {
			const gone = folders.find(path => realOr(path) !== path || !isFolder(path));
			if (gone !== undefined)
				throw new Refusal(`${shown(nameFrom(root, gone))} is not the folder any more that was opened; nothing was run. Close that door.`);
			return folders;
		},
		hosts: () => hosts,
	};
}

/** A single word is taken for a folder: it is one that was mistyped more often than a machine. */
const isHost = (typed: string, root: string): boolean =>
	!/^[.~]|\//.test(typed) &&
	!isFolder(resolve(root, typed)) &&
	(/[.:]/.test(typed) || typed.toLowerCase() === 'localhost') &&
	spelling(typed.replace(/:\d+$/, '')) !== undefined;

/** The names of open doors, in a few words; undefined where all are closed. */
export function openDoors(doors: Doors): string | undefined {
	const names = doors.names().map(shown);
	return names.length === 0 ? undefined : `door${names.length > 1 ? 's' : ''}: ${names.join(', ')}`;
}

/** What the person is told of doors that the command line opened. */
export function doorNotes(boxed: Boxed, doors: Doors): string[] {
	const open = openDoors(doors);
	if (open === undefined) return [];
	return [
		boxed.on
			? `Open in the sandbox, ${open}. Commands reach that too.`
			: `There is no sandbox to open: ${boxed.why}. What you allow runs as you.`,
	];
}
