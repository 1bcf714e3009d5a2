import chalk from 'chalk';
import type { Token } from 'marked';
import { exactLine } from '../../sanitise.js';
import type { Style } from '../text/colour.js';
import { type Run, run } from '../text/wrap.js';

/** The insides of a paragraph as runs. Without colour, code and struck text keep their signs. */
export function inline(tokens: readonly Token[] | undefined, style: Style = {}): Run[] {
	return (tokens ?? []).flatMap(token => one(token, style));
}

function one(token: Token, style: Style): Run[] {
	switch (token.type) {
		case 'strong':
			return inline(token.tokens, { ...style, bold: true });
		case 'em':
			return inline(token.tokens, { ...style, italic: true });
		case 'del':
			return signed('~~', inline(token.tokens, { ...style, strike: true }), style);
		case 'codespan':
			return signed('`', [run(decode(token.text), { ...style, colour: 'cyan' })], style);
		case 'link':
			return link(token.href, inline(token.tokens, { ...style, underline: true }), style);
		case 'image':
			return link(token.href, [run(`[image: ${decode(token.text) || 'no description'}]`, style)], style);
		case 'br':
			return [run('\n', style)];
		case 'checkbox':
			return [run(token.checked ? '[x] ' : '[ ] ', style)];
		case 'text':
		case 'paragraph':
			return token.tokens ? inline(token.tokens, style) : [run(decode(token.text), style)];
		case 'escape':
			return [run(token.text, style)];
		default:
			return [run(decode(token.raw), style)];
	}
}

/** A link always shows where it leads, unless its words say so already. */
function link(href: string, label: Run[], style: Style): Run[] {
	const words = label.map(part => part.text).join('');
	const target = exactLine(href);
	return words !== '' && target.endsWith(words) ? label : [...label, run(` (${target})`, { ...style, dim: true })];
}

const signed = (sign: string, runs: Run[], style: Style): Run[] =>
	chalk.level === 0 ? [run(sign, style), ...runs, run(sign, style)] : runs;

/** The entities that models write; others stay as they are. None of these can make a control character. */
const decode = (text: string) => text.replace(/&(lt|gt|quot|#39|nbsp|amp);/g, (_all, name: string) => entities[name] ?? _all);
const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ', amp: '&' };
