import { posix } from 'node:path';
import type { Node } from '../../../checks/syntax/trees.js';
import type { Family } from '../change.js';
import { field, lineOf, nodesIn } from './trees.js';

/** A name that a file has from another: `imported` is what it is called there; undefined where the file as a whole is meant. */
export type Import = { line: number; imported: string | undefined; local: string; from: string };

type Named = Omit<Import, 'from'>;

/** The imports of a file that can only be of one of `paths`; what may come from elsewhere is left out. */
export function importsIn(root: Node, { path, family }: { path: string; family: Family }, paths: ReadonlySet<string>): Import[] {
	const found: Import[] = [];
	const add = (from: string | undefined, parts: Named[]): void => {
		if (from !== undefined) found.push(...parts.map(part => ({ ...part, from })));
	};
	for (const node of nodesIn(root)) {
		// What may be missing is looked for on purpose.
		if (node.parent?.parent?.type === 'try_statement') continue;
		if (family === 'python') {
			if (node.type === 'import_from_statement') add(moduleAt(field(node, 'module_name')?.text ?? '', path, paths), pythonNames(node));
			if (node.type === 'import_statement')
				for (const name of node.childrenForFieldName('name')) if (name) add(...wholeModule(name, path, paths));
			continue;
		}
		if (node.type === 'import_statement' || node.type === 'export_statement')
			add(fileAt(unquoted(field(node, 'source')), path, paths), scriptNames(node));
		if (node.type === 'variable_declarator') add(fileAt(required(field(node, 'value')), path, paths), patternNames(node));
	}
	return found;
}

const pythonNames = (node: Node): Named[] =>
	node.childrenForFieldName('name').flatMap(name => {
		if (!name) return [];
		const imported = field(name, 'name')?.text ?? name.text;
		return [{ line: lineOf(name), imported, local: field(name, 'alias')?.text ?? imported }];
	});

function wholeModule(name: Node, path: string, paths: ReadonlySet<string>): [string | undefined, Named[]] {
	const module = field(name, 'name')?.text ?? name.text;
	const local = field(name, 'alias')?.text ?? module;
	return [moduleAt(module, path, paths), [{ line: lineOf(name), imported: undefined, local }]];
}

/** The file of a module: relative, else beside the file or in one of the folders above it, where only one fits. */
function moduleAt(module: string, path: string, paths: ReadonlySet<string>): string | undefined {
	const [, dots = '', rest = ''] = /^(\.*)([\w.]*)$/.exec(module) ?? [];
	const folder = posix.dirname(path);
	const parts = rest === '' ? [] : rest.split('.');
	const at = (base: string) => {
		const stem = posix.join(base, ...parts);
		return [`${stem}.py`, `${stem}/__init__.py`].filter(one => paths.has(one));
	};
	if (dots !== '') return only(at(posix.join(folder, ...Array.from({ length: dots.length - 1 }, () => '..'))));
	if (parts.length === 0) return undefined;
	const above = folder === '.' ? [] : folder.split('/').map((_, index, all) => all.slice(0, index).join('/') || '.');
	return only([...new Set([folder, ...above, '.', 'src', 'lib'].flatMap(at))]);
}

const only = (all: readonly string[]): string | undefined => (all.length === 1 ? all[0] : undefined);

const unquoted = (node: Node | null): string | undefined => (node?.type === 'string' ? node.text.slice(1, -1) : undefined);

const required = (node: Node | null): string | undefined =>
	node?.type === 'call_expression' && field(node, 'function')?.text === 'require'
		? unquoted(field(node, 'arguments')?.namedChildren[0] ?? null)
		: undefined;

const endings = ['', '.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx'] as const;

/** The file that a relative source means; a compiler lets `./a.js` stand for `a.ts`. */
function fileAt(source: string | undefined, path: string, paths: ReadonlySet<string>): string | undefined {
	if (source === undefined || !/^\.\.?(?:\/|$)/.test(source)) return undefined;
	const stem = posix.join(posix.dirname(path), source);
	const typed = stem.replace(/\.([cm]?)jsx?$/, '.$1ts');
	const all = [...endings.map(ending => stem + ending), typed, `${typed}x`, ...endings.map(ending => `${stem}/index${ending}`)];
	return all.find(one => paths.has(one));
}

function scriptNames(node: Node): Named[] {
	const line = lineOf(node);
	const found = [...nodesIn(node)].flatMap((one): Named[] => {
		if (one.type === 'namespace_import') return [{ line, imported: undefined, local: one.namedChildren[0]?.text ?? '' }];
		if (one.type === 'identifier' && one.parent?.type === 'import_clause') return [{ line, imported: 'default', local: one.text }];
		if (one.type !== 'import_specifier' && one.type !== 'export_specifier') return [];
		const imported = field(one, 'name')?.text ?? '';
		const local = one.type === 'import_specifier' ? (field(one, 'alias')?.text ?? imported) : '';
		return [{ line: lineOf(one), imported, local }];
	});
	// Without a name it is run for what it does.
	return found.length > 0 ? found : [{ line, imported: undefined, local: '' }];
}

/** `const { a, b: c } = require('./x')`, and `const x = require('./x')`. */
function patternNames(node: Node): Named[] {
	const name = field(node, 'name');
	if (name?.type === 'identifier') return [{ line: lineOf(name), imported: undefined, local: name.text }];
	return (name?.type === 'object_pattern' ? name.namedChildren : []).flatMap((part): Named[] => {
		if (part?.type === 'shorthand_property_identifier_pattern') return [{ line: lineOf(part), imported: part.text, local: part.text }];
		const [key, value] = part?.type === 'pair_pattern' ? [field(part, 'key'), field(part, 'value')] : [];
		return key && value?.type === 'identifier' ? [{ line: lineOf(key), imported: key.text, local: value.text }] : [];
	});
}
