import type { ToolSpec } from '../../types.js';
import { type Expr, either, literal, nothing, rules } from '../grammar/gbnf.js';

/** The grammar of a text that begins with one of these names between `before` and `after`, and then goes on as it likes. */
export function headGrammar(tools: readonly ToolSpec[], before: Expr, after: Expr): string {
	const book = rules();
	const name = either(tools.map(tool => literal(tool.name))) ?? nothing;
	return book.text(`${before} ${name} ${after} ${book.add('rest', '[^\\x00]*')}`);
}
