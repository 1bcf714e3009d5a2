import { isBuiltin } from './builtins.js';
import type { Claim } from './claims.js';
import { mentionsIn } from './paths.js';
import { isDenied, isProposed, type Piece, type Prose, pieceAt } from './prose.js';

const keyword =
	/^(?:(?:export|default|async|static|public|private|abstract|pub)\s+)*(?:(?:def|function\*?|func|fn|class|interface|struct|enum|type|const|let|var|new|await|trait)\s+)(?=[A-Za-z_$])/;
const form = /^(?<name>[A-Za-z_$][\w$]*(?:(?:\.|::|->|#)[A-Za-z_$][\w$]*)*)(?<call>\([^\n]*\))?[:;]?$/;
const identifier = /[a-z\d]_[a-z\d]|[a-z\d][A-Z]|[A-Z]_[A-Z\d]|^_[a-z]/i;
const humps = /[a-z\d]_[a-z\d]|[a-z][a-z\d]*[A-Z]|[A-Z]\d*_[A-Z\d]/;
const nounBefore =
	/\b(?:function|method|class|helper|constant|variable|hook|component|interface|decorator|struct|enum|type|module|property|field|attribute|parameter|argument)s?\s+(?:called |named |is |are )?[\s(*]*$/i;
const nounAfter =
	/^[\s*)]*(?:helper |utility |async |private |static |instance )?(?:function|method|class|constant|variable|hook|component|interface|decorator|struct|enum|generator|subclass)\b/i;
/** Names of things outside of every program text. */
const brands =
	/^(?:JavaScript|TypeScript|GitHub|GitLab|NodeJS|PyPI|MongoDB|PostgreSQL|MySQL|camelCase|snake_case|PascalCase|VSCode|DevTools|macOS|iOS|OpenAI|README|utf8|NODE_ENV|PYTHONPATH|CommonJS|GraphQL|WebSocket|LocalStorage)$/i;

type Named = Piece & { names: string[] };

/** A name of two words that stands in a sentence without backticks. */
const bare = /(?<![\w$./·#-])[A-Za-z][\w$]*(?:\(\))?(?![\w$/·-]|\.\w)/g;

function bareNames({ marked }: Prose): Piece[] {
	const found = [...marked.matchAll(bare)].filter(([text]) => humps.test(text));
	return found.map(({ 0: text, index }) => pieceAt(marked, { text, at: index, length: text.length }));
}

/** The functions, classes and other names that a reply speaks of as the repository's; without backticks, where it says in which file. */
export function symbolsIn(prose: Prose): Claim[] {
	const files = mentionsIn(prose);
	const bareOnes = bareNames(prose);
	return [...prose.spans, ...bareOnes].flatMap((piece): Claim[] => {
		const found = namedBy(piece);
		if (!found || isProposed(piece) || isDenied(piece)) return [];
		const { names } = found;
		if (names.some(prose.own)) return [];
		const where = placeOf(found, files, prose.marked);
		const known = names.every(prose.known);
		if (where === undefined && (known || isBuiltin(names) || bareOnes.includes(piece))) return [];
		return [{ kind: 'symbol', text: piece.text, at: piece.at, names, known, ...(where === undefined ? {} : { where }) }];
	});
}

function namedBy(piece: Piece): Named | undefined {
	const text = piece.text.replace(keyword, '');
	const { name, call } = form.exec(text)?.groups ?? {};
	if (name === undefined || brands.test(name)) return undefined;
	const names = name.split(/\.|::|->|#/).filter((part, index) => index > 0 || !/^(?:self|this|cls|super)$/.test(part));
	const last = names.at(-1);
	if (last === undefined) return undefined;
	const clear =
		call !== undefined ||
		text !== piece.text ||
		(identifier.test(last) && humps.test(last)) ||
		(names.length === 1 && last.length > 1 && (nounBefore.test(piece.before) || nounAfter.test(piece.after)));
	const outside = /\benv(?:ironment)?\b/i.test(piece.before + piece.after) && /^[A-Z\d_]+$/.test(last);
	return clear && !outside && !isFileName(name) ? { ...piece, names } : undefined;
}

const isFileName = (name: string): boolean =>
	/\.(?:[cm]?[jt]sx?|pyi?|json|md|toml|ya?ml|css|html?|go|rs|java|rb|php|sh|txt|env|lock)$/.test(name);

const listed = String.raw`(?:[\s*]*(?:,|and|or|,\s*and|&|/)[\s*]+·+)*`;
const noun = String.raw`(?:[\s*]+(?:helper|utility|async))?(?:[\s*]+(?:function|method|class|constant|variable|component|hook|decorator|interface)s?)?`;
const isIn = String.raw`(?:[\s*]+(?:which|that))?(?:[\s*]+(?:is|are|was|were))?(?:[\s*]+(?:also|both|all))?(?:[\s*]+(?:defined|declared|implemented|located|found|exported|contained|lives?|resides?|placed|called|used|imported))?`;
const behind = new RegExp(
	String.raw`^${listed}${noun}[\s*,]*(?:${isIn}[\s*]+(?:in|inside|within|from|at)\s+(?:the\s+)?(?:file\s+|module\s+)?|\()[\s*\`(]*$`,
	'i',
);
const before =
	/^[\s*)]*(?:(?:file|module|script)\s+)?(?:(?:also|only)\s+)?(?:defines?|contains?|exports?|declares?|has|holds?|implements?|provides?|exposes?|includes?)\s+(?:(?:the|a|an|one|two|three|four|both|some|only|following|main|single|helper|utility|public|functions?|methods?|class(?:es)?|constants?|named|called|and)[\s:,*]+)*(?:·+(?:[\s*]*(?:,|and|,\s*and)[\s*]+(?:(?:the|a|an|functions?|class)\s+)?))*[\s*`]*$/i;

/** The file that a name is said to be in. */
function placeOf(
	{ at, end, before: ahead, after }: Named,
	files: readonly (Piece & { path: string })[],
	marked: string,
): string | undefined {
	const near = files.filter(file => file.at >= at - ahead.length && file.end <= end + after.length && file.at !== at);
	return near.find(file => (file.at > at ? behind.test(marked.slice(end, file.at)) : before.test(marked.slice(file.end, at))))?.path;
}
