import type { Kind, Language } from './languages.js';
import { type Node, withTree } from './trees.js';

/**
 * A function, class or type, from its first line to its last, both counted from 1: with its decorators and its `export`, without
 * the comment above. `start` and `end` are the offsets of the same in the text, `at` that of its name. `owner` is what it stands
 * in: `Box`, `Outer.Box`.
 */
export type Definition = { kind: Kind; name: string; owner?: string; from: number; to: number; start: number; end: number; at: number };

/** What a file defines, in its order, each before those it holds. Undefined when its language is none of ours. */
export async function definitions(path: string, text: string): Promise<Definition[] | undefined> {
	return withTree(path, text, ({ root, language }) => definitionsIn(root, language));
}

/** What a file defines at its top, in nothing else; nothing where its language is none of ours. */
export const outermost = async (path: string, text: string): Promise<Definition[]> =>
	((await definitions(path, text)) ?? []).filter(({ owner }) => owner === undefined);

/** The innermost function or method that has this line, counted from 1; undefined when none has. */
export const functionAt = (all: readonly Definition[], line: number): Definition | undefined =>
	all.findLast(({ kind, from, to }) => (kind === 'function' || kind === 'method') && from <= line && line <= to);

/** As `definitions`, of a tree. */
export function definitionsIn(root: Node, language: Language): Definition[] {
	const found: Definition[] = [];
	const visit = (node: Node, owner: Owner): void => {
		const inner = ownerWithin(node, owner, language);
		const kind = language.defines[node.type];
		const name = kind === undefined ? undefined : nameOf(node);
		if (kind !== undefined && name !== undefined && isDefinition(node)) {
			const own = definition(node, { kind, name, owner });
			found.push(own);
			const names = own.owner === undefined ? [own.name] : [own.owner, own.name];
			for (const child of node.namedChildren) if (child) visit(child, { names, isClass: kind === 'class' || kind === 'type' });
			return;
		}
		for (const child of node.namedChildren) if (child) visit(child, inner);
	};
	visit(root, { names: [], isClass: false });
	return found;
}

type Owner = { names: readonly string[]; isClass: boolean };

function definition(node: Node, { kind, name, owner }: { kind: Kind; name: Node; owner: Owner }): Definition {
	const whole = widened(node);
	const isMethod = kind === 'function' && owner.isClass;
	const receiver = node.childForFieldName('receiver')?.text.match(/(\w+)(?:\[[^\]]*\])?\s*\)$/)?.[1];
	const names = receiver === undefined ? owner.names : [...owner.names, receiver];
	// A node may end with the line end: that is the end of its last line, not a line more.
	const { row, column } = whole.endPosition;
	return {
		kind: isMethod ? 'method' : kind,
		name: name.type === 'string' ? name.text.slice(1, -1) : name.text,
		...(names.length > 0 && { owner: names.join('.') }),
		from: whole.startPosition.row + 1,
		to: Math.max(whole.startPosition.row, column === 0 ? row - 1 : row) + 1,
		start: whole.startIndex,
		end: whole.endIndex,
		at: name.startIndex,
	};
}

function ownerWithin(node: Node, owner: Owner, { holds }: Language): Owner {
	const field = holds[node.type];
	const name = field === undefined ? undefined : node.childForFieldName(field)?.text.replace(/[<[{\s][\s\S]*$/, '');
	return name ? { names: [...owner.names, name], isClass: node.type === 'impl_item' } : owner;
}

const functions = /^(?:arrow_function|function_expression|function|generator_function|class)$/;

/** Of the nodes that may define, those that do: a variable that holds a function, a struct that has a body. */
function isDefinition(node: Node): boolean {
	switch (node.type) {
		case 'variable_declarator':
		case 'field_definition':
		case 'public_field_definition':
		case 'pair':
			return functions.test(node.childForFieldName('value')?.type ?? '');
		case 'assignment_expression':
			return functions.test(node.childForFieldName('right')?.type ?? '');
		case 'class_specifier':
		case 'struct_specifier':
		case 'union_specifier':
		case 'enum_specifier':
			return node.childForFieldName('body') !== null;
		default:
			return true;
	}
}

const nameFields = ['name', 'property', 'key', 'left', 'declarator'] as const;
const simpleNames = new Set(['function_name', 'simple_name']);

function nameOf(node: Node): Node | undefined {
	for (const field of nameFields) {
		const child = node.childForFieldName(field);
		if (child) return lastName(child);
	}
	return node.namedChildren.find(child => child && simpleNames.has(child.type)) ?? undefined;
}

/** The name inside `*name(int)`, `Box::name`, `module.exports.name`. */
function lastName(node: Node): Node | undefined {
	const inner = node.childForFieldName('declarator') ?? node.childForFieldName('property') ?? node.childForFieldName('name');
	if (inner) return lastName(inner);
	if (!/declarator$/.test(node.type)) return node;
	const named = node.namedChildren.findLast(child => child && /declarator$|identifier$/.test(child.type));
	return named ? lastName(named) : undefined;
}

/** What belongs around a definition: `export`, decorators, `template <…>`, the `const` of a single variable. */
const wrappers =
	/^(?:export_statement|decorated_definition|template_declaration|ambient_declaration|lexical_declaration|variable_declaration|type_declaration|expression_statement)$/;

function widened(node: Node): Node {
	const { parent } = node;
	if (!parent || !wrappers.test(parent.type)) return node;
	const alone = parent.namedChildren.filter(child => child?.type === node.type).length === 1;
	return alone ? widened(parent) : node;
}
