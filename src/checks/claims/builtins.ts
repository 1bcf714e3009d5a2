import { builtinModules } from 'node:module';

/** Functions, types and methods that Python has without an import. */
const python = `
	ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError
	ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError EOFError Ellipsis
	EnvironmentError Exception ExceptionGroup False FileExistsError FileNotFoundError FloatingPointError GeneratorExit IOError
	ImportError IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError
	ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError OverflowError
	PermissionError ProcessLookupError RecursionError ReferenceError RuntimeError StopAsyncIteration StopIteration SyntaxError
	SystemError SystemExit TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError
	UnicodeError UnicodeTranslateError ValueError ZeroDivisionError abs add aiter all anext any append as_integer_ratio ascii bin
	bit_count bit_length bool breakpoint buffer bytearray bytes callable capitalize casefold center chr classmethod clear close
	closed compile complex conjugate copy copyright count credits decode delattr denominator detach dict difference
	difference_update dir discard divmod encode encoding endswith enumerate errors eval exec exit expandtabs extend fileno filter
	find float flush format format_map from_bytes fromhex fromkeys frozenset get getattr globals hasattr hash help hex id imag
	index input insert int intersection intersection_update isalnum isalpha isascii isatty isdecimal isdigit isdisjoint
	isidentifier isinstance islower isnumeric isprintable isspace issubclass issubset issuperset istitle isupper items iter join
	keys len license line_buffering list ljust locals lower lstrip maketrans map max memoryview min name newlines next numerator
	object oct open ord partition pop popitem pow print property quit range read readable readline readlines real reconfigure
	remove removeprefix removesuffix replace repr reverse reversed rfind rindex rjust round rpartition rsplit rstrip seek
	seekable set setattr setdefault slice sort sorted split splitlines startswith staticmethod str strip sum super swapcase
	symmetric_difference symmetric_difference_update tell title to_bytes translate truncate tuple type union update upper values
	vars writable write write_through writelines zfill zip
`;

/** Modules of Python that are spoken of by name, and what else everybody knows. */
const modules = `
	argparse array ast asyncio atexit base64 bisect calendar codecs collections concurrent configparser contextlib copy csv
	ctypes dataclasses datetime decimal difflib email enum fnmatch fractions functools getpass glob gzip hashlib heapq hmac html
	http importlib inspect io ipaddress itertools json keyword linecache locale logging math mimetypes multiprocessing operator
	os pathlib pickle pkgutil platform pprint queue random re sched secrets select shelve shlex shutil signal socket sqlite3 ssl
	stat statistics string struct subprocess sys tarfile tempfile textwrap threading time timeit tokenize tomllib traceback types
	typing unicodedata unittest urllib uuid warnings weakref xml zipfile zlib zoneinfo np pd plt numpy pandas torch sklearn
	requests pytest flask django fastapi ArrayList Arrays Collections Counter Err HashMap Ok Option Path Result Some String
	System Vec __all__ __dirname __eq__ __file__ __filename __init__ __len__ __main__ __name__ __repr__ __str__ abstractmethod
	addEventListener afterEach assert beforeEach constructor cout dataclass defaultdict describe document equals errors expect
	exports fmt free getElementById hashCode innerHTML it jest localStorage lru_cache main malloc module namedtuple navigator
	pathlib printf println process property prototype puts querySelector require sessionStorage setState sprintf std strconv
	strings test toString unwrap useEffect useState vector vi window wraps
`;

/** Modules of Node whose functions are often named alone. */
const node = ['fs', 'path', 'os', 'util', 'url', 'events', 'child_process', 'assert', 'http', 'crypto', 'stream'] as const;

/** `outer` may stand before a dot; `all` are these and what they have. */
type Known = { outer: ReadonlySet<string>; all: ReadonlySet<string> };
let known: Known | undefined;

/** Whether a name, given in its parts, belongs to a language or its standard library: by its first part or by its last. */
export function isBuiltin(names: readonly string[]): boolean {
	known ??= allKnown();
	return known.outer.has(names[0] ?? '') || known.all.has(names.at(-1) ?? '');
}

const words = (text: string): string[] => text.trim().split(/\s+/);

/** The lists, and what this Node knows itself: its globals, what they and their instances have, and its most usual modules. */
function allKnown(): Known {
	const globals = Object.getOwnPropertyNames(globalThis);
	const outer = [...words(python), ...words(modules), ...builtinModules, ...globals];
	const members = [
		...globals.flatMap(name => membersOf(Object.getOwnPropertyDescriptor(globalThis, name)?.value)),
		...node.flatMap(name => membersOf(process.getBuiltinModule(name))),
	];
	return { outer: new Set(outer), all: new Set([...outer, ...members]) };
}

function membersOf(value: unknown): string[] {
	if ((typeof value !== 'object' && typeof value !== 'function') || value === null || value === globalThis) return [];
	const own = Object.getOwnPropertyNames(value);
	const instances: unknown = Object.getOwnPropertyDescriptor(value, 'prototype')?.value;
	return typeof instances === 'object' && instances !== null ? [...own, ...Object.getOwnPropertyNames(instances)] : own;
}
