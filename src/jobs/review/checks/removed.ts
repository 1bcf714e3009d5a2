import { withTree } from '../../../checks/syntax/trees.js';
import { type Change, type Check, type FileChange, type Found, familyOf, placeOf } from '../change.js';
import { bindingsIn, topNames } from './bindings.js';
import { importsIn } from './imports.js';
import { lineOf, nodesIn } from './trees.js';

/** Something at the top of a file that is gone, or a whole file, and that another file still has from there. */
export const removed: Check = async change => {
	const found: Found[] = [];
	for (const file of change.files) found.push(...(await leftBehind(file, change)));
	return found;
};

type Gone = ReadonlyMap<string, number>;

async function leftBehind(file: FileChange, change: Change): Promise<Found[]> {
	const { was, before, path } = file;
	const gone = before === null ? undefined : await goneFrom(file, before);
	if (!gone || (gone.size === 0 && file.after !== null && was === path)) return [];
	const uses = await usesOf(was, gone, change);
	const seen = new Set<string>();
	return uses.flatMap(({ name, at }) => {
		if (seen.has(name)) return [];
		seen.add(name);
		const others = uses.filter(one => one.name === name).length - 1;
		const more = others > 0 ? ` and ${others} more` : '';
		const isWhole = name === '';
		const what = isWhole ? `\`${was}\`` : `\`${name}\``;
		const how = isWhole && file.after !== null ? 'is now elsewhere' : 'is gone';
		const text = `${what} ${how} and still used in ${at}${more}`;
		return [{ path, line: placeOf(file, gone.get(name) ?? 1), rule: 'removed-but-used', text }];
	});
}

/** The names at the top of the text before that the text now gives no meaning to. All of them, and '' for itself, where the file went. */
async function goneFrom({ was, path, after }: FileChange, before: string): Promise<Gone | undefined> {
	const family = familyOf(was);
	if (family === undefined) return undefined;
	if (after === null || was !== path) return new Map([['', 1]]);
	// Names may come in that are not written here.
	if (/\bimport \*|\bexport \*|__getattr__|\bexports\[|globals\(\)/.test(after)) return undefined;
	const top = await withTree(was, before, ({ root }) => (root.hasError ? undefined : topNames(root, family)));
	const now = await withTree(path, after, ({ root }) =>
		root.hasError
			? undefined
			: new Set([
					...bindingsIn(root, family).keys(),
					...[...nodesIn(root)].flatMap(node => (node.type === 'export_specifier' ? [node.text.replace(/^.* as /, '')] : [])),
				]),
	);
	return top && now && new Map([...top].filter(([name]) => !now.has(name)));
}

/** Where other files have one of the names from the file that was at `was`; '' stands for any of its names. */
async function usesOf(was: string, gone: Gone, { texts }: Change): Promise<{ name: string; at: string }[]> {
	const all = await texts();
	const paths = new Set([...all.keys(), was]);
	const isWhole = gone.has('');
	// Where another file has taken its place under the name that is imported, nothing is missing.
	if (isWhole && [...all.keys()].some(path => path !== was && stem(path) === stem(was))) return [];
	const found: { name: string; at: string }[] = [];
	for (const [path, text] of all) {
		const family = familyOf(path);
		if (path === was || family === undefined || (!isWhole && ![...gone.keys()].some(name => text.includes(name)))) continue;
		const uses = await withTree(path, text, ({ root }) => {
			if (root.hasError) return [];
			const imports = importsIn(root, { path, family }, paths).filter(({ from }) => from === was);
			if (isWhole) return imports.slice(0, 1).map(({ line }) => ({ name: '', line }));
			const named = imports.flatMap(({ imported, line }) =>
				imported !== undefined && gone.has(imported) ? [{ name: imported, line }] : [],
			);
			const wholes = imports.flatMap(({ imported, local }) => (imported === undefined ? [local] : []));
			const bound = bindingsIn(root, family);
			const members = [...nodesIn(root)].flatMap(node => {
				const [owner, member] = /^(?:attribute|member_expression)$/.test(node.type) ? node.namedChildren : [];
				if (!owner || !member || !wholes.includes(owner.text) || !gone.has(member.text)) return [];
				return bound.get(owner.text.split('.')[0]!) === 1 ? [{ name: member.text, line: lineOf(node) }] : [];
			});
			return [...named, ...members];
		});
		found.push(...(uses ?? []).map(({ name, line }) => ({ name, at: `${path}:${line}` })));
	}
	return found;
}

const stem = (path: string): string => path.replace(/(?:\/__init__)?\.py$|(?:\/index)?\.[cm]?[jt]sx?$/, '');
