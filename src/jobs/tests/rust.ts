import { stepsOf } from '../../checks/steps.js';
import type { Case, Rendering } from './render.js';
import type { Place } from './where.js';

/** The file with these cases in its module of tests, at the end of that, or in a new one. */
export function rustFile({ text }: Place, { cases }: Rendering): string {
	const body = cases.map(testOf).join('\n');
	const known = text ?? '';
	const opening = /^#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*mod \w+ \{[ \t]*\n/m.exec(known);
	const end = opening ? known.indexOf('\n}', opening.index) : -1;
	if (end >= 0) return `${known.slice(0, end + 1)}\n${body}${known.slice(end + 1)}`;
	return `${known.trimEnd()}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n${body}}\n`;
}

const isFloat = (does: string): boolean => /^-?\d+\.\d+(?:e-?\d+)?$|^-?\d+e-?\d+$/.test(does);

function testOf({ call, does, kind, title }: Case): string {
	const steps = stepsOf(call);
	const last = steps.at(-1)!;
	const panics = kind === 'error' && does === '! panic';
	const ending = kind === 'value' ? compared(last, does) : panics ? `let _ = ${last};` : `assert!(${last}.is_err());`;
	const lines = [...steps.slice(0, -1).map(step => `${step};`), ending];
	return [
		'    #[test]',
		...(panics ? ['    #[should_panic]'] : []),
		`    fn ${title}() {`,
		...lines.map(line => `        ${line}`),
		'    }\n',
	].join('\n');
}

function compared(call: string, does: string): string {
	if (does === 'true' || does === 'false') return `assert!(${does === 'true' ? '' : '!'}${call});`;
	if (isFloat(does)) return `assert!((${call} - ${does.startsWith('-') ? `(${does})` : does}).abs() < 1e-9);`;
	// What is empty does not say of what it is a list.
	if (/^(?:vec!|&)?\[\]$|::from\(\[\]\)$/.test(does)) return `assert!(${call}.is_empty());`;
	const text = /^("(?:[^"\\]|\\.)*")\.to_string\(\)$/.exec(does)?.[1];
	return `assert_eq!(${call}, ${text ?? does});`;
}
