import { type Node, withTree } from '../../../checks/syntax/trees.js';
import { type Change, type Check, type Family, type FileChange, type Found, familyOf } from '../change.js';

/** A changed file that is well formed, with its tree. */
export type Seen = FileChange & { after: string; family: Family; root: Node };

/** A check that looks at the tree of each changed file of Python, JavaScript and TypeScript for itself. */
export const eachTree =
	(find: (seen: Seen) => Found[]): Check =>
	async ({ files }: Change) => {
		const found: Found[] = [];
		for (const file of files) {
			const { path, after } = file;
			const family = familyOf(path);
			if (after === null || family === undefined || file.added.size === 0) continue;
			found.push(...((await withTree(path, after, ({ root }) => (root.hasError ? [] : find({ ...file, after, family, root })))) ?? []));
		}
		return found;
	};

/** The node and all that it holds, in the order of the text. */
export function* nodesIn(node: Node): Generator<Node, void> {
	yield node;
	for (const child of node.namedChildren) if (child) yield* nodesIn(child);
}

export const lineOf = ({ startPosition }: Node): number => startPosition.row + 1;

/** Whether a line of this node is part of the change. */
export function touched({ added }: Pick<FileChange, 'added'>, { startPosition, endPosition }: Node): boolean {
	for (let line = startPosition.row + 1; line <= endPosition.row + 1; line++) if (added.has(line)) return true;
	return false;
}

/** The functions that a node stands in, the innermost first. */
export function* functionsAround(node: Node): Generator<Node, void> {
	for (let at = node.parent; at; at = at.parent) if (isFunction(at)) yield at;
}

export const isFunction = ({ type }: Node): boolean =>
	/^(?:function_definition|function_declaration|generator_function_declaration|function_expression|generator_function|arrow_function|method_definition|lambda)$/.test(
		type,
	);

export const field = (node: Node, name: string): Node | null => node.childForFieldName(name);
