import type { Definition } from './definitions.js';
import type { LanguageName } from './languages.js';
import type { Node } from './trees.js';

/** A parameter as it is written: `mark` stands before the name of one that takes the rest, `value` is what it is where it is left out. */
export type Parameter = { name: string; mark: string; type: string | undefined; value: string | undefined };

/** What a parameter is called that is taken apart where it stands. */
const nameless = 'options';

/**
 * The parameters of a function, in their order, without the object that a method is called on; one that is taken apart is `options`,
 * with its parts behind it as `options.part`. None for what takes none; undefined where one has no name to speak of it by.
 */
export function parametersOf(node: Node, { kind }: Pick<Definition, 'kind'>, language: LanguageName): Parameter[] | undefined {
	const list = node.childForFieldName('parameters') ?? node.childForFieldName('parameter');
	if (!list || language === 'go') return [];
	const nodes =
		list.type === 'identifier' ? [list] : list.namedChildren.flatMap(child => (child && !passed.test(child.type) ? [child] : []));
	const bound = language === 'python' && kind === 'method' && !/@staticmethod\b/.test(node.parent?.text.slice(0, 200) ?? '');
	const read = nodes.slice(bound ? 1 : 0).flatMap(one => parametersIn(one) ?? [undefined]);
	const named = read.flatMap(one => one ?? []);
	const isClear = named.length === read.length && new Set(named.map(({ name }) => name)).size === named.length;
	return isClear ? named : undefined;
}

/** What stands among parameters and is none: the object itself, marks, remarks. */
const passed = /comment$|separator$|^(?:self_parameter|receiver_parameter|attribute_item|decorator)$/;

const field = (node: Node, name: string): string | undefined => node.childForFieldName(name)?.text.replace(/^:\s*/, '');
const plain = (name: string): Parameter => ({ name, mark: '', type: undefined, value: undefined });

/** The one parameter of a node, or the parts of one that is taken apart; undefined where it has no name. */
function parametersIn(node: Node): Parameter[] | undefined {
	const [first] = node.namedChildren;
	switch (node.type) {
		case 'identifier':
			return [plain(node.text)];
		case 'list_splat_pattern':
		case 'dictionary_splat_pattern':
		case 'rest_pattern':
			return first?.type === 'identifier' ? [{ ...plain(first.text), mark: node.text.slice(0, -first.text.length) }] : undefined;
		case 'typed_parameter':
			return first ? parametersIn(first)?.map(one => ({ ...one, type: field(node, 'type') })) : undefined;
		case 'default_parameter':
		case 'typed_default_parameter':
			return [{ ...plain(field(node, 'name') ?? ''), type: field(node, 'type'), value: field(node, 'value') }];
		case 'assignment_pattern':
			return within(node.childForFieldName('left'), { type: undefined, value: field(node, 'right') });
		case 'required_parameter':
		case 'optional_parameter':
			if (node.childForFieldName('pattern')?.type === 'this') return [];
			return within(node.childForFieldName('pattern'), { type: field(node, 'type'), value: field(node, 'value') });
		case 'object_pattern':
			return [plain(nameless), ...node.namedChildren.flatMap(child => (child ? partOf(child) : []))];
		case 'parameter':
			return within(node.childForFieldName('pattern'), { type: field(node, 'type'), value: undefined });
		case 'formal_parameter':
			return [{ ...plain(field(node, 'name') ?? ''), type: field(node, 'type') }];
		case 'spread_parameter':
			return node.namedChildren.flatMap(child => (child?.type === 'variable_declarator' ? [plain(field(child, 'name') ?? '')] : []));
		default:
			return undefined;
	}
}

/** The pattern's own parameters, of which the first is of this type and value. */
function within(pattern: Node | null, known: Pick<Parameter, 'type' | 'value'>): Parameter[] | undefined {
	const found = pattern ? parametersIn(pattern) : undefined;
	return found?.map((one, index) => (index === 0 ? { ...one, ...known } : one));
}

function partOf(node: Node): Parameter[] {
	const name = node.childForFieldName('key') ?? node.childForFieldName('left') ?? node;
	if (!/identifier/.test(name.type)) return [];
	return [{ ...plain(`${nameless}.${name.text}`), value: field(node, 'right') }];
}
