import { languageOf } from './languages.js';
import { type Node, withTree } from './trees.js';

/** A name that nothing in its file gives a meaning to, and the line where it is first used, counted from 1. */
export type Unbound = { name: string; line: number };

/**
 * The names that a file of Python uses and that are neither its own, nor imported, nor the language's. A name that is bound
 * anywhere in the file counts as bound, so this finds fewer than there are, and none where names come from elsewhere (`import *`,
 * `exec`). Undefined for other languages, for which nobody here can tell.
 */
export async function unbound(path: string, text: string): Promise<Unbound[] | undefined> {
	if (languageOf(path) !== 'python') return undefined;
	return withTree(path, text, ({ root }) => {
		if (root.hasError || /\bimport \*|\b(?:exec|globals|locals|vars)\s*\(/.test(text)) return [];
		const bound = new Set<string>();
		const used = new Map<string, number>();
		const visit = (node: Node): void => {
			for (const name of boundBy(node)) bound.add(name);
			if (node.type === 'identifier' && isUse(node) && !used.has(node.text)) used.set(node.text, node.startPosition.row + 1);
			if (!/^(?:import|future_import|global|nonlocal)/.test(node.type)) for (const child of node.namedChildren) if (child) visit(child);
		};
		visit(root);
		return [...used].flatMap(([name, line]) => (bound.has(name) || builtins.has(name) || /^_$|^__/.test(name) ? [] : [{ name, line }]));
	});
}

/**
 * The text with the imports that a changed file of Python has lost or forgotten, as far as a name of the standard library is
 * meant, and the names that are left without a meaning that `before` did not lack already.
 */
export async function withImports(path: string, { before, after }: { before: string | null; after: string }): Promise<Imported> {
	const now = await unbound(path, after);
	if (!now?.length) return { text: after, missing: [] };
	const known = new Set(((before === null ? [] : await unbound(path, before)) ?? []).map(({ name }) => name));
	const fresh = now.filter(({ name }) => !known.has(name));
	const line = (name: string) => importOf(name, before ?? '', after);
	const lines = fresh.flatMap(({ name }) => line(name) ?? []);
	const missing = fresh.filter(({ name }) => line(name) === undefined);
	return { text: lines.length > 0 ? await put([...new Set(lines)], path, after) : after, missing };
}

export type Imported = { text: string; missing: Unbound[] };

/** The names that this node itself gives a meaning to. */
export function boundBy(node: Node): string[] {
	const field = (name: string) => node.childForFieldName(name);
	switch (node.type) {
		case 'assignment':
		case 'augmented_assignment':
		case 'for_statement':
		case 'for_in_clause':
			return namesIn(field('left'));
		case 'named_expression':
		case 'function_definition':
		case 'class_definition':
			return namesIn(field('name'));
		case 'parameters':
		case 'lambda_parameters':
			return node.namedChildren.flatMap(child => (child ? namesIn(parameterOf(child)) : []));
		case 'as_pattern_target':
		case 'case_pattern':
		case 'type_parameter':
		case 'global_statement':
		case 'nonlocal_statement':
		case 'type_alias_statement':
			return namesIn(node);
		case 'import_statement':
		case 'import_from_statement':
		case 'future_import_statement':
			return node.childrenForFieldName('name').flatMap(name => (name ? [imported(name)] : []));
		default:
			return [];
	}
}

/** A parameter without its type and its value. */
const parameterOf = (node: Node): Node | null =>
	node.childForFieldName('name') ??
	(node.type === 'identifier' ? node : (node.namedChildren.find(child => child && child.type !== 'type') ?? null));

const imported = (name: Node): string => name.childForFieldName('alias')?.text ?? name.text.split('.', 1)[0]!;

/** The names in a pattern, not those of objects whose parts are given a value. */
function namesIn(node: Node | null): string[] {
	if (!node || node.type === 'attribute' || node.type === 'subscript') return [];
	return [...(node.type === 'identifier' ? [node.text] : []), ...node.namedChildren.flatMap(child => namesIn(child))];
}

function isUse(node: Node): boolean {
	const { parent } = node;
	if (parent?.type === 'attribute') return parent.childForFieldName('object')?.id === node.id;
	return parent?.type !== 'keyword_argument' || parent.childForFieldName('name')?.id !== node.id;
}

/** What brings a name in: as the file did it before, else from the standard library. */
function importOf(name: string, before: string, after: string): string | undefined {
	const word = new RegExp(`\\b${name}\\b`);
	const line = before
		.split('\n')
		.find(one => /^(?:from \S+ import [^(\\]+|import [^(\\]+)$/.test(one) && word.test(one.replace(/^from \S+ import/, '')));
	if (line !== undefined) return line;
	if (modules.has(name) && new RegExp(`\\b${name}\\.[a-zA-Z]`).test(after)) return `import ${name}`;
	const home = [...homes].find(([, names]) => names.has(name));
	return home && `from ${home[0]} import ${name}`;
}

/** The lines above the first import, or above the first statement that is no description of the file. */
async function put(imports: readonly string[], path: string, text: string): Promise<string> {
	const row = await withTree(path, text, ({ root }) => {
		const statements = root.namedChildren.flatMap(child => (child && child.type !== 'comment' ? [child] : []));
		const first = statements.find(({ type }) => /^import_/.test(type)) ?? statements.find(one => !isDescription(one));
		return first?.startPosition.row;
	});
	const lines = text.split('\n');
	const at = row ?? 0;
	const apart = /^(?:import|from)\b/.test(lines[at] ?? '') ? [] : [''];
	return [...lines.slice(0, at), ...imports, ...apart, ...lines.slice(at)].join('\n');
}

const isDescription = ({ type, namedChildren }: Node): boolean =>
	type === 'future_import_statement' || (type === 'expression_statement' && namedChildren[0]?.type === 'string');

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/** Modules of the standard library that code names without a doubt. */
const modules = words(`
	abc argparse array ast asyncio base64 bisect calendar cmath collections contextlib copy csv dataclasses datetime decimal difflib
	enum fnmatch fractions functools glob gzip hashlib heapq hmac html inspect io itertools json logging math numbers operator os
	pathlib pickle pprint queue random re secrets shutil signal socket sqlite3 statistics string struct subprocess sys tempfile
	textwrap threading time traceback types typing unicodedata urllib uuid warnings weakref zlib
`);
const homes: ReadonlyMap<string, ReadonlySet<string>> = new Map([
	[
		'typing',
		words(
			'Any Callable ClassVar Dict Generator Generic Iterable Iterator List Literal Mapping NamedTuple Optional Protocol Sequence Set Tuple Type TypeVar Union',
		),
	],
	['collections', words('ChainMap Counter OrderedDict defaultdict deque namedtuple')],
	['functools', words('cache cached_property lru_cache partial reduce total_ordering wraps cmp_to_key')],
	[
		'itertools',
		words('accumulate chain combinations combinations_with_replacement groupby islice pairwise permutations product zip_longest'),
	],
	['dataclasses', words('dataclass')],
	['pathlib', words('Path')],
	['decimal', words('Decimal')],
	['fractions', words('Fraction')],
	['abc', words('ABC abstractmethod')],
	['enum', words('Enum IntEnum')],
	['math', words('ceil floor gcd sqrt isclose isqrt')],
	['contextlib', words('contextmanager')],
]);

/** Python's own names (docs.python.org/3, "Built-in Functions", "Built-in Constants", "Built-in Exceptions"). */
const builtins = words(`
	abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod
	enumerate eval exec filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter
	len list locals map max memoryview min next object oct open ord pow print property range repr reversed round set setattr slice
	sorted staticmethod str sum super tuple type vars zip copyright credits exit license quit True False None NotImplemented Ellipsis
	ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError
	BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError
	DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup FileExistsError FileNotFoundError
	FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError InterruptedError
	IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError
	NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError RecursionError
	ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError
	SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
	UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError reveal_type
`);
