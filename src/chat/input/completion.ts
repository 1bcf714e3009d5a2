import fuzzysort from 'fuzzysort';
import { mayPrecedeMention, mentionOf } from '../../agent/mentions.js';
import { type Buffer, type Cell, typed, typedOf } from './cells.js';

/** One line of the popup. `insert` takes the place of the word at the cursor. */
export type Item = { label: string; detail: string; insert: string; kind: 'file' | 'folder' | 'command' };
/** What is offered for the cells from `start` to `end`. `guessed`: no name holds the word; the items were found by what they do. */
export type Offer = { kind: 'files' | 'commands'; start: number; end: number; word: string; items: readonly Item[]; guessed?: true };
/** What can be named: files with `/` between folders, and commands. `files` is undefined until they have been listed. */
export type Names = { files: readonly string[] | undefined; commands: readonly CommandName[] };
export type CommandName = { name: string; aliases: readonly string[]; purpose: string; argumentHint?: string };

const mostItems = 50;

/** What is offered for the word before the cursor: commands after a `/` that begins the message, files after `@`. */
export function offerFor(buffer: Buffer, names: Names): Offer | undefined {
	return commandOffer(buffer, names.commands) ?? fileOffer(buffer, names.files);
}

/** Whether files are wanted at the cursor, so that they have to be listed. */
export const wantsFiles = (buffer: Buffer): boolean => mentionAt(buffer) !== undefined;

/** The cells that accepting `item` puts in the place of the word, with the space that belongs behind it. */
export const acceptedCells = (item: Item): Cell[] => typed(item.kind === 'folder' ? item.insert : `${item.insert} `);

/** Whether the word at the cursor already is what the first item would make of it. */
export const isComplete = (offer: Offer): boolean => offer.items.some(item => item.kind !== 'folder' && item.insert === offer.word);

function commandOffer({ cells, cursor }: Buffer, commands: readonly CommandName[]): Offer | undefined {
	const text = typedOf(cells);
	const word = /^\/[\w:.-]*/.exec(text)?.[0];
	if (word === undefined || cursor === 0 || cursor > word.length) return undefined;
	const query = word.slice(1, cursor);
	const rows = commands.map(command => ({ command, names: [command.name, ...command.aliases] }));
	const ranked =
		query === ''
			? rows
			: fuzzysort
					.go(query, rows, {
						keys: [row => row.names[0], row => row.names.slice(1).join(' '), row => row.command.purpose],
						limit: mostItems,
						scoreFn: result => byName(query, result.obj.names) + result.score,
					})
					.map(result => result.obj);
	const items = ranked.map(({ command }) => commandItem(command));
	const guessed = query !== '' && !ranked.some(({ names }) => byName(query, names) > 0);
	return items.length === 0 ? undefined : { kind: 'commands', start: 0, end: word.length, word, items, ...(guessed && { guessed }) };
}

/** A name that begins with the query comes before one that only holds its letters, and that before a purpose. */
const byName = (query: string, names: readonly string[]): number =>
	names.includes(query)
		? 6
		: names[0]?.startsWith(query)
			? 4
			: names.some(name => name.startsWith(query))
				? 3
				: names[0]?.includes(query)
					? 1
					: 0;

const commandItem = ({ name, argumentHint, purpose }: CommandName): Item => ({
	label: argumentHint ? `/${name} ${argumentHint}` : `/${name}`,
	detail: purpose,
	insert: `/${name}`,
	kind: 'command',
});

function fileOffer(buffer: Buffer, files: readonly string[] | undefined): Offer | undefined {
	const mention = mentionAt(buffer);
	if (!mention || !files) return undefined;
	const items = rankFiles(mention.query, files).map(pathItem);
	return items.length === 0 ? undefined : { kind: 'files', ...mention, items };
}

/** The mention that the cursor stands in or right behind, as far as the cursor. */
function mentionAt({ cells, cursor }: Buffer): { start: number; end: number; word: string; query: string } | undefined {
	for (let start = cursor - 1; start >= 0; start--) {
		const cell = cells[start]!;
		if (cell.pasted || cell.text === '\n') return undefined;
		if (cell.text !== '@') continue;
		const word = typedOf(cells.slice(start, cursor));
		const quoted = /^@["']/.test(word);
		const isOver = quoted ? word.indexOf(word[1]!, 2) !== -1 : /\s/.test(word.replace(/\\ /g, ''));
		if (!mayPrecedeMention(cells[start - 1]?.text)) continue;
		if (isOver) return undefined;
		return { start, end: cursor, word, query: quoted ? word.slice(2) : word.slice(1).replace(/\\ /g, ' ') };
	}
	return undefined;
}

/** Nothing typed: what lies at the top. A path that ends in `/`: what lies in that folder. Else the best matches. */
function rankFiles(query: string, files: readonly string[]): string[] {
	const paths = withFolders(files);
	if (query === '' || query.endsWith('/')) {
		const within = paths.filter(path => path.startsWith(query) && path.length > query.length);
		const direct = within.filter(path => !path.slice(query.length, -1).includes('/'));
		if (direct.length > 0) return direct.sort(foldersFirst).slice(0, mostItems);
	}
	return fuzzysort.go(query, paths as string[], { limit: mostItems, threshold: 0.3 }).map(result => result.target);
}

const known = new WeakMap<readonly string[], readonly string[]>();

/** The files and every folder that leads to one, each with a `/` at its end. Made once for each listing. */
function withFolders(files: readonly string[]): readonly string[] {
	const made = known.get(files);
	if (made) return made;
	const folders = new Set<string>();
	for (const file of files) {
		for (let slash = file.indexOf('/'); slash !== -1; slash = file.indexOf('/', slash + 1)) folders.add(file.slice(0, slash + 1));
	}
	const all = [...folders, ...files];
	known.set(files, all);
	return all;
}

const foldersFirst = (a: string, b: string): number => Number(b.endsWith('/')) - Number(a.endsWith('/')) || a.localeCompare(b);

/** A folder in quotes keeps its quote open: its files are still to come. */
function pathItem(path: string): Item {
	const folder = path.endsWith('/');
	const mention = mentionOf(path);
	return {
		label: path,
		detail: '',
		insert: folder && mention.endsWith('"') ? mention.slice(0, -1) : mention,
		kind: folder ? 'folder' : 'file',
	};
}
