import chalk from 'chalk';
import { Lexer, type Token, type Tokens } from 'marked';
import { display } from '../../sanitise.js';
import { width } from '../text/width.js';
import { hang, type Line, run, wrap, wrapExactly } from '../text/wrap.js';
import { highlight } from './code.js';
import { inline } from './inline.js';
import { blocksOf } from './split.js';
import { steady } from './steady.js';
import { tableLines } from './table.js';

/** A finished text as lines of at most `columns`. Untrusted text may be given. Never throws. */
export function markdownLines(text: string, columns: number): Line[] {
	return stack(lex(display(text)), columns, true);
}

/**
 * An unfinished block as it grows: the same, but signs that are only half there wait, and a table stays plain until it is
 * complete, so that nothing on the screen jumps. Of a long block of code only the last `rows` lines are drawn.
 */
export function growingLines(text: string, columns: number, rows: number): Line[] {
	const blocks = lex(steady(display(text)));
	const last = blocks.at(-1);
	if (last?.type === 'table') return [...stack(blocks.slice(0, -1), columns, true), ...wrap([run(last.raw.trimEnd())], columns)];
	if (last?.type === 'code' && blocks.length === 1) return growingCode(last as Tokens.Code, columns, rows);
	return stack(blocks, columns, true);
}

/** The finished lines are coloured once each time one is added, the one being written is plain. */
function growingCode(block: Tokens.Code, columns: number, rows: number): Line[] {
	const lines = block.text.split('\n').slice(-rows);
	const open = lines.pop() ?? '';
	const done = lines.length > 0 ? wrapExactly(highlight(lines.join('\n'), languageOf(block)), columns) : [];
	return [...done, ...wrapExactly([run(open)], columns)];
}

function lex(text: string): Token[] {
	try {
		return text.length > 60_000 ? blocksOf(text) : new Lexer({ gfm: true }).lex(text);
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		return blocksOf('').concat({ type: 'html', raw: text, text, block: true, pre: false, inLink: false, inRawBlock: false } as Tokens.HTML);
	}
}

/** Blocks under each other, with an empty line between them when `airy`. */
function stack(blocks: readonly Token[], columns: number, airy: boolean): Line[] {
	const drawn = blocks.map(block => blockLines(block, columns)).filter(lines => lines.length > 0);
	return drawn.flatMap((lines, index) => (airy && index > 0 ? [[], ...lines] : lines));
}

function blockLines(block: Token, columns: number): Line[] {
	switch (block.type) {
		case 'space':
		case 'def':
		case 'checkbox':
			return [];
		case 'heading':
			return wrap(
				[
					run(chalk.level === 0 ? `${'#'.repeat(block.depth)} ` : ''),
					...inline(block.tokens, { bold: true, ...(block.depth === 1 ? { underline: true as const } : {}) }),
				],
				columns,
			);
		case 'code':
			return wrapExactly(highlight(block.text, languageOf(block as Tokens.Code)), columns);
		case 'list':
			return listLines(block as Tokens.List, columns);
		case 'blockquote':
			return stack(block.tokens ?? [], Math.max(4, columns - 2), true).map(line => [
				run(line.length > 0 ? '│ ' : '│', { dim: true }),
				...line,
			]);
		case 'table':
			return tableLines(block as Tokens.Table, columns);
		case 'hr':
			return [[run('─'.repeat(Math.min(columns, 40)), { dim: true })]];
		case 'html':
			return wrap([run(block.raw.trimEnd())], columns);
		default:
			return wrap(inline([block]), columns);
	}
}

function listLines(list: Tokens.List, columns: number): Line[] {
	const first = typeof list.start === 'number' ? list.start : 1;
	const signs = list.items.map((_item, index) => (list.ordered ? `${first + index}. ` : '- '));
	const room = Math.max(...signs.map(width), 0);
	return list.items.flatMap((item, index) => {
		const box = item.task ? `[${item.checked ? 'x' : ' '}] ` : '';
		const sign = run((signs[index] ?? '').padStart(room) + box);
		const lines = stack(item.tokens, Math.max(4, columns - width(sign.text)), list.loose);
		const apart: Line[] = list.loose && index > 0 ? [[]] : [];
		return [...apart, ...hang(sign, lines.length > 0 ? lines : [[]])];
	});
}

const languageOf = (block: Tokens.Code): string => /^[\w+#.-]+/.exec(block.lang ?? '')?.[0] ?? '';
