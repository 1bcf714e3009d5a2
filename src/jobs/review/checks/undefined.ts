import { occurrences } from '../../../checks/escaped.js';
import { type Node, withTree } from '../../../checks/syntax/trees.js';
import { unbound } from '../../../checks/syntax/unbound.js';
import { nearest } from '../../../nearest.js';
import { type Change, type Check, type FileChange, type Found, familyOf, near } from '../change.js';
import { bindingsIn } from './bindings.js';
import { field, lineOf, nodesIn } from './trees.js';

/** A name that a changed line uses, or whose import or definition the change took away, and that nothing gives a meaning to. */
export const undefinedNames: Check = async change => {
	const found: Found[] = [];
	for (const file of change.files) {
		const { path, was, before, after } = file;
		if (after === null) continue;
		const family = familyOf(path);
		if (family === 'script') found.push(...(await inScript(file, after, change)));
		if (family !== 'python') continue;
		const known = new Set(((before === null ? [] : await unbound(was, before)) ?? []).map(({ name }) => name));
		const fresh = ((await unbound(path, after)) ?? []).filter(({ name }) => !known.has(name) && !isGuarded(name, after));
		const own = fresh.length > 0 ? await withTree(path, after, ({ root }) => bindingsIn(root, 'python')) : undefined;
		found.push(...fresh.map(({ name, line }) => remark(file, { name, line, meant: meantBy(name, own?.keys() ?? []) })));
	}
	return found;
};

/** The name that was meant, where it is another one's by a letter and not so short that any would be. */
function meantBy(name: string, bound: Iterable<string>): string | undefined {
	const close = name.length > 2 ? nearest(name, [...bound]) : undefined;
	return close !== undefined && Math.abs(close.length - name.length) < 2 ? close : undefined;
}

type Missing = { name: string; line: number; meant: string | undefined };

function remark(file: FileChange, { name, line, meant }: Missing): Found {
	const at = near(file, line);
	const where = at === line ? '' : ` in line ${line}`;
	const text = `\`${name}\`${where} is neither defined nor imported${meant === undefined ? '' : `; is \`${meant}\` meant?`}`;
	return { path: file.path, line: at, rule: 'undefined-name', text };
}

/** Names that only some versions of the language have are asked for in this way. */
const isGuarded = (name: string, text: string): boolean => /\bNameError\b/.test(text) || new RegExp(`["']${name}["']`).test(text);

/**
 * In a script a name may come from outside: from the browser, a test runner, another script of the page. So one is missed only
 * where it was the file's own before, is another one's by a letter, or is exported by a file that this one could import.
 */
async function inScript(file: FileChange, after: string, change: Change): Promise<Found[]> {
	const { path, was, before } = file;
	const used = await withTree(path, after, ({ root }) =>
		root.hasError || /\bwith\s*\(|\beval\(/.test(after) ? undefined : namesUsed(root),
	);
	if (!used || used.free.size === 0) return [];
	const old = before === null ? undefined : await withTree(was, before, ({ root }) => namesUsed(root));
	const found: Found[] = [];
	for (const [name, line] of used.free) {
		if (old?.free.has(name) || isOutside(name) || new RegExp(`typeof ${name}\\b|/[/*].*\\b${name}\\b`).test(after)) continue;
		const meant = meantBy(name, used.bound);
		const others = [...(await change.texts())].filter(([other, text]) => other !== path && occurrences(name, text) > 0);
		const exporter = others.find(([, text]) => new RegExp(`\\bexport (?:async )?(?:function\\*?|class|const|let) ${name}\\b`).test(text));
		const isModule = /^\s*(?:import|export)\b|\brequire\(|\bmodule\.exports\b/m.test(after);
		const isSure = isModule ? old?.bound.has(name) || exporter || (meant && others.length === 0) : meant && others.length === 0;
		if (!isSure) continue;
		if (meant === undefined && exporter) {
			const text = `\`${name}\` is neither defined nor imported; ${exporter[0]} exports it`;
			found.push({ path, line: near(file, line), rule: 'undefined-name', text });
		} else found.push(remark(file, { name, line, meant }));
	}
	return found;
}

type Names = { bound: ReadonlySet<string>; free: ReadonlyMap<string, number> };

function namesUsed(root: Node): Names {
	const bound = new Set(bindingsIn(root, 'script').keys());
	const free = new Map<string, number>();
	for (const node of nodesIn(root)) if (isUse(node) && !bound.has(node.text) && !free.has(node.text)) free.set(node.text, lineOf(node));
	return { bound, free };
}

function isUse(node: Node): boolean {
	if (node.type === 'shorthand_property_identifier') return true;
	const { parent } = node;
	if (node.type !== 'identifier' || !parent) return false;
	if (/^jsx_/.test(parent.type)) return /^[A-Z]/.test(node.text);
	// What is exported from elsewhere is no name of this file, and a type is the compiler's.
	if (parent.type === 'export_specifier')
		return field(parent, 'name')?.id === node.id && field(parent.parent?.parent ?? parent, 'source') === null;
	return !/^(?:import_specifier|namespace_export|nested_identifier|nested_type_identifier|type_query|meta_property|pair_pattern|labeled_statement)$/.test(
		parent.type,
	);
}

const outside = new Set([
	...Object.getOwnPropertyNames(globalThis),
	...'window document self parent top opener frames location history screen name status origin event external length closed alert confirm prompt print open close stop focus blur scroll find fetch navigator localStorage sessionStorage indexedDB requestAnimationFrame cancelAnimationFrame requestIdleCallback getComputedStyle matchMedia customElements importScripts postMessage Image Audio Option Worker XMLHttpRequest FileReader MutationObserver ResizeObserver IntersectionObserver HTMLElement Element Node'.split(
		' ',
	),
	...'arguments undefined require module exports __dirname __filename global process Buffer describe it test suite context expect before after beforeEach afterEach beforeAll afterAll setup teardown jest vi vitest cy Cypress mocha chai assert should sinon jasmine spyOn fail pending xit xdescribe fit fdescribe jQuery $ _ React ReactDOM Vue angular Deno Bun chrome browser google gtag ga define defineProps defineEmits'.split(
		' ',
	),
]);
const isOutside = (name: string): boolean => outside.has(name) || /^(?:HTML|SVG|CSS|Web|RTC|GPU|Audio|Media)[A-Z]/.test(name);
