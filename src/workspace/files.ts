/** The disk, inside the root only: the one door through which files of the person are read and changed. */
import { existsSync } from 'node:fs';
import { mask, maskedName } from '../secrets.js';
import { Refusal, type Writer } from '../types.js';
import { changeFile, type Hand, newMessage } from './change.js';
import { type Spot, withSpot } from './inside.js';
import { shown } from './names.js';
import { hashOf } from './preimages.js';
import { readExisting, readRegular } from './regular.js';
import { openStore, type Store, type StorePlace } from './store.js';
import { type Decoded, decode, difference, lf, spliceRaw } from './text.js';
import { sayingWhy } from './trouble.js';
import { changesOf, redoIn, undoIn } from './undo.js';
import { groupsOf, readLog } from './undo-log.js';
import { entriesOf, listFiles } from './walk.js';
import type { Change, Files, TextFile } from './workspace.js';

/** The door to the files below `root`; undo data is kept in `state`. Tidies up first what a program that died left behind. */
export async function openFiles({ root: path, state, conversation }: StorePlace & { conversation: string }): Promise<Files> {
	const store = openStore({ root: path, state });
	const { log, alone } = store;
	await alone(async () => undefined);
	const last = readLog(log).findLast(entry => entry.type === 'mark' && entry.conversation === conversation);
	const hand: Hand = {
		store,
		conversation,
		seen: new Map(),
		message: last ? { group: last.group, label: '', logged: true } : newMessage(''),
	};
	return filesOf(hand);
}

/** The door in this hand. `writer` is the model whose words are written, if they are one's. */
function filesOf(hand: Hand, writer?: Writer): Files {
	const { store, conversation, seen } = hand;
	const { root, log, alone } = store;
	const own = { hand, writer };
	return {
		inside: path => withSpot(root, path, spot => spot.path),
		read: path =>
			withSpot(root, path, spot => {
				seen.delete(spot.path);
				const { file, hash } = look(store, spot);
				seen.set(spot.path, hash);
				return file;
			}),
		peek: path => withSpot(root, path, spot => look(store, spot).file),
		sight: path =>
			withSpot(root, path, spot => {
				const found = readRegular(root, spot);
				const sight = seen.get(spot.path);
				if (!found) return 'absent';
				return sight === undefined ? 'unseen' : sight === hashOf(found.bytes) ? 'fresh' : 'stale';
			}),
		write: (path, text) => changing({ ...own, path }, file => (file ? spliceRaw(file, [difference(file.text, lf(text))]) : lf(text))),
		splice: (path, edits) =>
			changing({ ...own, path }, file => {
				if (!file) throw new Refusal(`${shown(path)} does not exist, so there is nothing in it to replace.`);
				return spliceRaw(file, edits);
			}),
		signed: model => filesOf(hand, model),
		list: options => listFiles(root, options ?? {}),
		entries: path => entriesOf(root, path),
		mark: async label => {
			hand.message = newMessage(mask(label).text);
			return hand.message.group;
		},
		undo: since => alone(() => undoIn(store, { conversation, since })),
		redo: () => alone(() => redoIn(store, conversation)),
		changes: (since = hand.message.group) => {
			const own = groupsOf(readLog(log)).filter(group => group.conversation === conversation && !group.undone);
			return changesOf(store, since === 'ever' ? own : own.filter(group => group.id >= since));
		},
	};
}

function look({ root }: Store, spot: Spot): { file: TextFile; hash: string } {
	const { bytes } = readExisting(root, spot);
	const { text, eol, bom } = decode(bytes, spot.path);
	return { file: { path: spot.path, text, eol, bom, bytes: bytes.length }, hash: hashOf(bytes) };
}

type Changing = { hand: Hand; writer: Writer | undefined; path: string };

function changing({ hand, writer, path }: Changing, next: (file: Decoded | undefined) => string): Promise<Change> {
	const { root, alone } = hand.store;
	const late = 'it is written, and may be lost at a power cut';
	const about = (spot: Spot) => ({ doing: 'writing', path, intact: existsSync(spot.at()) ? 'the old content is intact' : '', late });
	const known = (file: Decoded | undefined) => withoutStrangeNames(next(file), file, path);
	return alone(() =>
		withSpot(root, path, spot => sayingWhy(about(spot), () => changeFile(hand, { spot, asFolder: path.endsWith('/'), writer }, known))),
	);
}

/** A name that stands for a secret, and that nobody can put the secret back for any more, must not get into a file. */
function withoutStrangeNames(text: string, old: Decoded | undefined, path: string): string {
	const strange = text.match(maskedName)?.find(name => !old?.text.includes(name));
	if (strange === undefined) return text;
	throw new Refusal(`${strange} stands for a secret and is not known any more, so ${shown(path)} was not changed. Read the file again.`);
}
