/** What of the outside the person lets boxed programs reach for a while. It is said, shown and forgotten: nothing of it is kept. */
import { Refusal } from '../../types.js';
import { realOr } from '../gone.js';
import { shown } from '../names.js';
import type { Boxed } from './box.js';
import { folderFrom, isFolder, nameFrom, notOpened } from './door-folder.js';
import { holds } from './tools.js';

export type Doors = {
	/** Lets boxed programs read and write in a folder (see `folderFrom`), from the next one on. Gives the name that the door has. */
	openFolder(typed: string): string;
	/** Closes all doors, but those of these names. */
	close(keeping?: readonly string[]): void;
	/** The names of those that are open. */
	names(): string[];
	/** The folders that are open, by their real paths. Throws `Refusal` when one is not any more what was opened. */
	folders(): string[];
};

/** The doors of the folder `root`, a real path; all are closed. */
export function closedDoors(root: string): Doors {
	let folders: string[] = [];
	return {
		openFolder(typed) {
			const path = folderFrom(typed, root);
			const around = folders.find(folder => holds(folder, path));
			if (around !== undefined) throw notOpened(`${shown(path)} is open already${around === path ? '' : `, with ${shown(around)}`}`);
			// Of two doors in each other the inner one could be led elsewhere by who came through the outer one.
			folders = [...folders.filter(folder => !holds(path, folder)), path];
			return nameFrom(root, path);
		},
		close(keeping = []) {
			folders = folders.filter(path => keeping.includes(nameFrom(root, path)));
		},
		names: () => folders.map(path => nameFrom(root, path)),
		folders() {
			const gone = folders.find(path => realOr(path) !== path || !isFolder(path));
			if (gone !== undefined)
				throw new Refusal(`${shown(nameFrom(root, gone))} is not the folder any more that was opened; nothing was run. Close that door.`);
			return folders;
		},
	};
}

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
