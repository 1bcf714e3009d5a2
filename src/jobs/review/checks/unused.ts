import { isTestFile } from '../../../checks/coverage/merge.js';
import { occurrences } from '../../../checks/escaped.js';
import type { Node } from '../../../checks/syntax/trees.js';
import type { Change, Check, Found } from '../change.js';
import { eachTree, field, functionsAround, isFunction, lineOf, nodesIn, type Seen } from './trees.js';

/** A new import, variable or function of which the file has nothing but its name: not exported, no test, nobody's hook. */
export const unused: Check = async change => {
	const texts = await change.texts();
	return await eachTree(seen =>
		isEntry(seen) ? [] : [...nodesIn(seen.root)].flatMap(node => (seen.added.has(lineOf(node)) ? lonely(node, seen, texts) : [])),
	)(change);
};

type Texts = Awaited<ReturnType<Change['texts']>>;

/** Where names are gathered for others, or found by them. */
const isEntry = ({ path, after }: Seen): boolean =>
	/(?:^|\/)(?:__init__|conftest|setup|settings|index)\.\w+$|\.config\.\w+$/.test(path) ||
	/\blocals\(\)|\bglobals\(\)|\beval\(|\bexec\(/.test(after);

function lonely(node: Node, seen: Seen, texts: Texts): Found[] {
	const name = seen.family === 'python' ? pythonName(node, seen, texts) : scriptName(node, seen);
	if (name === undefined || /^_+$/.test(name.word) || occurrences(name.word, seen.after) !== 1) return [];
	const text = `${name.what} \`${name.word}\` is used nowhere`;
	return [{ path: seen.path, line: lineOf(node), rule: 'unused', text }];
}

type Named = { word: string; what: string };

function pythonName(node: Node, { path }: Seen, texts: Texts): Named | undefined {
	const [around] = functionsAround(node);
	switch (node.type) {
		case 'dotted_name':
		case 'aliased_import': {
			const { parent } = node;
			if (parent?.type !== 'import_from_statement' || !isOneOf(node, parent.childrenForFieldName('name'))) return undefined;
			const [imported, word] = [field(node, 'name')?.text ?? node.text, field(node, 'alias')?.text ?? node.text];
			// A module does something by being imported, and what may be missing is asked for.
			const isModule = [...texts.keys()].some(
				other => other.endsWith(`/${imported}.py`) || other === `${imported}.py` || other.includes(`${imported}/`),
			);
			const isOwn = imported.startsWith('_') || /^_/.test(field(parent, 'module_name')?.text ?? '');
			const isTried = /^(?:try_statement|except_clause|if_statement)$/.test(parent.parent?.parent?.type ?? '');
			return isModule || isOwn || isTried || (imported === word.replace(/^.* as /, '') && node.type === 'aliased_import') || isNoted(parent)
				? undefined
				: { word, what: 'the import' };
		}
		case 'assignment': {
			const left = field(node, 'left');
			if (left?.type !== 'identifier' || !around || left.text.startsWith('_') || !field(node, 'right')) return undefined;
			return isInClass(node) ? undefined : { word: left.text, what: 'the variable' };
		}
		case 'function_definition': {
			const word = field(node, 'name')?.text ?? '';
			const isOwn = around !== undefined || (/^_[^_]/.test(word) && node.parent?.type === 'module');
			if (!isOwn || isInClass(node) || node.parent?.type === 'decorated_definition' || isTestFile(path)) return undefined;
			return isCalledByName(word, path, texts) ? undefined : { word, what: 'the function' };
		}
		default:
			return undefined;
	}
}

const isOneOf = (node: Node, all: readonly (Node | null)[]): boolean => all.some(one => one?.id === node.id);

/** What a linter is told to leave alone. */
const isNoted = ({ endPosition, tree }: Node): boolean =>
	/#\s*(?:noqa|type:|pylint)/.test(tree.rootNode.text.split('\n')[endPosition.row] ?? '');

function isInClass(node: Node): boolean {
	for (let at = node.parent; at && !isFunction(at); at = at.parent) if (at.type === 'class_definition') return true;
	return false;
}

/** From another file, or by a text that is put together. */
const isCalledByName = (word: string, path: string, texts: Texts): boolean =>
	[...texts].some(([other, text]) => (other !== path && occurrences(word, text) > 0) || (other === path && /\bgetattr\(/.test(text)));

const importedNames = /^(?:import_specifier|namespace_import|import_clause)$/;

function scriptName(node: Node, { path, after }: Seen): Named | undefined {
	const isModule = /^\s*(?:import|export)\b|\brequire\(|\bmodule\.exports\b/m.test(after);
	const isOwn = isModule || !functionsAround(node).next().done;
	if (importedNames.test(node.type)) {
		const name =
			node.type === 'import_specifier'
				? (field(node, 'alias') ?? field(node, 'name'))
				: node.namedChildren.find(child => child?.type === 'identifier');
		return name && !/^(?:React|h|jsx|jsxs|Fragment|preact)$/.test(name.text) ? { word: name.text, what: 'the import' } : undefined;
	}
	if (!isOwn || (isTestFile(path) && node.type === 'function_declaration')) return undefined;
	if (node.type === 'variable_declarator') {
		const name = field(node, 'name');
		const isTaken = node.parent?.parent?.type === 'export_statement' || /^(?:for_|declare|ambient)/.test(node.parent?.parent?.type ?? '');
		const hasUsing = /^(?:await )?using\b/.test(node.parent?.text ?? '');
		return name?.type === 'identifier' && !isTaken && !hasUsing && !name.text.startsWith('_') && field(node, 'value')
			? { word: name.text, what: 'the variable' }
			: undefined;
	}
	if (node.type !== 'function_declaration' || node.parent?.type === 'export_statement') return undefined;
	const word = field(node, 'name')?.text ?? '';
	return word.startsWith('_') ? undefined : { word, what: 'the function' };
}
