import { escaped } from '../../../checks/escaped.js';
import type { Node } from '../../../checks/syntax/trees.js';
import type { Family } from '../change.js';
import { bindingsIn } from './bindings.js';
import { field, lineOf } from './trees.js';

/**
 * What a function takes: so many positional arguments at the least and at the most; `needed` are the names of those without a value,
 * `taken` all names, undefined where it takes any.
 */
export type Signature = { line: number; least: number; most: number; needed: readonly string[]; taken: readonly string[] | undefined };
/** What a call gives; where something is spread out nobody can tell how many that is. */
export type Given = { positional: number; names: readonly string[] };

/** The functions at the top of a file that are what they look like: defined once, undecorated, without overloads. */
export function signaturesIn(root: Node, family: Family): ReadonlyMap<string, Signature> {
	const found = new Map<string, Signature>();
	const bound = bindingsIn(root, family);
	for (const statement of root.namedChildren) {
		const own = statement?.type === 'export_statement' ? field(statement, 'declaration') : statement;
		const node = own && /^(?:lexical_declaration)$/.test(own.type) && /^const\b/.test(own.text) ? own.namedChildren[0] : own;
		const name = node ? field(node, 'name')?.text : undefined;
		if (!node || name === undefined || bound.get(name) !== 1) continue;
		const code = node.type === 'variable_declarator' ? field(node, 'value') : node;
		if (!code || !/^(?:function_definition|function_declaration|arrow_function|function_expression)$/.test(code.type)) continue;
		const signature = family === 'python' ? ofPython(code) : ofScript(code);
		if (signature) found.set(name, signature);
	}
	return found;
}

function ofPython(code: Node): Signature | undefined {
	const needed: string[] = [];
	const taken: string[] = [];
	let [most, isOpen, isNamed] = [0, false, false];
	for (const part of field(code, 'parameters')?.namedChildren ?? []) {
		if (!part || part.type === 'comment') continue;
		const kind = part.type === 'typed_parameter' ? (part.namedChildren[0]?.type ?? '') : part.type;
		if (kind === 'positional_separator') return undefined;
		if (kind === 'dictionary_splat_pattern') isOpen = true;
		else if (kind === 'list_splat_pattern') [most, isNamed] = [Number.POSITIVE_INFINITY, true];
		else if (kind === 'keyword_separator') isNamed = true;
		else {
			const name = field(part, 'name')?.text ?? (part.type === 'typed_parameter' ? part.namedChildren[0]?.text : part.text) ?? '';
			taken.push(name);
			// One that has to be named comes behind all that need not be.
			if (isNamed && field(part, 'value') === null) return undefined;
			if (isNamed) continue;
			most++;
			if (field(part, 'value') === null) needed.push(name);
		}
	}
	return { line: lineOf(code), least: needed.length, most, needed, taken: isOpen ? undefined : taken };
}

function ofScript(code: Node): Signature | undefined {
	const body = field(code, 'body')?.text ?? '';
	const parts = (field(code, 'parameters')?.namedChildren ?? (field(code, 'parameter') ? [field(code, 'parameter')] : [])).filter(
		part => part && part.type !== 'comment',
	);
	if (/\barguments\b/.test(body)) return undefined;
	let least = 0;
	let most = parts.length;
	for (const [index, part] of parts.entries()) {
		const pattern = (part && field(part, 'pattern')) ?? part;
		if (!part || !pattern || pattern.text === 'this') return undefined;
		if (pattern.type === 'rest_pattern') most = Number.POSITIVE_INFINITY;
		else if (
			part.type !== 'optional_parameter' &&
			part.type !== 'assignment_pattern' &&
			field(part, 'value') === null &&
			!mayBeLeftOut(pattern, body)
		)
			least = index + 1;
	}
	return { line: lineOf(code), least, most, needed: [], taken: [] };
}

/** A body that asks whether it was given something is fine without it. */
function mayBeLeftOut({ type, text }: Node, body: string): boolean {
	if (type !== 'identifier') return false;
	const name = escaped(text);
	return new RegExp(
		`(?<![\\w$.])${name}\\s*(?:\\?|\\|\\||&&|=(?!=)|[!=]==?\\s*(?:null|undefined|void))|(?:typeof|!)\\s*${name}\\b|\\(\\s*${name}\\s*\\)\\s*[{\\w]|\\bundefined\\s*[!=]==?\\s*${name}\\b`,
	).test(body);
}

/** The arguments of a call; undefined where some are spread out. */
export function givenIn(call: Node, family: Family): Given | undefined {
	const args = field(call, 'arguments');
	if (!args || !/^(?:argument_list|arguments)$/.test(args.type)) return undefined;
	const parts = args.namedChildren.filter(part => part !== null && part.type !== 'comment');
	if (parts.some(part => part && /splat|spread/.test(part.type))) return undefined;
	const named = family === 'python' ? parts.filter(part => part?.type === 'keyword_argument') : [];
	return { positional: parts.length - named.length, names: named.flatMap(part => (part && field(part, 'name')?.text) ?? []) };
}
