import { isTestFile } from '../../../checks/coverage/merge.js';
import type { Node } from '../../../checks/syntax/trees.js';
import { eachTree, field, functionsAround, lineOf, nodesIn, type Seen } from './trees.js';

/** A comparison or operation of something with itself, an assignment where a comparison was meant, `is` with a literal, `== NaN`. */
export const selves = eachTree(seen =>
	[...nodesIn(seen.root)].flatMap(node => {
		if (!seen.added.has(lineOf(node))) return [];
		const said = withItself(node, seen) ?? assigned(node) ?? identical(node) ?? notANumber(node);
		return said === undefined ? [] : [{ path: seen.path, line: lineOf(node), ...said }];
	}),
);

type Said = { rule: string; text: string };

/** A name, or a part of a thing: asking for it again gives the same. */
const steady = /^(?:[A-Za-z_$][\w$]*)(?:\.[A-Za-z_$][\w$]*)*$/;
/** Operations of two that are the same: not those that double, nor `!=`, which is how one looks for what is no number. */
const idle = new Set(['==', '===', '<', '>', '<=', '>=', '-', '/', '%', '&', '|', '^', '&&', '||', 'and', 'or', '??', 'is']);

function withItself(node: Node, seen: Seen): Said | undefined {
	if (!/^(?:binary_expression|binary_operator|boolean_operator|comparison_operator)$/.test(node.type)) return undefined;
	const [left, right, more] = node.namedChildren;
	if (!left || !right || more || left.text !== right.text || !steady.test(left.text)) return undefined;
	const sign = node.children.find(child => child && !child.isNamed)?.text ?? '';
	if (!idle.has(sign) || isTestFile(seen.path)) return undefined;
	// How what is no number is told from one: nothing else is not equal to itself.
	if (/^==/.test(sign) && /nan\b|isnan|notnull|numpy|pandas|\bnp\b|\bpd\b/i.test(seen.after)) return undefined;
	return { rule: 'same-on-both-sides', text: `\`${left.text}\` stands on both sides of \`${sign}\`` };
}

function assigned(node: Node): Said | undefined {
	if (node.type === 'if_statement') {
		const held = field(node, 'condition')?.namedChildren[0];
		const [left, right] = held?.type === 'assignment_expression' ? [field(held, 'left'), field(held, 'right')] : [];
		if (!left || !right || !/^(?:identifier|number|string|true|false|null|undefined)$/.test(right.type)) return undefined;
		return { rule: 'assignment-in-condition', text: `\`${left.text} = ${right.text}\` in the condition assigns; a comparison is \`===\`` };
	}
	if (!/^(?:assignment|assignment_expression)$/.test(node.type)) return undefined;
	const [left, right] = [field(node, 'left'), field(node, 'right')];
	const [around] = functionsAround(node);
	const inClass = node.parent?.parent?.parent?.type === 'class_definition';
	if (left?.type !== 'identifier' || left.text !== right?.text || !around || inClass) return undefined;
	return { rule: 'same-on-both-sides', text: `\`${left.text}\` is assigned to itself` };
}

/** Python only: whether equal literals are the same thing is up to the interpreter. */
function identical(node: Node): Said | undefined {
	if (node.type !== 'comparison_operator') return undefined;
	const sign = node.children.find(child => child && !child.isNamed)?.type ?? '';
	const literal = node.namedChildren.find(child => child && /^(?:string|integer|float|list|dictionary|set|tuple)$/.test(child.type));
	if (!/^is(?: not)?$/.test(sign) || !literal || node.namedChildCount !== 2) return undefined;
	return {
		rule: 'is-with-a-literal',
		text: `\`${sign}\` asks whether it is the same thing as ${shown(literal.text)}; equal is \`${sign === 'is' ? '==' : '!='}\``,
	};
}

const noNumber = /^(?:NaN|Number\.NaN|(?:math|np|numpy)\.nan|float\(\s*["']nan["']\s*\))$/i;

function notANumber(node: Node): Said | undefined {
	if (!/^(?:binary_expression|comparison_operator)$/.test(node.type)) return undefined;
	const sign = node.children.find(child => child && !child.isNamed)?.text ?? '';
	if (!/^[=!]==?$/.test(sign) || !node.namedChildren.some(child => child && noNumber.test(child.text))) return undefined;
	return {
		rule: 'compared-with-nan',
		text: `nothing is equal to NaN, not even NaN: \`${shown(node.text)}\` is always ${sign.startsWith('!') ? 'true' : 'false'}`,
	};
}

const shown = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
