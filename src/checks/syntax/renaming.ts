import { definitionsIn } from './definitions.js';
import { leaves } from './faults.js';
import type { Kind } from './languages.js';
import { isName } from './references.js';
import { type Node, withTree } from './trees.js';

/** `members`: also as the name of a field or method of something, `x.name`. */
export type Renaming = { from: string; to: string; members: boolean };
/** `places` counts what was changed; `taken`: the new name is there already. */
export type Renamed = { text: string; places: number; taken: boolean };

/**
 * The file with a name changed wherever it is one: not in strings and comments, and as the name of an argument only where it is
 * that of a parameter. What is written once for a variable and a field (`{ name }`) is taken apart, so that the field keeps its
 * name. Which of several things of that name is meant is not looked at. Undefined when the language is none of ours.
 */
export async function renamed(path: string, text: string, { from, to, members }: Renaming): Promise<Renamed | undefined> {
	return withTree(path, text, ({ root }) => {
		const all = [...leaves(root)].filter(leaf => isName(leaf));
		const named = (name: string) => all.filter(leaf => text.slice(leaf.startIndex, leaf.endIndex) === name);
		const own = named(from).filter(leaf => members || !isMember(leaf));
		const isParameter = own.some(({ parent }) => /parameter/.test(parent?.type ?? ''));
		const places = own.filter(leaf => isParameter || !isArgumentName(leaf));
		let result = '';
		let at = 0;
		for (const leaf of places) {
			result += text.slice(at, leaf.startIndex) + (/^shorthand_property/.test(leaf.type) ? `${from}: ${to}` : to);
			at = leaf.endIndex;
		}
		return { text: result + text.slice(at), places: places.length, taken: named(to).some(leaf => members || !isMember(leaf)) };
	});
}

/** As what a file defines this name: functions, methods, classes and types; nothing where it is a variable. */
export async function definedAs(path: string, text: string, name: string): Promise<readonly Kind[]> {
	const found = await withTree(path, text, ({ root, language }) => definitionsIn(root, language).filter(one => one.name === name));
	return found?.map(({ kind }) => kind) ?? [];
}

const holders =
	/^(?:attribute|member_expression|field_expression|selector_expression|navigation_(?:expression|suffix)|field_access|method_invocation|call_expression|optional_chain)$/;

/** The name of a part of something: `x.name`, a key in an object. */
function isMember(leaf: Node): boolean {
	if (/^(?:property_identifier|field_identifier|private_property_identifier)$/.test(leaf.type)) return true;
	const { parent } = leaf;
	if (!parent || !holders.test(parent.type) || parent.type === 'call_expression') return false;
	return (
		['attribute', 'property', 'field', 'name'].some(field => parent.childForFieldName(field)?.id === leaf.id) && parent.namedChildCount > 1
	);
}

const isArgumentName = ({ parent, id }: Node): boolean =>
	parent?.type === 'keyword_argument' && parent.childForFieldName('name')?.id === id;
