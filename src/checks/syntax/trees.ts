/** The door to tree-sitter: nothing of it is loaded before the first file is parsed, and then only that file's grammar. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Language as Grammar, Node, Parser } from '@vscode/tree-sitter-wasm';
import { type Language, languageOf, languages } from './languages.js';

export type { Node };
/** A parsed text. `text` is the one that was given; the offsets of the nodes are into it. */
export type Parsing = { root: Node; text: string; language: Language };

/** Characters. Longer texts are data, and parsing them would hold up the screen. */
const mostCharacters = 1_000_000;
/** Milliseconds after which a text is given up: grammars can be led astray. */
const longest = 1_000;

/**
 * Parses `text` as the file at `path` and hands the tree to `read`; the tree is gone afterwards. Undefined when the language
 * is none of ours, or the text too long.
 */
export async function withTree<T>(path: string, text: string, read: (parsing: Parsing) => T): Promise<T | undefined> {
	const name = languageOf(path);
	if (name === undefined || text.length > mostCharacters) return undefined;
	const language: Language = languages[name];
	const parser = await parserFor(language.grammar);
	const until = performance.now() + longest;
	const source = language.masked ? text.replace(language.masked, word => `_${word.slice(1)}`) : text;
	const tree = parser.parse(source, null, { progressCallback: () => performance.now() > until });
	parser.reset();
	if (!tree) return undefined;
	try {
		return read({ root: tree.rootNode, text, language });
	} finally {
		tree.delete();
	}
}

const parsers = new Map<string, Promise<Parser>>();

function parserFor(grammar: string): Promise<Parser> {
	const known = parsers.get(grammar) ?? newParser(grammar);
	parsers.set(grammar, known);
	return known;
}

async function newParser(grammar: string): Promise<Parser> {
	started ??= start();
	const { Parser, Language, folder } = await started;
	const loaded: Grammar = await Language.load(await readFile(`${folder}/tree-sitter-${grammar}.wasm`));
	const parser = new Parser();
	parser.setLanguage(loaded);
	return parser;
}

let started: ReturnType<typeof start> | undefined;

async function start() {
	const { default: tree } = await import('@vscode/tree-sitter-wasm');
	await tree.Parser.init();
	const main = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm');
	return { ...tree, folder: main.slice(0, main.lastIndexOf('/')) };
}
