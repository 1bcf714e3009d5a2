import type { Files } from '../repository.js';
import type { Module, Project } from './projects.js';

/** A change of a project: the files that are other than before, and the lines of one of them, from 1, that it is about. */
export type Planted = { changed: Files; path: string; lines: readonly number[] };
/** One way to change a project at this module; `turn` counts how often it was done before. Undefined where the module does not fit. */
export type Plant = (module: Module, project: Project, turn: number) => Planted | undefined;

/** The lines of a text in the place of `count` of them from line `from`, 1 being the first. */
export function replaced({ path, text }: { path: string; text: string }, from: number, count: number, now: readonly string[]): Planted {
	const all = text.split('\n');
	const changed = [...all.slice(0, from - 1), ...now, ...all.slice(from - 1 + count)].join('\n');
	return { changed: { [path]: changed }, path, lines: now.map((_line, index) => from + index) };
}

export const textOf = ({ path, head, body }: Module): { path: string; text: string } => ({ path, text: head + body });

/** The number of the line in which the body begins. */
export const firstOf = ({ head }: Module): number => head.split('\n').length;

/** The lines of the body with their numbers in the file, those without words left out. */
export const bodyOf = (module: Module): { line: string; number: number }[] =>
	module.body
		.split('\n')
		.map((line, index) => ({ line, number: firstOf(module) + index }))
		.filter(({ line }) => line.trim() !== '' && !/^\s*(?:#|\/\/|\/?\*)/.test(line));

/** The line where the function begins, and the names of what it takes; undefined where that is not on one line. */
export function signatureOf(module: Module, { language }: Project): { line: string; number: number; names: string[] } | undefined {
	const lines = module.head.split('\n');
	const at = lines.findIndex(line => new RegExp(`\\b${module.name}\\b.*\\(`).test(line) && /^(?:def|export const) /.test(line));
	const line = lines[at] ?? '';
	const [, inside] = (language === 'python' ? /^def \w+\((.*)\).*:$/ : /^export const \w+ = \((.*)\) => \{$/).exec(line) ?? [];
	if (inside === undefined || /[*={]/.test(inside)) return undefined;
	const names = [...inside.replace(/\[[^\]]*\]/g, '').matchAll(/(\w+)(?:\s*:[^,]*)?(?:,|$)/g)].map(([, name]) => name!);
	return names.length === 0 ? undefined : { line, number: at + 1, names };
}

/** The last line of the function when it is a `return` on one line, with its indent and what it gives. */
export function lastReturn(module: Module): { number: number; indent: string; gives: string } | undefined {
	const last = bodyOf(module).findLast(({ line }) => !/^\s*\}?;?\s*$/.test(line));
	const [, indent, gives] = /^(\s+)return (.+?);?$/.exec(last?.line ?? '') ?? [];
	return last && indent !== undefined && gives !== undefined && isClosed(gives) ? { number: last.number, indent, gives } : undefined;
}

/** Whether every bracket is closed, as far as there are no texts with brackets. */
export const isClosed = (text: string): boolean =>
	['()', '[]', '{}'].every(([open, close]) => text.split(open!).length === text.split(close!).length) && !/[{([,+*/-]$/.test(text.trim());
