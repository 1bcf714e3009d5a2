import { type Definition, definitionsIn } from '../syntax/definitions.js';
import { type Node, withTree } from '../syntax/trees.js';

/** One line, from 1, and its new text. */
type Edit = readonly [line: number, text: string];

/**
 * How a language says what is put in: that a place was run, and what is run in the place of a function's code for one mutant, from 1;
 * `gives`: the function gives something.
 */
export type Saying = { mark(place: number): string; mutant(number: number, body: string, gives: boolean): string };

/**
 * A file of all its mutants, one of which is chosen when it is run: `marks` are the lines (of the file as it was) that the places stand
 * for, `mutants` says which edit each mutant is. `at` tells what stands in a line of this text.
 */
export type Schemata = { text: string; marks: readonly number[]; mutants: readonly number[]; at(line: number): Part | undefined };

/** What was put in: a mutant, by its edit, or marks. */
export type Part = { edit: number } | 'marks';

type Piece = { at: number; text: string; part: Part };

/**
 * All edits in one text, so that it is compiled once: each as a copy of the changed function's code that is run instead. Edits that do not
 * parse, or change what the function takes, are left out. Undefined where the file does not parse.
 */
export async function schemata(
	{ path, text, edits, marking }: { path: string; text: string; edits: readonly Edit[]; marking: boolean },
	saying: Saying,
): Promise<Schemata | undefined> {
	const whole = await bodiesOf(path, text);
	if (!whole) return undefined;
	const pieces: Piece[] = [];
	const mutants: number[] = [];
	for (const [edit, [line, instead]] of edits.entries()) {
		const own = whole.bodies.findLast(({ from, to }) => from <= line && line <= to);
		const changed =
			own &&
			(await bodiesOf(
				path,
				text
					.split('\n')
					.with(line - 1, instead)
					.join('\n'),
			));
		const same = changed?.bodies.filter(({ head }) => head === own?.head) ?? [];
		if (!own || same.length !== 1) continue;
		mutants.push(edit);
		pieces.push({ at: own.start + 1, text: saying.mutant(mutants.length, same[0]!.text, own.gives), part: { edit } });
	}
	const marks: number[] = [];
	for (const { at, line } of marking ? whole.places : []) {
		pieces.push({ at, text: saying.mark(marks.length), part: 'marks' });
		marks.push(line);
	}
	return { ...joined(text, pieces), marks, mutants };
}

/** The pieces in their places; mutants take lines of their own. */
function joined(text: string, pieces: readonly Piece[]): Pick<Schemata, 'text' | 'at'> {
	const lines = new Map<number, Part>();
	let [done, from, line] = ['', 0, 1];
	const add = (more: string) => {
		done += more;
		line += more.split('\n').length - 1;
	};
	for (const { at, text: more, part } of [...pieces].sort((a, b) => a.at - b.at)) {
		add(text.slice(from, at));
		from = at;
		if (part !== 'marks') add('\n');
		const first = line;
		add(more);
		for (let each = first; each <= line; each++) if (!lines.has(each) || part !== 'marks') lines.set(each, part);
		if (part !== 'marks') add('\n');
	}
	add(text.slice(from));
	return { text: done, at: number => lines.get(number) };
}

/** A function's code in its brackets, with what stands before it; lines from 1. */
type Body = { head: string; start: number; text: string; from: number; to: number; gives: boolean };
type Bodies = { bodies: Body[]; places: { at: number; line: number }[] };

const bodiesOf = (path: string, text: string): Promise<Bodies | undefined> =>
	withTree(path, text, ({ root, language }) => {
		if (root.hasError) return undefined;
		const places = new Map<number, number>();
		const bodies = definitionsIn(root, language).flatMap(one => {
			const body = bodyOf(one, root);
			if (!body) return [];
			placesIn(body, places);
			const { from, to } = one;
			const { startIndex: start, parent } = body;
			const gives = ['result', 'return_type', 'type'].some(field => !/^(?:void)?$/.test(parent?.childForFieldName(field)?.text ?? ''));
			return [{ head: text.slice(one.start, start), start, text: body.text, from, to, gives }];
		});
		return { bodies, places: [...places].map(([line, at]) => ({ line, at })).sort((a, b) => a.line - b.line) };
	});

function bodyOf({ kind, at }: Definition, root: Node): Node | undefined {
	if (kind !== 'function' && kind !== 'method') return undefined;
	let node = root.descendantForIndex(at);
	while (node && !node.childForFieldName('body')) node = node.parent;
	return node?.childForFieldName('body') ?? undefined;
}

/** What holds statements, one behind the other, in the grammars of Go, Rust and Java. */
const holders = /^(?:statement_list|block|constructor_body|switch_block_statement_group)$/;
const noStatements = /comment|attribute|^statement_list$|_item$|_label$/;

/** The first statement of each line. */
function placesIn(node: Node, found: Map<number, number>): void {
	for (const child of node.namedChildren) {
		if (!child) continue;
		const line = child.startPosition.row + 1;
		const isBare = !/attribute/.test(child.previousNamedSibling?.type ?? '');
		if (holders.test(node.type) && !noStatements.test(child.type) && isBare && !found.has(line)) found.set(line, child.startIndex);
		placesIn(child, found);
	}
}
