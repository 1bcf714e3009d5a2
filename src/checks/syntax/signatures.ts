import { type Definition, definitionsIn } from './definitions.js';
import { type DocPlace, placeOf } from './doc-place.js';
import { type Language, type LanguageName, languageOf } from './languages.js';
import { type Parameter, parametersOf } from './parameters.js';
import { type Node, withTree } from './trees.js';

/**
 * What a definition promises, as its text has it. `parameters` is undefined where one has no name, `gives` where it gives nothing;
 * `type` is that of what it gives, `errors` are raised by its own lines and not caught there. `isPublic`: for others to use.
 */
export type Signature = Definition &
	DocPlace & {
		parameters: readonly Parameter[] | undefined;
		gives: 'value' | 'values' | undefined;
		type: string | undefined;
		errors: readonly string[];
		isPublic: boolean;
	};

const told = ['python', 'javascript', 'typescript', 'tsx', 'go', 'rust', 'java'] as const satisfies readonly LanguageName[];
/** The languages whose signatures can be told. */
export type Told = (typeof told)[number];

/** The language of a file, where its signatures can be told. */
export const toldLanguage = (path: string): Told | undefined => told.find(one => one === languageOf(path));

/** What everything that a file defines promises, in its order. Undefined for a language whose signatures cannot be told. */
export async function signatures(path: string, text: string): Promise<Signature[] | undefined> {
	const name = toldLanguage(path);
	if (!name) return undefined;
	return withTree(path, text, ({ root, language }) => {
		const all = definitionsIn(root, language);
		const found: Signature[] = [];
		for (const one of all) {
			const node = nodeOf(one, root, language);
			if (!node) continue;
			const around = found.filter(({ start, end }) => start <= one.start && one.end <= end);
			const isOpen = around.every(({ kind, isPublic }) => isPublic && (kind === 'class' || kind === 'type'));
			const code = codeOf(node);
			found.push({
				...one,
				...placeOf(one, node, { text, language: name }),
				parameters: parametersOf(code, one, name),
				...givenBy(code, name),
				errors: [...new Set(errorsOf(code, name))],
				isPublic: isOpen && isPublic(node, one, { text, language: name, isInner: around.length > 0 }),
			});
		}
		return found;
	});
}

function nodeOf({ at }: Definition, root: Node, { defines }: Language): Node | undefined {
	let node = root.descendantForIndex(at);
	while (node && defines[node.type] === undefined) node = node.parent;
	return node ?? undefined;
}

/** The function itself, where the definition is a variable or a field that holds one. */
const codeOf = (node: Node): Node =>
	/declarator|assignment|field_definition|^pair$/.test(node.type)
		? (node.childForFieldName('value') ?? node.childForFieldName('right') ?? node)
		: node;

const inner = /lambda|function|class|closure|func_literal|method_definition/;

/** The nodes of a function's own lines, not those of functions and classes in it. */
function* own(node: Node): Generator<Node, void> {
	for (const child of node.namedChildren) {
		if (!child || inner.test(child.type)) continue;
		yield child;
		yield* own(child);
	}
}

const nothing = /^(?:None|(?:\w+\.)?(?:NoReturn|Never)|void|never|undefined|Promise<(?:void|never|undefined)>|\(\)|!)$/;

function givenBy(node: Node, language: Told): Pick<Signature, 'gives' | 'type'> {
	const body = node.childForFieldName('body');
	const none = { gives: undefined, type: undefined };
	const written = node.childForFieldName(language === 'java' ? 'type' : 'return_type')?.text.replace(/^:\s*/, '');
	if (language === 'go' || (!node.childForFieldName('parameters') && !node.childForFieldName('parameter'))) return none;
	const lines = body ? [...own(body)] : [];
	if (lines.some(({ type }) => /^yield/.test(type))) return { gives: 'values', type: undefined };
	if (written !== undefined) return nothing.test(written) ? none : { gives: 'value', type: written };
	if (language === 'rust' || language === 'java') return none;
	if (node.type === 'arrow_function' && body && body.type !== 'statement_block') return { gives: 'value', type: undefined };
	const gives = lines.some(
		({ type, namedChildren: [value] }) => type === 'return_statement' && value && !/^(?:none|undefined|comment)$/.test(value.type),
	);
	return gives ? { gives: 'value', type: undefined } : none;
}

