import { type Node, withTree } from './trees.js';

/**
 * A text as its tree has it, without comments and, in Python, without docstrings: two texts that give the same do the same.
 * Undefined when the language is none of ours, or the text is not well formed.
 */
export async function withoutComments(path: string, text: string): Promise<string[] | undefined> {
	return withTree(path, text, ({ root }) => (root.hasError ? undefined : [...tokens(root, text)]));
}

/** What a node is made of: its kind in brackets, and the words at its leaves. Blanks count where they are part of a string. */
function* tokens(node: Node, text: string): Generator<string, void> {
	if (isComment(node) || isDocstring(node)) return;
	if (node.childCount === 0) {
		yield text.slice(node.startIndex, node.endIndex);
		return;
	}
	if (node.isNamed) yield `(${node.type}`;
	const verbatim = /string|template|heredoc|quoted/.test(node.type);
	let at = node.startIndex;
	for (const child of node.children) {
		if (!child) continue;
		const gap = text.slice(at, child.startIndex);
		if (verbatim ? gap !== '' : gap.trim() !== '') yield gap;
		yield* tokens(child, text);
		at = child.endIndex;
	}
	const rest = text.slice(at, node.endIndex);
	if (verbatim ? rest !== '' : rest.trim() !== '') yield rest;
	if (node.isNamed) yield ')';
}

const isComment = ({ type }: Node): boolean => /comment$/.test(type);

/** A string alone at the head of a module, a class or a function of Python. */
export function isDocstring(node: Node): boolean {
	if (node.type !== 'expression_statement' || node.namedChildCount !== 1 || node.namedChildren[0]?.type !== 'string') return false;
	const { parent } = node;
	const first = parent?.namedChildren.find(child => child && !isComment(child));
	if (first?.id !== node.id) return false;
	return parent?.type === 'module' || /^(?:function|class)_definition$/.test(parent?.parent?.type ?? '');
}
