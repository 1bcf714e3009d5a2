import { withTree } from '../../../checks/syntax/trees.js';
import { type Change, type Check, type Family, type Found, familyOf } from '../change.js';
import { bindingsIn } from './bindings.js';
import { importsIn } from './imports.js';
import { type Given, givenIn, type Signature, signaturesIn } from './signatures.js';
import { lineOf, nodesIn } from './trees.js';

/** A call that gives a function more or fewer arguments than it takes, where the call or what the function takes was changed. */
export const argumentCounts: Check = async change => {
	const found: Found[] = [];
	const all = await change.texts();
	const paths = new Set(all.keys());
	for (const [path, text] of all) {
		const family = familyOf(path);
		if (family === undefined || !(await concerns(path, text, change))) continue;
		const calls = await callsIn({ path, text, family, paths }, change);
		found.push(...calls.flatMap(call => wrong(call, change)));
	}
	return found;
};

/** Only what was changed, or speaks of a file that was. */
async function concerns(path: string, text: string, { files }: Change): Promise<boolean> {
	return files.some(file => file.path === path || text.includes(file.path.replace(/^.*\/|\.\w+$/g, '')));
}

type Call = { path: string; line: number; name: string; given: Given; target: Target; family: Family };
type Target = { path: string; now: Signature; then: Signature | undefined };

/** The calls in a file of functions at its top, or at that of the file that it has them from. */
async function callsIn(
	{ path, text, family, paths }: { path: string; text: string; family: Family; paths: ReadonlySet<string> },
	change: Change,
): Promise<Call[]> {
	const read = await withTree(path, text, ({ root }) => {
		if (root.hasError) return undefined;
		const bound = bindingsIn(root, family);
		const clear = (name: string) => bound.get(name) === 1;
		const imports = importsIn(root, { path, family }, paths).filter(({ imported, local }) => imported !== undefined && clear(local));
		const own = signaturesIn(root, family);
		const calls = [...nodesIn(root)].flatMap(node => {
			const callee = /^call(?:_expression)?$/.test(node.type) ? node.childForFieldName('function') : null;
			const given = callee?.type === 'identifier' && clear(callee.text) ? givenIn(node, family) : undefined;
			return given && callee ? [{ line: lineOf(node), name: callee.text, given }] : [];
		});
		return { imports, own, calls };
	});
	const found: Call[] = [];
	for (const call of read?.calls ?? []) {
		const from = read?.imports.find(({ local }) => local === call.name);
		const at = from ? { path: from.from, name: from.imported ?? '' } : { path, name: call.name };
		const now = from ? (await signaturesOf(at.path, await textAt(at.path, change))).get(at.name) : read?.own.get(call.name);
		if (!now) continue;
		const file = change.files.find(one => one.path === at.path);
		const then = file?.before == null ? undefined : (await signaturesOf(file.was, file.before)).get(at.name);
		found.push({ ...call, path, family, target: { path: at.path, now, then } });
	}
	return found;
}

const textAt = async (path: string, { texts }: Change): Promise<string> => (await texts()).get(path) ?? '';

async function signaturesOf(path: string, text: string): Promise<ReadonlyMap<string, Signature>> {
	const family = familyOf(path);
	return (family && (await withTree(path, text, ({ root }) => (root.hasError ? undefined : signaturesIn(root, family))))) ?? new Map();
}

function wrong(call: Call, { files }: Change): Found[] {
	const { path, line, name, given, family, target } = call;
	const { now, then } = target;
	const complaint = misfit(given, now);
	const own = files.find(file => file.path === path);
	const isNew = own?.added.has(line) ?? false;
	// What did not fit before is not the change's doing.
	if (complaint === undefined || (!isNew && (then === undefined || misfit(given, then) !== undefined))) return [];
	// A script runs with too few as well: only where a function has come to need more is that a mistake.
	if (family === 'script' && !complaint.tooMany && (then === undefined || then.least >= now.least || isNew)) return [];
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
	if (positional > most)
		return {
			text: `takes ${most === 0 ? 'no arguments' : most === 1 ? 'one argument' : `${most} arguments`} and is given ${positional}`,
			tooMany: true,
		};
	const stranger = taken && names.find(name => !taken.includes(name));
	if (stranger !== undefined) return { text: `takes no argument \`${stranger}\` and is given one`, tooMany: true };
	const missing = needed.slice(positional).find(name => !names.includes(name));
	if (positional + names.length < least || missing !== undefined)
		return {
			text: `needs ${missing === undefined ? `${least} arguments` : `\`${missing}\``} and is given ${positional + names.length}`,
			tooMany: false,
		};
	return undefined;
}
