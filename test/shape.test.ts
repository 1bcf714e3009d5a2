import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');
const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).map(path => ({
	path: path.replaceAll('\\', '/'),
	text: readFileSync(join(root, path), 'utf8'),
}));
const lines = (text: string) => text.split('\n').length - 1;

test('the sources are there to be judged', () => assert.ok(files.length > 50, `${files.length} files`));

test('a file fits on a few screens: 250 lines, the loop 150', () => {
	for (const { path, text } of files) {
		const most = path === 'src/agent/loop.ts' ? 150 : 250;
		assert.ok(lines(text) <= most, `${path} has ${lines(text)} lines; what is the second thing in it?`);
	}
});

test('a function fits on a screen: 60 lines', () => {
	for (const { path, text } of files)
		for (const { name, length } of functionsOf(text)) assert.ok(length <= 60, `${path}: ${name} has ${length} lines`);
});

/** Functions at the top of a file: the formatter puts their beginning and their end at the margin. */
function functionsOf(text: string): { name: string; length: number }[] {
	const found: { name: string; length: number }[] = [];
	let open: { name: string; at: number } | undefined;
	for (const [index, line] of text.split('\n').entries()) {
		const name = /^(?:export )?(?:default )?(?:async )?function\*? (\w+)|^(?:export )?const (\w+)[^=]*= (?:async )?\(?[^=]*=> \{$/.exec(
			line,
		);
		if (name) open = { name: name[1] ?? name[2] ?? '?', at: index };
		if (open && /^\}/.test(line)) {
			found.push({ name: open.name, length: index - open.at + 1 });
			open = undefined;
		}
	}
	return found;
}

/** A folder imports only folders to its left. Files at the root of src count by their own name. */
const order = [
	'types',
	'prompts',
	'places',
	'engine',
	'workspace',
	'models',
	'checks',
	'tools',
	'agent',
	'jobs',
	'chat',
	'oneshot',
	'main',
];
const everybody = new Set(['types', 'prompts', 'places', 'sanitise', 'nearest', 'json', 'jsonc', 'returned', 'secrets']);
const siblings = new Set(['engine', 'workspace', 'models']);

test('imports point to the left', () => {
	for (const { path, text } of files) {
		const layer = path.split('/')[1]!.replace(/\.tsx?$/, '');
		if (!order.includes(layer) || everybody.has(layer)) continue;
		for (const [, target] of text.matchAll(/from '(\.[^']+)'/g)) {
			const to = relative('src', join(dirname(path), target!))
				.split('/')[0]!
				.replace(/\.js$/, '');
			if (to === layer || everybody.has(to)) continue;
			const allowed = order.includes(to) && order.indexOf(to) < order.indexOf(layer) && !(siblings.has(to) && siblings.has(layer));
			assert.ok(allowed || layer === 'main', `${path} may not import ${target}`);
		}
	}
});

test('one door to each big dependency', () => {
	const doors: Record<string, RegExp> = {
		'node-llama-cpp': /^src\/engine\/local\//,
		ink: /^src\/chat\//,
		react: /^src\/chat\//,
		'simple-git': /^src\/workspace\/git/,
		execa: /^src\/workspace\/processes/,
		'@vscode/tree-sitter-wasm': /^src\/checks\/syntax\/trees\.ts$/,
	};
	for (const { path, text } of files)
		for (const [name, door] of Object.entries(doors))
			if (new RegExp(`from '${name}'|import\\('${name}'\\)`).test(text)) assert.match(path, door, `${name} is imported in ${path}`);
});

test('the grammars are loaded when a file is parsed, never at the start', () => {
	const door = files.find(({ path }) => path === 'src/checks/syntax/trees.ts')?.text ?? '';
	assert.match(door, /await import\('@vscode\/tree-sitter-wasm'\)/);
	assert.doesNotMatch(door, /^import (?!type )[^;]*'@vscode\/tree-sitter-wasm'/m);
});

test('no sentence for the model lives in a .ts file', () => {
	const addressed =
		/\b(you are|your (call|task|reply|answer|change)|try again|write it again|read (it|the file) (again|first)|answer with|respond with|do not (write|answer|explain)|you (must|should|can|have))\b/i;
	const toTheModel = files.filter(({ path }) => /^src\/(engine|tools|agent|jobs|checks)\//.test(path));
	for (const { path, text } of toTheModel)
		for (const literal of literalsOf(text))
			assert.ok(
				!addressed.test(literal) || /\/\w+ |qwill|--\w/.test(literal),
				`${path} says "${literal}": the model's words belong in prompts/`,
			);
});

/** String literals without comments; a cheap reader is enough, since the formatter keeps one style. */
function literalsOf(text: string): string[] {
	const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
	return [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(match => match[1] ?? match[2] ?? '');
}

test('every page that the code names exists, and every page is named', () => {
	const pages = globSync('prompts/**/*.md', { cwd: root }).map(path => path.replaceAll('\\', '/').replace(/^prompts\/|\.md$/g, ''));
	const all = files.map(({ text }) => text).join('\n');
	for (const [, page] of all.matchAll(/say\(\s*['`]([a-z-]+\/[\w-]+)(?:#[\w-]+)?['`]/g))
		assert.ok(pages.includes(page!), `prompts/${page}.md is missing`);
	const folders = new Set([...all.matchAll(/`(system|tools|dialects|repair|jobs)\/\$\{/g)].map(match => match[1]));
	for (const page of pages)
		assert.ok(folders.has(page.split('/')[0]!) || new RegExp(`['"\`]${page}['"\`#]`).test(all), `prompts/${page}.md is told to nobody`);
});

test('nothing is left unfinished', () => {
	for (const { path, text } of files) assert.doesNotMatch(text, /^\s*(?:\/\/|\/?\*).*\b(TODO|FIXME|XXX)\b|not implemented/m, path);
});

test('each promise of SECURITY.md names a test that is there', () => {
	const rows = readFileSync(join(root, 'SECURITY.md'), 'utf8')
		.split('\n')
		.filter(line => /^\| (?!promise)[^-]/.test(line));
	assert.ok(rows.length > 10);
	for (const row of rows) {
		const named = [...row.matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path!);
		assert.ok(named.length > 0, row);
		for (const path of named) assert.ok(existsSync(join(root, path)), `${path} is missing`);
	}
});
