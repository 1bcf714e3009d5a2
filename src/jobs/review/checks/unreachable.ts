import type { Node } from '../../../checks/syntax/trees.js';
import { near } from '../change.js';
import { eachTree, lineOf, nodesIn, touched } from './trees.js';

const jumps = /^(?:return|raise|throw|continue|break)_statement$/;
const blocks = /^(?:block|statement_block|module|program|switch_case|switch_default)$/;
/** What counts wherever it stands, or does nothing. */
const harmless =
	/^(?:comment|function_declaration|generator_function_declaration|interface_declaration|type_alias_declaration|empty_statement|function_signature|break_statement)$/;

/** A statement right behind one that always leaves its block. */
export const unreachable = eachTree(seen =>
	[...nodesIn(seen.root)].flatMap(block => {
		if (!blocks.test(block.type)) return [];
		const statements = block.namedChildren.filter(child => child !== null);
		const at = statements.findIndex(({ type }) => jumps.test(type));
		const jump = statements[at];
		const dead = statements.slice(at + 1).find(({ type }) => !harmless.test(type));
		if (!jump || !dead || isAllowed(dead, block)) return [];
		if (!touched(seen, jump) && !seen.added.has(lineOf(dead))) return [];
		const word = jump.type.replace('_statement', '');
		const text = `line ${lineOf(dead)} is never reached: the \`${word}\` in line ${lineOf(jump)} comes before it`;
		return [{ path: seen.path, line: near(seen, lineOf(dead)), rule: 'unreachable', text }];
	}),
);

/** A `yield` makes a generator wherever it stands; a `var` without a value is only a name. */
const isAllowed = (dead: Node, block: Node): boolean =>
	[...nodesIn(block)].some(({ type }) => type === 'yield' || type === 'yield_expression') ||
	(dead.type === 'variable_declaration' && dead.namedChildren.every(one => one?.childForFieldName('value') === null));
