import { type Definition, definitionsIn, functionAt } from './definitions.js';
import { leaves } from './faults.js';
import { type Node, withTree } from './trees.js';

/** Where a name is used: `called` when as a function, `inside` the innermost function that does so. Line and column from 1. */
export type Reference = { line: number; column: number; called: boolean; inside: Definition | undefined };

/**
 * Where a file uses a name, apart from defining it; strings and comments do not count, nor does which thing of that name is
 * meant. Undefined when the language is none of ours.
 */
export async function references(path: string, text: string, name: string): Promise<Reference[] | undefined> {
	return withTree(path, text, ({ root, language }) => {
		if (!text.includes(name)) return [];
		const all = definitionsIn(root, language);
		const defined = new Set(all.map(({ at }) => at));
		const found: Reference[] = [];
		for (const leaf of leaves(root)) {
			if (!isName(leaf) || text.slice(leaf.startIndex, leaf.endIndex) !== name || defined.has(leaf.startIndex)) continue;
			const { row, column } = leaf.startPosition;
			found.push({ line: row + 1, column: column + 1, called: isCalled(leaf), inside: functionAt(all, row + 1) });
		}
		return found;
	});
}

/** Whether a leaf of a tree is a name of something. */
export const isName = ({ type, isNamed }: Node): boolean =>
	isNamed && /identifier|^(?:name|word|constant|variable_name|command_name)$/.test(type);

const paths = /member|attribute|selector|field_expression|scoped|qualified|generic_(?:function|name)|command_name|navigation/;
const calls = /call|invocation|^new_expression$|object_creation|^command$|instance_expression/;
const callees = ['function', 'method', 'name', 'constructor', 'type', 'macro'] as const;

function isCalled(leaf: Node): boolean {
	let node = leaf;
	while (node.parent && paths.test(node.parent.type) && isLastOf(node, node.parent)) node = node.parent;
	const { parent } = node;
	// What stands in a macro of Rust is not parsed.
	if (parent?.type === 'token_tree') return node.nextSibling?.type === 'token_tree' && node.nextSibling.children[0]?.type === '(';
	if (!parent || !calls.test(parent.type)) return false;
	return callees.some(field => parent.childForFieldName(field)?.id === node.id) || parent.namedChildren[0]?.id === node.id;
}

const isLastOf = (node: Node, parent: Node): boolean =>
	parent.namedChildren.findLast(child => child && !/argument/.test(child.type))?.id === node.id;
