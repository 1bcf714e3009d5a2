import { withTree } from '../../../checks/syntax/trees.js';
import { type Change, type Check, type Family, type Found, familyOf } from '../change.js';
import { bindingsIn } from './bindings.js';
import { importsIn } from './imports.js';
import { type Given, givenIn, type Signature, signaturesIn } from './signatures.js';
import { lineOf, nodesIn } from './trees.js';

/** A call that gives a function more or fewer arguments than it takes, where the call or what the function takes was changed. */
export const argumentCounts: Check = async change => {
	const texts = await change.texts();
	const book: Book = { texts, paths: new Set(texts.keys()), now: signatureBook(), old: signatureBook(), change };
	const changed = await changedIn(book);
	const found: Found[] = [];
	for (const [path, text] of texts) {
		const family = familyOf(path);
		const file = change.files.find(one => one.path === path);
		const names = changed.filter(({ stem, name }) => text.includes(stem) && text.includes(name)).map(({ name }) => name);
		if (family === undefined || (!file && names.length === 0)) continue;
		const isAsked = (name: string, line: number) => names.includes(name) || (file?.added.has(line) ?? false);
		for (const call of await callsIn({ path, text, family, isAsked }, book)) found.push(...wrong(call, change));
	}
	return found;
};

type SignatureBook = (path: string, text: string) => Promise<ReadonlyMap<string, Signature>>;
/** Texts and what their functions take, each read once. */
type Book = { texts: ReadonlyMap<string, string>; paths: ReadonlySet<string>; now: SignatureBook; old: SignatureBook; change: Change };

function signatureBook(): SignatureBook {
	const known = new Map<string, ReadonlyMap<string, Signature>>();
	return async (path, text) => {
		const seen = known.get(path);
		if (seen) return seen;
		const family = familyOf(path);
		const read = family && (await withTree(path, text, ({ root }) => (root.hasError ? undefined : signaturesIn(root, family))));
		known.set(path, read ?? new Map());
		return read ?? new Map();
	};
}

/** The functions that take something else than before, each with what its file is called by. */
async function changedIn({ change, now, old: earlier }: Book): Promise<{ stem: string; name: string }[]> {
	const found: { stem: string; name: string }[] = [];
	for (const { path, was, before, after } of change.files) {
		if (before === null || after === null) continue;
		const [old, all] = [await earlier(was, before), await now(path, after)];
		const folder = path.split('/').at(-2) ?? '';
		const base = path.replace(/^.*\/|\.\w+$/g, '');
		const stem = base === 'index' || base === '__init__' ? folder : base;
		for (const [name, { line: _, ...signature }] of all) {
			const { line: __, ...signed } = old.get(name) ?? { line: 0 };
			if (old.has(name) && JSON.stringify(signed) !== JSON.stringify(signature)) found.push({ stem, name });
		}
	}
	return found;
}

type Call = { path: string; line: number; name: string; given: Given; target: Target; family: Family };
type Target = { path: string; now: Signature; old: Signature | undefined };
type Caller = { path: string; text: string; family: Family; isAsked(name: string, line: number): boolean };

/** The calls in a file of functions at its top, or at that of the file that it has them from. */
async function callsIn({ path, text, family, isAsked }: Caller, { paths, texts, now, old, change }: Book): Promise<Call[]> {
	const read = await withTree(path, text, ({ root }) => {
		if (root.hasError) return undefined;
		const bound = bindingsIn(root, family);
		const clear = (name: string) => bound.get(name) === 1;
		const imports = importsIn(root, { path, family }, paths).filter(({ imported, local }) => imported !== undefined && clear(local));
		const calls = [...nodesIn(root)].flatMap(node => {
			const callee = /^call(?:_expression)?$/.test(node.type) ? node.childForFieldName('function') : null;
			if (callee?.type !== 'identifier' || !clear(callee.text)) return [];
			const from = imports.find(({ local }) => local === callee.text);
			const at = from ? { path: from.from, name: from.imported ?? '' } : { path, name: callee.text };
			const given = isAsked(at.name, lineOf(node)) ? givenIn(node, family) : undefined;
			return given ? [{ line: lineOf(node), name: callee.text, at, given }] : [];
		});
		return calls;
	});
	const found: Call[] = [];
	for (const { at, ...call } of read ?? []) {
		const signature = (await now(at.path, texts.get(at.path) ?? '')).get(at.name);
		if (!signature) continue;
		const file = change.files.find(one => one.path === at.path);
		const earlier = file && file.before !== null ? (await old(file.was, file.before)).get(at.name) : undefined;
		found.push({ ...call, path, family, target: { path: at.path, now: signature, old: earlier } });
	}
	return found;
}

function wrong({ path, line, name, given, family, target }: Call, { files }: Change): Found[] {
	const { now, old } = target;
	const complaint = misfit(given, now);
	const isNew = files.find(file => file.path === path)?.added.has(line) ?? false;
	// What did not fit before is not the change's doing.
	if (complaint === undefined || (!isNew && (old === undefined || misfit(given, old) !== undefined))) return [];
	// A script runs with too few as well: only where a function has come to need more is that a mistake.
	if (family === 'script' && !complaint.tooMany && (old === undefined || old.least >= now.least || isNew)) return [];
	if (isNew) return [{ path, line, rule: 'arguments', text: `\`${name}\` ${complaint.text} (${target.path}:${now.line})` }];
	const there = files.find(file => file.path === target.path);
	const at = there && [now.line, ...there.added].find(one => there.added.has(one));
	return there && at !== undefined
		? [{ path: there.path, line: at, rule: 'arguments', text: `\`${name}\` ${complaint.text} in ${path}:${line}` }]
		: [];
}

type Misfit = { text: string; tooMany: boolean };

/** How the arguments do not fit what a function takes; undefined where they do, or nobody can tell. */
function misfit({ positional, names }: Given, { least, most, needed, taken }: Signature): Misfit | undefined {
	const takes = most === 0 ? 'no arguments' : most === 1 ? 'one argument' : `${most} arguments`;
	if (positional > most) return { text: `takes ${takes} and is given ${positional}`, tooMany: true };
	const stranger = taken && names.find(name => !taken.includes(name));
	if (stranger !== undefined) return { text: `takes no argument \`${stranger}\` and is given one`, tooMany: true };
	const missing = needed.slice(positional).find(name => !names.includes(name));
	const count = positional + names.length;
	if (missing !== undefined) return { text: `needs \`${missing}\` and is given ${count}`, tooMany: false };
	return count < least ? { text: `needs ${least} arguments and is given ${count}`, tooMany: false } : undefined;
}
