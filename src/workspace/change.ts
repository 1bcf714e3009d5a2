/** One change of one file: what was seen is checked, a pre-image is kept, the new content replaces the old at once. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { Refusal, type Writer } from '../types.js';
import { tempName, writeAtomically } from './atomic.js';
import type { Spot } from './inside.js';
import { isProtected, shown } from './names.js';
import { hashOf } from './preimages.js';
import { type Regular, readRegular } from './regular.js';
import type { Store } from './store.js';
import { type Decoded, decode, encode, lf } from './text.js';
import { removeFolders } from './undo.js';
import { append } from './undo-log.js';
import type { Change } from './workspace.js';

/** Whose changes these are: the conversation, the message they belong to, and what its model has seen (path → hash). */
export type Hand = { store: Store; conversation: string; seen: Map<string, string>; message: Marked };
/** What is changed. `writer` is the model whose words go into it, if they are one's. */
type Place = { spot: Spot; asFolder: boolean; writer: Writer | undefined };
export type Marked = { group: string; label: string; logged: boolean };

/** A message of the person: its changes are taken back together. Names of groups sort as the messages came. */
export function newMessage(label: string): Marked {
	newest = Math.max(Date.now(), newest + 1);
	return { group: `${newest.toString(36)}-${randomBytes(4).toString('hex')}`, label, logged: false };
}
let newest = 0;

/**
 * Replaces the content by what `next` makes of it, from the check of what was seen to the rename; a pre-image is on disk
 * before. Whoever calls is alone. Throws `Refusal` for a file of git, an unseen or stale one, one that may not be written.
 */
export async function changeFile(
	hand: Hand,
	{ spot, asFolder, writer }: Place,
	next: (file: Decoded | undefined) => string,
): Promise<Change> {
	const { path } = spot;
	const { root } = hand.store;
	if (asFolder) throw new Refusal(`${shown(path)}/ ends in /, so it names a folder; name a file in it.`);
	if (isProtected(path) === 'git') throw new Refusal(`${shown(path)} belongs to git; it is never written to.`);
	const found = readRegular(root, spot);
	const sight = hand.seen.get(path);
	if (!found) hand.seen.delete(path);
	refuseUnseen(path, found, sight);
	const file = found && decode(found.bytes, path);
	const raw = next(file);
	const bytes = encode(raw, file?.bom ?? false, path);
	const note = found && found.links > 1 ? { note: linked(path, found.links) } : {};
	const result = { path, before: file?.text ?? null, after: lf(raw), ...note };
	if (found && bytes.equals(found.bytes)) return result;
	if (found) accessSync(spot.at(), constants.W_OK);
	await replace(hand, { spot, found, bytes, writer });
	hand.seen.set(path, hashOf(bytes));
	return result;
}

async function replace(
	{ store, conversation, message }: Hand,
	{ spot, found, bytes, writer }: Omit<Place, 'asFolder'> & { found: Regular | undefined; bytes: Buffer },
): Promise<void> {
	const { root, preimages, log } = store;
	const before = found ? { hash: await preimages.keep(found.bytes), mode: found.mode } : null;
	// Without what a model left, nobody could tell later which lines of it a person has changed.
	const after = writer ? await preimages.keep(bytes) : hashOf(bytes);
	const temp = tempName();
	// A message that changes nothing leaves no record.
	if (!message.logged)
		append(log, { type: 'mark', group: message.group, conversation, label: message.label, time: new Date().toISOString() });
	message.logged = true;
	append(log, {
		type: 'change',
		group: message.group,
		conversation,
		path: spot.path,
		before,
		after,
		folders: spot.missing,
		temp,
		...(writer && { writer }),
	});
	const content = { bytes, ...(found && { mode: found.mode, owner: { uid: found.uid, gid: found.gid } }) };
	try {
		spot.makeFolders();
		const target = { target: spot.at(), temp: spot.at(temp), folder: spot.folder() };
		await writeAtomically(target, content, {
			fresh: !found,
			before: () => refuseUnseen(spot.path, readRegular(root, spot), before?.hash),
		});
	} catch (error) {
		await removeFolders(root, spot.missing);
		throw error;
	}
}

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
