import { occurrences } from '../../../checks/escaped.js';
import type { Node } from '../../../checks/syntax/trees.js';
import type { Family, Found } from '../change.js';
import { eachTree, field, lineOf, nodesIn, type Seen } from './trees.js';

/** The same name defined twice in one scope with nothing between that uses the first, and the same key twice in one literal. */
export const twice = eachTree(seen => [...nodesIn(seen.root)].flatMap(node => [...definedTwice(node, seen), ...keyedTwice(node, seen)]));

const scopes = /^(?:module|block|program|statement_block|class_body)$/;

function definedTwice(scope: Node, seen: Seen): Found[] {
	if (!scopes.test(scope.type)) return [];
	const parent = scope.parent?.type ?? 'module';
	// In a branch, another definition is the point.
	if (scope.type === 'block' && !/^(?:function|class)_definition$/.test(parent)) return [];
	const before = new Map<string, Node>();
	return scope.namedChildren.flatMap(child => {
		const name = child ? nameOf(child) : undefined;
		if (!child || name === undefined || /^_+$/.test(name.replace(/^\S+ /, ''))) return [];
		const first = before.get(name);
		before.set(name, child);
		if (!first || !(seen.added.has(lineOf(child)) || seen.added.has(lineOf(first)))) return [];
		const word = name.replace(/^\S+ /, '');
		if (occurrences(word, seen.after.slice(first.endIndex, child.startIndex)) > 0) return [];
		const line = seen.added.has(lineOf(child)) ? lineOf(child) : lineOf(first);
		const text = `\`${word}\` is defined in line ${lineOf(first)} and again in line ${lineOf(child)}, which takes its place`;
		return [{ path: seen.path, line, rule: 'defined-twice', text }];
	});
}

/** What a statement of a scope defines, with its kind in front. What has a decorator may be one of several on purpose. */
function nameOf(node: Node): string | undefined {
	const own = node.type === 'export_statement' ? (field(node, 'declaration') ?? node) : node;
	const name = field(own, 'name')?.text;
	if (name === undefined || own.namedChildren.some(child => child?.type === 'decorator')) return undefined;
	switch (own.type) {
		case 'function_definition':
		case 'class_definition':
		case 'function_declaration':
		case 'class_declaration':
			return `value ${name}`;
		case 'method_definition': {
			const words = own.children.flatMap(child => (child && !child.isNamed ? [child.text] : []));
			const isPlain = !words.includes('get') && !words.includes('set') && /^[\w$#]+$/.test(name) && field(own, 'body') !== null;
			return isPlain ? `${words.includes('static') ? 'static' : 'own'} ${name}` : undefined;
		}
		default:
			return undefined;
	}
}

function keyedTwice(literal: Node, seen: Seen): Found[] {
	if (literal.type !== 'object' && literal.type !== 'dictionary') return [];
	const before = new Map<string, Node>();
	return literal.namedChildren.flatMap(child => {
		// What is spread in between may be overridden on purpose.
		if (child && /spread|splat/.test(child.type)) before.clear();
		const key =
			child?.type === 'pair'
				? keyOf(field(child, 'key'), seen.family)
				: child?.type === 'shorthand_property_identifier'
					? child.text
					: undefined;
		if (!child || key === undefined) return [];
		const first = before.get(key);
		before.set(key, child);
		if (!first || !(seen.added.has(lineOf(child)) || seen.added.has(lineOf(first)))) return [];
		const line = seen.added.has(lineOf(child)) ? lineOf(child) : lineOf(first);
		return [
			{
				path: seen.path,
				line,
				rule: 'key-twice',
				text: `the key \`${key}\` stands in line ${lineOf(first)} and again in line ${lineOf(child)}`,
			},
		];
	});
}

/** A key that is written out; `"1"` and `1` are the same in JavaScript, and a name is a value in Python. */
function keyOf(key: Node | null, family: Family): string | undefined {
	if (key?.type === 'property_identifier' || key?.type === 'integer' || key?.type === 'number') return key.text;
	const [, double, single] = key?.type === 'string' ? (/^(?:"([^"\\{}]*)"|'([^'\\{}]*)')$/.exec(key.text) ?? []) : [];
	const text = double ?? single;
	return text === undefined || family === 'script' ? text : `"${text}"`;
}