function errorsOf(node: Node, language: Told): string[] {
	const body = node.childForFieldName('body');
	if (!body || /class|interface|enum|struct|trait/.test(node.type) || language === 'go') return [];
	const lines = [...own(body)];
	if (language === 'rust') return rustErrors(node, lines);
	const thrown = lines.flatMap(one => {
		const name = /^(?:raise|throw)_statement$/.test(one.type) ? raisedBy(one.namedChildren[0]) : undefined;
		return name !== undefined && !isCaught(one, name, body) ? [name] : [];
	});
	const declared = node.namedChildren.find(child => child?.type === 'throws');
	return [...(declared?.namedChildren.flatMap(child => (child ? [child.text] : [])) ?? []), ...thrown];
}

const panics = /^(?:panic|unreachable|todo|unimplemented|assert(?:_eq|_ne)?)$/;

/** Rust speaks of the kinds of trouble, not of their names. */
const rustErrors = (node: Node, lines: readonly Node[]): string[] => [
	...(/\bResult\b/.test(node.childForFieldName('return_type')?.text ?? '') ? ['Errors'] : []),
	...(lines.some(one => one.type === 'macro_invocation' && panics.test(one.childForFieldName('macro')?.text ?? '')) ? ['Panics'] : []),
];

/** The kind of error that is made or named here; undefined for a variable, which may hold any. */
function raisedBy(node: Node | null | undefined): string | undefined {
	const made =
		node && (node.childForFieldName('function') ?? node.childForFieldName('constructor') ?? node.childForFieldName('type') ?? node);
	return made && /^(?:[\w$]+\.)*[A-Z][\w$]*$/.test(made.text) ? made.text : undefined;
}

/** Whether a `try` around it, in the same function, takes this error. */
function isCaught(node: Node, name: string, body: Node): boolean {
	for (let one = node; one.parent && one.id !== body.id; one = one.parent) {
		const { parent } = one;
		if (!/^try/.test(parent.type) || parent.childForFieldName('body')?.id !== one.id) continue;
		const heads = parent.namedChildren.flatMap(child =>
			child && /^(?:except|catch)/.test(child.type) ? [child.text.split(/[:{]/, 1)[0]!] : [],
		);
		const takes = new RegExp(
			`^except\\s*$|^catch\\s*(?:\\(\\s*\\w+\\s*\\)\\s*)?$|\\b(?:Base|Runtime)?Exception\\b|\\bThrowable\\b|\\b${name}\\b`,
		);
		if (heads.some(head => takes.test(head))) return true;
	}
	return false;
}

type Around = { text: string; language: Told; isInner: boolean };

/** Whether a definition is for others, as its language or its name says; where nothing of a script is exported, all of it is. */
function isPublic(node: Node, { name, start, at }: Definition, { text, language, isInner }: Around): boolean {
	const head = text.slice(start, at);
	switch (language) {
		case 'python':
			return !name.startsWith('_') && !/@(?:\w+\.(?:setter|deleter)|(?:typing\.)?overload)\b/.test(head);
		case 'go':
			return /^\p{Lu}/u.test(name);
		case 'rust':
			return node.namedChildren.some(child => child?.type === 'visibility_modifier') && !/^\w*test/.test(name);
		case 'java':
			return /\bpublic\b|\bprotected\b/.test(head) && !/@Override\b/.test(head);
		case 'javascript':
		case 'typescript':
		case 'tsx':
			if (/^[#_]/.test(name) || /\b(?:private|protected)\s/.test(head)) return false;
			if (isInner || /\bexports?\b/.test(head) || !/^\s*export\b|\bexports\b/m.test(text)) return true;
			return new RegExp(
				`(?:\\bexport\\s*(?:default\\s*|\\{[^}]*)|\\bexports\\b[^;]*)(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`,
			).test(text);
		default:
			return language satisfies never;
	}
}
