/** The disk, inside the root only: the one door through which files of the person are read and changed. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { Refusal } from '../types.js';
import { tempName, writeAtomically } from './atomic.js';
import { type Spot, withSpot } from './inside.js';
import { isProtected, shown } from './names.js';
import { hashOf } from './preimages.js';
import { type Regular, readExisting, readRegular } from './regular.js';
import { openStore, type StorePlace } from './store.js';
import { type Decoded, decode, difference, encode, lf, spliceRaw } from './text.js';
import { sayingWhy } from './trouble.js';
import { changesOf, redoIn, undoIn } from './undo.js';
import { append, groupsOf, readLog } from './undo-log.js';
import { entriesOf, listFiles } from './walk.js';
import type { Change, Files, TextFile } from './workspace.js';

/** The door to the files below `root`; undo data is kept in `state`. Tidies up first what a program that died left behind. */
export async function openFiles({ root: path, state, conversation }: StorePlace & { conversation: string }): Promise<Files> {
	const store = openStore({ root: path, state });
	const { root, preimages, log, alone } = store;
	await alone(async () => undefined);
	const seen = new Map<string, string>();
	const last = readLog(log).findLast(entry => entry.type === 'mark' && entry.conversation === conversation);
	let message = last ? { group: last.group, label: '', logged: true } : begun('');

	return {
		inside: path => withSpot(root, path, spot => spot.path),
		read: path =>
			withSpot(root, path, spot => {
				seen.delete(spot.path);
				const { file, hash } = look(spot);
				seen.set(spot.path, hash);
				return file;
			}),
		peek: path => withSpot(root, path, spot => look(spot).file),
		sight: path =>
			withSpot(root, path, spot => {
				const found = readRegular(root, spot);
				const sight = seen.get(spot.path);
				if (!found) return 'absent';
				return sight === undefined ? 'unseen' : sight === hashOf(found.bytes) ? 'fresh' : 'stale';
			}),
		write: (path, text) => changing(path, file => (file ? spliceRaw(file, [difference(file.text, lf(text))]) : lf(text))),
		splice: (path, edits) =>
			changing(path, file => {
				if (!file) throw new Refusal(`${shown(path)} does not exist, so there is nothing in it to replace.`);
				return spliceRaw(file, edits);
			}),
		list: options => listFiles(root, options ?? {}),
		entries: path => entriesOf(root, path),
		mark: async label => {
			message = begun(label);
		},
		undo: () => alone(() => undoIn(store, conversation)),
		redo: () => alone(() => redoIn(store, conversation)),
		changes: all => {
			const own = groupsOf(readLog(log)).filter(group => group.conversation === conversation && !group.undone);
			return changesOf(store, all ? own : own.filter(group => group.id === message.group));
		},
	};

	function look(spot: Spot): { file: TextFile; hash: string } {
		const { bytes } = readExisting(root, spot);
		const { text, eol, bom } = decode(bytes, spot.path);
		return { file: { path: spot.path, text, eol, bom, bytes: bytes.length }, hash: hashOf(bytes) };
	}

	function changing(path: string, next: (file: Decoded | undefined) => string): Promise<Change> {
		const about = { doing: 'writing', path, intact: 'the old content is intact' };
		return alone(() => withSpot(root, path, spot => sayingWhy(about, () => change({ spot, asFolder: path.endsWith('/') }, next))));
	}

	/** One change, from the check of what was seen to the rename; a pre-image is on disk before it. Who calls is alone. */
	async function change(
		{ spot, asFolder }: { spot: Spot; asFolder: boolean },
		next: (file: Decoded | undefined) => string,
	): Promise<Change> {
		const { path } = spot;
		if (asFolder) throw new Refusal(`${shown(path)}/ ends in /, so it names a folder; name a file in it.`);
		if (isProtected(path) === 'git') throw new Refusal(`${shown(path)} belongs to git; it is never written to.`);
		const found = readRegular(root, spot);
		const sight = seen.get(path);
		if (!found) seen.delete(path);
		refuseUnseen(path, found, sight);
		const file = found && decode(found.bytes, path);
		const raw = next(file);
		const bytes = encode(raw, file?.bom ?? false, path);
		const result = {
			path,
			before: file?.text ?? null,
			after: lf(raw),
			...(found && found.links > 1 && { note: linked(path, found.links) }),
		};
		if (found && bytes.equals(found.bytes)) return result;
		if (found) accessSync(spot.at(), constants.W_OK);

		const before = found ? { hash: await preimages.keep(found.bytes), mode: found.mode } : null;
		const after = hashOf(bytes);
		const temp = tempName();
		logMark();
		append(log, { type: 'change', group: message.group, conversation, path, before, after, folders: spot.missing, temp });
		spot.makeFolders();
		const content = { bytes, ...(found && { mode: found.mode, owner: { uid: found.uid, gid: found.gid } }) };
		await writeAtomically({ target: spot.at(), temp: spot.at(temp), folder: spot.folder() }, content, {
			fresh: !found,
			before: () => refuseUnseen(path, readRegular(root, spot), before?.hash),
		});
		seen.set(path, after);
		return result;
	}

	/** A message that changes nothing leaves no record. */
	function logMark(): void {
		if (message.logged) return;
		append(log, { type: 'mark', group: message.group, conversation, label: message.label, time: new Date().toISOString() });
		message = { ...message, logged: true };
	}
}

const begun = (label: string) => ({ group: `${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`, label, logged: false });

/** Refuses unless the file is what was seen (`sight` is its hash then), or was absent and still is. */
function refuseUnseen(path: string, found: Regular | undefined, sight: string | undefined): void {
	if (!found && sight === undefined) return;
	if (!found) throw new Refusal(`${shown(path)} was removed since it was read; nothing was written.`);
	if (sight === undefined)
		throw new Refusal(`${shown(path)} exists but has not been read; read it before changing it. Nothing was written.`);
	if (hashOf(found.bytes) !== sight) throw new Refusal(`${shown(path)} changed since it was read; nothing was written. Read it again.`);
}

const linked = (path: string, links: number) =>
	`${shown(path)} had ${links} names (hard links); the other ${links === 2 ? 'one keeps' : 'ones keep'} the old content.`;
