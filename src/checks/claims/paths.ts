import type { Claim } from './claims.js';
import { isDenied, isProposed, type Piece, type Prose, pieceAt } from './prose.js';

/** A path that is written in a text, with the lines that are named beside it. */
type Mention = Piece & { path: string; from?: number; to?: number };

const endings =
	'[cm]?[jt]sx?|pyi?|json5?|jsonc|md|mdx|toml|ya?ml|css|scss|less|html?|go|rs|java|kts?|rb|php|sh|bash|sql|cs|cc|cpp|hpp|c|h|lua|swift|scala|vue|svelte|txt|cfg|ini|xml|csv|lock|gradle|ex|exs|ipynb|proto|graphql|tf|ps1|bat|rst|mod|sum';
const named = 'Makefile|Dockerfile|Procfile|Gemfile|Rakefile|Jenkinsfile|Vagrantfile|LICENSE|README|CHANGELOG';
const lines = String.raw`(?:(?::|#L)(?<from>\d+)(?:[-–:]L?(?<to>\d+))?)?`;
const inSpan = new RegExp(String.raw`^(?:\.?\/)?(?<path>(?:[\w@.+-]+\/)*(?:[\w@.+-]*[\w-]\.(?:${endings})|${named}))${lines}$`);
const folder = /^(?:\.\/)?(?<path>(?:[\w@.+-]+\/)*[\w.+-]+)\/?$/;
const bare = new RegExp(
	String.raw`(?<![\w/@.~$:-])(?:\.\/)?(?<path>(?:[\w@.+-]+\/)*[\w@.+-]*[\w-]\.(?:${endings}))${lines}(?![\w/·(]|\.\w)`,
	'g',
);

/** Names of libraries, what is made up for an example, and what a build or an installation makes. */
const noFile =
	/^(?:(?:[A-Z]\w*|node|next|vue|three|d3|express|nuxt|chart|moment|socket)\.js|(?:res|req|response|request)\.json|[._-][a-z]+\.\w+)$/;
const madeUp =
	/(?:^|\/)(?:path\/to|your|my|example|sample|foo|bar|baz|x|file\d?|filename|some|new|old|another|test\d|xxx)\b|[<>{}*$]|\.\.\./i;
const made = /^(?:dist|build|out|target|coverage|node_modules|tmp|temp|venv|\.venv|\.git|\.cache|__pycache__|\.next|logs?)(?:\/|$)/;

/** The files and folders that a reply names, and the lines of files. */
export function pathsIn(prose: Prose): Claim[] {
	const mentions = mentionsIn(prose);
	return [...mentions.flatMap(mention => claimOf(mention, prose)), ...prose.spans.flatMap(piece => folderOf(piece, prose))];
}

/** Every path with the ending of a file, whatever is said of it. */
export function mentionsIn({ spans, marked }: Prose): Mention[] {
	const quoted = spans.flatMap(piece => {
		const { path, from, to } = inSpan.exec(piece.text)?.groups ?? {};
		return path === undefined ? [] : [{ ...piece, path, ...linesOf(piece, { from, to }) }];
	});
	const plain = [...marked.matchAll(bare)].map(match => {
		const piece = pieceAt(marked, { text: match[0], at: match.index, length: match[0].length });
		return { ...piece, path: match.groups!.path!, ...linesOf(piece, match.groups!) };
	});
	return [...quoted, ...plain]
		.filter(({ path }) => !noFile.test(path) && !madeUp.test(path) && !made.test(path))
		.sort((a, b) => a.at - b.at);
}

const ahead = /\blines?\s+(\d+)(?:\s*(?:[-–]|to|and|through)\s*(\d+))?\s+(?:of|in|from)\s+(?:the\s+)?(?:file\s+)?[\s(`*"']*$/i;
const behind = /^[`*"')\s]*(?:,|:|on|at|around|\()?\s*(?:on |at |around |near )?lines?\s+(\d+)(?:\s*(?:[-–]|to|and|through)\s*(\d+))?/i;

function linesOf({ before, after }: Piece, { from, to }: Record<string, string | undefined>): { from?: number; to?: number } {
	const [first, last] = from === undefined ? (ahead.exec(before) ?? behind.exec(after) ?? []).slice(1) : [from, to];
	return first === undefined ? {} : { from: Number(first), to: Number(last ?? first) };
}

function claimOf(mention: Mention, prose: Prose): Claim[] {
	const { text, at, path, from, to } = mention;
	const proposed = isProposed(mention) || isDenied(mention) || prose.own(path) || prose.own(text);
	if (proposed) return [];
	if (from !== undefined && to !== undefined) {
		const near = nearOf(mention, prose);
		const lines = to === from ? `${from}` : `${from}-${to}`;
		return [
			{ kind: 'line', text: /[:#]/.test(text) ? text : `${text}:${lines}`, at, path, from, to, ...(near === undefined ? {} : { near }) },
		];
	}
	return prose.known(path) ? [] : [{ kind: 'path', text, at, path }];
}

const placed =
	/^[\s*]*(?:(?:function|method|class|constant|variable)[\s*]+)?(?:(?:which|that)\s+)?(?:(?:is|are|was)\s+)?(?:(?:defined|declared|implemented|located|found|starts?|begins?|lives?)\s+)?(?:on|at|in|from)\b[^·,;]*$/i;

/** The name that is said to be on the line. */
function nearOf({ at, before }: Mention, { spans, marked }: Prose): string | undefined {
	const last = spans.findLast(span => span.end < at && span.at >= at - before.length);
	if (!last || !placed.test(marked.slice(last.end, at))) return undefined;
	return /^(?:[\w$]+\.)*([A-Za-z_$][\w$]*)(?:\([^)]*\))?$/.exec(last.text)?.[1];
}

const folderWord = /^[`*"'\s]*(?:sub)?(?:folder|director(?:y|ies))\b/i;
const folderBefore = /\b(?:sub)?(?:folder|director(?:y|ies))\s+(?:is |are |called |named )?[\s(`*"']*$/i;

function folderOf(piece: Piece, prose: Prose): Claim[] {
	const { text, at, before, after } = piece;
	const path = folder.exec(text)?.groups?.path;
	const isOne = path !== undefined && !inSpan.test(text) && (text.endsWith('/') || folderWord.test(after) || folderBefore.test(before));
	if (!isOne || madeUp.test(path) || made.test(path) || isProposed(piece) || isDenied(piece) || prose.known(path)) return [];
	return [{ kind: 'path', text, at, path: `${path}/` }];
}
