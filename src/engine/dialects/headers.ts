/** The words of a text, for sets that are easier to read than lists. */
const words = (text: string): string[] => text.split(' ');

/** Names without an extension that are files all the same. */
const knownNames = new Set(
	words(
		'Makefile Dockerfile Containerfile Procfile Gemfile Rakefile Vagrantfile Jenkinsfile Justfile justfile Brewfile ' +
			'Pipfile LICENSE README CHANGELOG NOTICE CODEOWNERS go.mod go.sum',
	),
);
/** Extensions by which a name without a folder is a file: "Array.map" is none. */
const extensions = new Set(
	words(
		'adoc asm astro awk bash bat bib c cc cfg cjs clj cljs cmake cmd coffee conf cpp cr cs csproj css csv cts cxx d ' +
			'dart diff dockerfile el elm env erb erl ex exs f90 fish fs fsx gd gleam go gql gradle graphql groovy h haml ' +
			'hbs hcl hpp hrl hs htm html hxx ini ino ipynb java jl js json json5 jsonc jsonl jsx kt kts less lisp lock lua ' +
			'm md mdx mjs mk ml mli mm mts nim nix nu odin org pas patch php pl plist pm pp prisma properties proto ps1 ' +
			'psm1 pug py pyi pyx r rake rb re res rkt rs rst s sass sbt scala scm scss sh sln sol sql styl svelte svg sv ' +
			'swift tcl tex tf tfvars thrift toml ts tsv tsx txt v vb vbs vhd vim vue wat wgsl xhtml xml xsd xsl yaml yml ' +
			'zig zsh',
	),
);
/** Products that look like files. */
const products = new Set(
	words(
		'Node.js Vue.js Next.js Nuxt.js React.js Express.js Three.js D3.js Chart.js Ember.js Backbone.js Angular.js ' +
			'Nest.js Solid.js Alpine.js Moment.js ASP.NET',
	),
);
/** A sentence before a block names its file only if it speaks of a change, and not of an output or of what stays. */
const changing = words('updat creat modif chang fix correct edit rewrit add replac sav complet improv refactor implement content here');
const standing = words(
	'outputs? results? prints? errors? logs? examples? usage original existing currently unchanged run runs running execute before delete',
);
const changes = new RegExp(`\\b(?:${changing.join('|')}|(?:new|full|whole|final|file|code)\\b|(?:in|for)$)`, 'i');
const others = new RegExp(`\\b(?:(?:${standing.join('|')})\\b|no (?:further )?changes?|not change|imports? from)`, 'i');
/** Longer lines are never a header; the reader shows them at once. */
export const longestHeader = 120;

/** A header found before a block. `sure` when the line is the path and nothing else. */
export type Header = { path: string; sure: boolean };

/** The path that a line before a block names as the block's file: bare, quoted, bold, a heading, or at the end of a sentence. */
export function headerOf(line: string): Header | undefined {
	if (line.length > longestHeader) return undefined;
	const bare = line
		.trim()
		.replace(/^(?:#{1,6}|[-*+>]|\d+[.)])\s+/, '')
		.replace(/\*\*|__(?=\W|$)|^__/g, '')
		.replace(/\s*\(([^)]*)\)\s*(?=:?$)/, (all, note: string) => (others.test(note) ? all : ''))
		.replace(/[:.]+$/, '')
		.trim();
	const label = /^(?:file ?name|file ?path|file|path)\s*:\s*/i.exec(bare)?.[0] ?? '';
	const only = unquoted(bare.slice(label.length));
	if (only !== undefined) return { path: only, sure: true };
	const sentence =
		/^(.*?)[`"']([^`"'\n]+)[`"'](?:\s+(?:file|as follows|like this|now))?$/i.exec(bare) ??
		/^((?:updated?|new file|created?|modified|modify|edit|file|in)\s+)(\S+)$/i.exec(bare);
	if (!sentence || others.test(bare) || !changes.test(sentence[1]!.trim()) || /[`"]/.test(sentence[1]!)) return undefined;
	return looksLikePath(sentence[2]!) ? { path: sentence[2]!, sure: false } : undefined;
}

/** The path inside the info string of a fence: "js sum.js", "src/sum.js", "js:src/sum.js", "js title=\"sum.js\"". */
export function pathInInfo(info: string): string | undefined {
	const quoted = /(?:^|\s)(?:title|file|filename|path)=["'“]([^"'”]+)["'”]/.exec(info)?.[1];
	if (quoted && looksLikePath(quoted)) return quoted;
	const words = info.split(/\s+/).flatMap(word => [word, ...(word.includes(':') ? [word.slice(word.indexOf(':') + 1)] : [])]);
	return words.map(word => unquoted(word.replace(/^(?:title|file|filename|path)=/, ''))).find(path => path !== undefined);
}

/** The path in a comment that is the first line of a block: "// src/sum.js", "# sum.py", "<!-- index.html -->". */
export function pathInComment(line: string): string | undefined {
	const inner =
		/^\s*(?:\/\/|#|--|;+|%)\s*(\S.*?)\s*$/.exec(line)?.[1] ?? /^\s*(?:\/\*+|<!--|\(\*)\s*(\S.*?)\s*(?:\*+\/|-->|\*\))\s*$/.exec(line)?.[1];
	if (inner === undefined || inner.startsWith('!')) return undefined;
	return unquoted(inner.replace(/^(?:file ?name|file ?path|file|path)\s*:\s*/i, ''));
}

/** A path in quotes may have blanks, a bare one not. */
function unquoted(text: string): string | undefined {
	const inner = /^([`"'])([^`"'\n]+)\1$/.exec(text)?.[2];
	if (inner !== undefined) return looksLikePath(inner, true) ? inner : undefined;
	return looksLikePath(text) ? text : undefined;
}

function looksLikePath(text: string, spaces = false): boolean {
	if (
		!(spaces ? /^[^\s<>|"*?`;,!={}:][^<>|"*?`;,!={}\n]*$/ : /^[^\s<>|"*?`;,!={}:]+$/).test(text) ||
		text.includes('://') ||
		products.has(text)
	)
		return false;
	const name = text.slice(text.lastIndexOf('/') + 1);
	const extension = /^[^()]*[^.()][^()]*\.([A-Za-z][A-Za-z0-9_+-]{0,11})$/.exec(name)?.[1];
	if (extension !== undefined && (text.includes('/') || extensions.has(extension.toLowerCase()))) return true;
	return knownNames.has(name) || /^\.(?:[a-z]+ignore|[a-z]+rc|env(?:\.[\w-]+)?|editorconfig|gitattributes|gitmodules)$/.test(name);
}
