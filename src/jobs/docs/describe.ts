import type { Work } from '../../agent/loop.js';
import { showFile } from '../../agent/material.js';
import type { Signature } from '../../checks/syntax/signatures.js';
import { say } from '../../prompts.js';
import { clip } from '../../tools/clip.js';
import type { AgentEvent } from '../../types.js';
import { framed, wrapped } from './description.js';
import { type Known, sentenceIn, wrongWith } from './sentence.js';
import { type Line, linesOf, type Style } from './styles.js';
import { type Judged, wordsFor } from './words.js';

/** Tokens of a definition that the model reads. */
const readMost = 1_500;

/** The file, how it is described, and what a description may speak of. */
export type Source = { path: string; style: Style; known: Known };

/** The lines of a description: what is known is written by the program, the words by the model; or why there are none. */
export async function* describe(
	one: Signature,
	{ path, style, known }: Source,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, { lines: string[] } | { why: string }> {
	const { place, parameters, name } = one;
	if (!place) return { why: 'it begins in the middle of a line' };
	if (!parameters) return { why: 'a parameter of it has no name' };
	const { text } = known;
	const code = text.slice(text.lastIndexOf('\n', one.start) + 1, one.end);
	const form = say(`jobs/docs#${style.name}`);
	const asked = say('jobs/docs', { file: showFile(path, clip(code, readMost, 'head')), name, form });
	const header = place.from > one.start ? `${text.slice(text.lastIndexOf('\n', one.start) + 1, place.from)}${place.before}` : '';
	const lines: string[] = [];
	for (const line of linesOf(one, style)) {
		if (!line.slot) {
			lines.push(line.text);
			continue;
		}
		const begin = header + framed([...lines, line.text], style, { indent: place.indent, whole: false });
		const judged = yield* wordsFor({ path, asked, begin }, raw => judgedAs(raw, line, { known, lines }), work, signal);
		if ('why' in judged) return { why: `${whatOf(line)}: ${judged.why}` };
		lines.push(
			...wrapped(
				`${line.text}${line.text === '' ? '' : ' '}${judged.words}${line.tail}`,
				line.hang,
				place.indent.length + style.margin.length + (lines.length === 0 ? style.open.trim().length * 2 : 0),
			),
		);
	}
	return { lines };
}

function judgedAs(raw: string, { text, slot }: Line, { known, lines }: { known: Known; lines: readonly string[] }): Judged {
	const words = sentenceIn(raw, { goesOn: slot?.what === 'error' || (slot?.what === 'summary' && text !== '') });
	const why =
		words !== '' && lines.some(line => line.endsWith(words)) ? 'it was said before' : wrongWith(words, { name: slot?.name ?? '', known });
	return why === undefined ? { words } : { why };
}

const whats = { summary: 'the summary', parameter: 'the parameter', gives: 'what it returns', error: 'the error' } as const;
const whatOf = ({ slot }: Line): string => (slot ? `${whats[slot.what]} ${slot.name}`.trim() : '');
