import type { Node } from '../../../checks/syntax/trees.js';
import { boundBy } from '../../../checks/syntax/unbound.js';
import type { Family } from '../change.js';
import { field, nodesIn } from './trees.js';

/** How often each name is given a meaning in a file, wherever in it that is. */
export function bindingsIn(root: Node, family: Family): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const node of nodesIn(root))
		for (const name of family === 'python' ? boundBy(node) : boundInScript(node)) counts.set(name, (counts.get(name) ?? 0) + 1);
	return counts;
}

/** The names that the statements at the top of a file give a meaning to, with their lines. */
export function topNames(root: Node, family: Family): ReadonlyMap<string, number> {
	const found = new Map<string, number>();
	for (const statement of root.namedChildren) {
		if (!statement || /^import/.test(statement.type)) continue;
		const inner = [statement, ...statement.namedChildren, ...statement.namedChildren.flatMap(child => child?.namedChildren ?? [])];
		const own = inner.filter(
			node => node !== null && /^(?:\w+_declaration|\w+_definition|assignment|variable_declarator)$/.test(node.type),
		);
		for (const node of own)
			for (const name of node ? (family === 'python' ? boundBy(node) : boundInScript(node)) : [])
				if (!found.has(name)) found.set(name, statement.startPosition.row + 1);
	}
	return found;
}

function boundInScript(node: Node): string[] {
	switch (node.type) {
		case 'variable_declarator':
		case 'function_declaration':
		case 'generator_function_declaration':
		case 'function_expression':
		case 'generator_function':
		case 'function_signature':
		case 'class_declaration':
		case 'abstract_class_declaration':
		case 'class':
		case 'interface_declaration':
		case 'type_alias_declaration':
		case 'enum_declaration':
		case 'internal_module':
		case 'module':
		case 'index_signature':
		case 'type_parameter':
			return names(field(node, 'name'));
		case 'formal_parameters':
			return node.namedChildren.flatMap(names);
		case 'required_parameter':
		case 'optional_parameter':
			return names(field(node, 'pattern'));
		case 'arrow_function':
		case 'catch_clause':
			return names(field(node, 'parameter'));
		case 'for_in_statement':
		case 'assignment_expression':
			return names(field(node, 'left'));
		case 'import_clause':
		case 'namespace_import':
		case 'import_require_clause':
			return node.namedChildren.flatMap(child => (child?.type === 'identifier' ? [child.text] : []));
		case 'import_specifier':
			return names(field(node, 'alias') ?? field(node, 'name'));
		default:
			return [];
	}
}

/** The names in a pattern: `a`, `{ a, b: c = 1 }`, `[a, ...b]`. */
function names(node: Node | null): string[] {
	switch (node?.type) {
		case 'identifier':
		case 'type_identifier':
		case 'shorthand_property_identifier_pattern':
			return [node.text];
		case 'object_pattern':
		case 'array_pattern':
		case 'rest_pattern':
			return node.namedChildren.flatMap(names);
		case 'pair_pattern':
			return names(field(node, 'value'));
		case 'assignment_pattern':
		case 'object_assignment_pattern':
			return names(field(node, 'left'));
		default:
			return [];
	}
}
