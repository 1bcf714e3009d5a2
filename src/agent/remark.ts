import { exactLine } from '../sanitise.js';
import type { Remark } from '../types.js';

/** A remark in the three parts that are drawn of it, safe for a terminal: where, how certain, what. */
export const remarkParts = ({ path, line, certainty, text }: Remark): [place: string, certainty: string, text: string] => [
	`${exactLine(path)}:${line}`,
	certainty,
	exactLine(text),
];

/** `src/sum.js:12  verified  …` */
export const remarkLine = (remark: Remark): string => remarkParts(remark).join('  ');
