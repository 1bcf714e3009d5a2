import { languageOf } from './languages.js';
import { type Node, withTree } from './trees.js';

/** A place where a text is not well formed: its line, counted from 1, and a short sentence. */
export type Fault = { line: number; message: string };

/** Where `text` is not well formed as the file at `path`; undefined when its language is none of ours. */
export async function faults(path: string, text: string): Promise<Fault[] | undefined> {
	return withTree(path, text, ({ root }) => [
		...(root.hasError ? faultsIn(root, { path, text }).filter(isSure(path)) : []),
		...crossedTags(root),
	]);
}

/** What does not fit may be a macro, in C and C++: only what is missing is sure there. */
const isSure = (path: string): ((fault: Fault) => boolean) =>
	languageOf(path) === 'c' || languageOf(path) === 'cpp' ? ({ message }) => !message.endsWith(misfit) : () => true;

/** The faults of `after` that `before`, the same file earlier, had not. Undefined when nobody can tell. */
export async function newFaults(path: string, { before, after }: { before: string; after: string }): Promise<Fault[] | undefined> {
	const now = await faults(path, after);
	if (!now?.length) return now;
	const known = new Map<string, number>();
	for (const each of (await faults(path, before)) ?? []) known.set(keyOf(each, before), (known.get(keyOf(each, before)) ?? 0) + 1);
	return now.filter(each => {
		const count = known.get(keyOf(each, after)) ?? 0;
		known.set(keyOf(each, after), count - 1);
		return count <= 0;
	});
}

/** The first new fault of a text that has more of them than before; undefined when it has not. */
export async function worseBy(path: string, texts: { before: string; after: string }): Promise<Fault | undefined> {
	const [then, now] = [await faults(path, texts.before), await faults(path, texts.after)];
	return then && now && now.length > then.length ? (await newFaults(path, texts))?.[0] : undefined;
}

const keyOf = ({ line, message }: Fault, text: string): string => `${message}\n${(text.split('\n')[line - 1] ?? '').trim()}`;

function faultsIn(root: Node, { path, text }: { path: string; text: string }): Fault[] {
	const found: Fault[] = [];
	const visit = (node: Node): void => {
		if (node.isMissing) found.push(missing(node, text));
		else if (node.isError) found.push(unexpected(node, text));
		else if (node.hasError) for (const child of node.children) if (child) visit(child);
	};
	visit(root);
	const first = languageOf(path) === 'bash' ? undefined : unbalanced(root, text);
	return first ? [first, ...found.slice(1)] : found;
}

/** The innermost thing that did not fit: a node of error holds much that is right as well. */
function unexpected(node: Node, text: string): Fault {
	const inner = node.children.find(child => child?.isError || child?.isMissing);
	if (inner?.isMissing) return missing(inner, text);
	if (inner) return unexpected(inner, text);
	const leaf = firstLeaf(node.children.findLast(child => child) ?? node);
	const word = leaf.text.trim().split('\n', 1)[0] ?? '';
	return { line: lineOf(leaf), message: word === '' ? 'something is missing here' : `${quoted(word)} ${misfit}` };
}

/** What is missing is missing where the text before it ends. */
const missing = (node: Node, text: string): Fault => ({
	line: text.slice(0, node.startIndex).trimEnd().split('\n').length,
	message: `${quoted(node.type)} is missing`,
});

/** A tag that is closed by another one, which the grammar lets pass. */
const crossedTags = (root: Node): Fault[] =>
	root.descendantsOfType('jsx_element').flatMap(element => {
		const [open, close] = [element?.childForFieldName('open_tag'), element?.childForFieldName('close_tag')];
		const [opened, closed] = [open?.childForFieldName('name')?.text, close?.childForFieldName('name')?.text];
		return close && opened !== closed ? [{ line: lineOf(close), message: `\`</${closed ?? ''}>\` closes \`<${opened ?? ''}>\`` }] : [];
	});

const misfit = 'does not fit here';
const firstLeaf = (node: Node): Node => (node.children[0] ? firstLeaf(node.children[0]) : node);
const lineOf = (node: Node): number => node.startPosition.row + 1;
const quoted = (word: string): string => `\`${word.length > 30 ? `${word.slice(0, 30)}…` : word}\``;

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '${': '}', '#{': '}', '#[': ']', '@{': '}', '@(': ')' };

/**
 * The first bracket that has no partner, among those that are neither in strings nor in comments. None where the text has as
 * many of the one as of the other: then something else is wrong, which hides a bracket from the grammar.
 */
function unbalanced(root: Node, text: string): Fault | undefined {
	const uneven = (sign: string) => count(text, opening(sign)) !== count(text, closing[opening(sign)] ?? sign);
	const open: { sign: string; line: number }[] = [];
	for (const leaf of leaves(root)) {
		if (leaf.isMissing) continue;
		if (Object.hasOwn(closing, leaf.type)) open.push({ sign: leaf.type, line: lineOf(leaf) });
		if (!/^[)\]}]$/.test(leaf.type)) continue;
		const last = open.pop();
		if (!last) return uneven(leaf.type) ? { line: lineOf(leaf), message: `${quoted(leaf.type)} closes nothing` } : undefined;
		if (closing[last.sign] !== leaf.type)
			return uneven(last.sign) ? { line: last.line, message: `${quoted(last.sign)} is not closed` } : undefined;
	}
	const last = open.pop();
	return last && uneven(last.sign) ? { line: last.line, message: `${quoted(last.sign)} is not closed` } : undefined;
}

const opening = (sign: string): string => ({ ')': '(', ']': '[', '}': '{' })[sign] ?? sign.slice(-1);
const count = (text: string, sign: string): number => text.split(sign).length - 1;

/** Every node without children, in the order of the text. */
export function* leaves(node: Node): Generator<Node, void> {
	if (node.childCount === 0) yield node;
	else for (const child of node.children) if (child) yield* leaves(child);
}
