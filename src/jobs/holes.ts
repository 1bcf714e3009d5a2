import type { Work } from '../agent/loop.js';
import { type Block, blockAt, blocksOf, definedIn } from './blocks.js';
import type { Candidate } from './candidate.js';
import type { Suspect } from './locate.js';

/** A place in a file that is written anew: `span` lines from `line` (from 1) on, 0 for a new line before it. */
export type Place = { suspect: Suspect; line: number; span: number };

/** Lines around a hole that the model reads, of the function it is in. */
const linesBefore = 50;
const linesAfter = 30;
/** Lines of a comment above it that it is read with. */
const longestRemark = 40;

/** How a place is filled. `keep`: the line keeps what it begins with, and only the rest is written; `begin` is what it is to begin with. */
export type Filling = { temperature: number; round: number; keep?: boolean; begin?: string };

/** What a line begins with that says what it is for: a keyword, or what is assigned. */
const beginning =
	/^(?:return|yield|if|elif|else if|while|for|assert|raise|throw|(?:const |let |var )?[\w.]+(?:\[[^\]]*\])? *(?:[-+*/|&%]|\/\/)?=(?![=>]))[ (]*/;

/** The text for a place by fill-in-the-middle, as a candidate; undefined where the model has nothing new to say, and on `signal`. */
export async function fillAt(place: Place, how: Filling, { agent }: Work, signal: AbortSignal): Promise<Candidate | undefined> {
	const { suspect, line, span } = place;
	const lines = suspect.text.split('\n');
	const block = blockAt(blocksOf(suspect.text), line) ?? { from: 1, to: lines.length };
	const old = lines.slice(line - 1, line - 1 + span);
	const indent = /^\s*/.exec(lines[line - 1] ?? '')?.[0] ?? '';
	const kept = how.begin?.trimStart() ?? (how.keep ? (beginning.exec((lines[line - 1] ?? '').trim())?.[0] ?? '') : '');
	if (how.keep && kept === '') return undefined;
	const opened = headOf(lines, block);
	const own = lines.slice(block.from - 1, opened < line ? opened : block.from - 1);
	const head = [...remarkAbove(lines, block.from), ...own];
	const above = lines.slice(Math.max(block.from - 1 + own.length, line - 1 - linesBefore), line - 1);
	const below = lines.slice(line - 1 + span, Math.min(block.to, line - 1 + span + linesAfter));
	const hole = {
		...(head.length > 0 && { head: `${head.join('\n')}\n` }),
		before: `${above.join('\n')}${above.length > 0 ? '\n' : ''}${indent}${kept}`,
		after: `\n${below.join('\n')}\n`,
		until: span > 1 ? [] : ['\n'],
		maxTokens: span > 1 ? 32 * span : 48,
		sampling: {
			...agent.sampling,
			temperature: how.temperature,
			topP: 0.95,
			topK: 40,
			repeatPenalty: 1,
			seed: agent.sampling.seed * 1000 + line * 10 + how.round,
		},
	};
	const filled = (await agent.engine.fill(hole, signal))?.trimEnd();
	if (filled === undefined || filled.trim() === '') return undefined;
	const written = upTo(`${indent}${kept}${filled}`.split('\n'), span, below[0]);
	if (written.join('\n').trim() === old.join('\n').trim()) return undefined;
	const text = [...lines.slice(0, line - 1), ...written, ...lines.slice(line - 1 + span)].join('\n');
	return { path: suspect.path, text, what: `${suspect.path}:${line}  ${written.map(one => one.trim()).join(' ⏎ ')}`, byModel: true };
}

/** The last line (from 1) of what a function has above its own lines: its name, what it takes, what it says it does. 0 for none. */
function headOf(lines: readonly string[], { from, to }: Pick<Block, 'from' | 'to'>): number {
	const own = lines.slice(from - 1, to);
	let at = own.findIndex(line => definedIn(line) !== undefined);
	if (at < 0) return 0;
	while (at < own.length && !/[:{]\s*(?:(?:#|\/\/).*)?$/.test(own[at]!)) at++;
	const quote = /^\s*[rR]?("""|''')/.exec(own[at + 1] ?? '')?.[1];
	const closing =
		quote === undefined
			? -1
			: own.findIndex((line, index) => index > at && (line.split(quote).length > 2 || (index > at + 1 && line.includes(quote))));
	at = Math.max(at, closing);
	while (/^\s*(?:#|\/\/|\/?\*)/.test(own[at + 1] ?? '')) at++;
	return at < own.length ? from + at : 0;
}

/** The comment that stands right above a line (from 1): in most languages it says what a function does. */
function remarkAbove(lines: readonly string[], line: number): string[] {
	let from = line - 1;
	if (/\*\/\s*$/.test(lines[from - 1] ?? '')) {
		while (from > 0 && !/^\s*\/\*/.test(lines[from]!)) from--;
	} else while (/^\s*(?:\/\/|#(?!!|\[|include))/.test(lines[from - 1] ?? '')) from--;
	const remark = lines.slice(from, line - 1);
	return remark.length <= longestRemark ? remark : [];
}

/** Of several lines those before the one that stands behind the hole already, and no more than two over what was there. */
function upTo(written: readonly string[], span: number, next: string | undefined): string[] {
	const end = written.findIndex((line, i) => i > 0 && (line === next || line.trim() === ''));
	return written.slice(0, Math.min(end < 0 ? written.length : end, span + 2));
}
