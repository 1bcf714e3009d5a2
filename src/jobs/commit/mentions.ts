import { escaped } from '../../checks/escaped.js';

/** What looks like a name of code, a path, a flag or a number: what can be found in a diff, or not. */
const code = /`([^`\n]+)`/g;
const paths =
	/(?<![\w`])[\w.-]*\/[\w./-]*\w|(?<![\w/.-])[\w-]+\.(?:[cm]?[jt]sx?|py|go|rs|java|rb|php|css|html|md|json|ya?ml|toml|sh|c|h|cpp|sql|txt)\b/g;
const names =
	/(?<![\w/.-])(?:[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*\(\)|[A-Za-z]\w*_\w+|_\w+|[a-z]+[A-Z]\w*|[A-Z][a-z0-9]+[A-Z]\w*|[A-Z]{2,}\d*)(?![\w/-])/g;
const flags = /(?<![\w-])--?[a-z][\w-]*/g;
const numbers = /(?<![\w.#-])\d[\w.,-]*(?<![.,-])/g;

/** Words in capitals that name no code: they stand in any text. */
const common = new Set([
	'API',
	'CI',
	'CLI',
	'CPU',
	'GPU',
	'HTML',
	'HTTP',
	'HTTPS',
	'ID',
	'JSON',
	'OK',
	'README',
	'SQL',
	'TODO',
	'UI',
	'URL',
	'UTF',
	'XML',
	'YAML',
	'TypeScript',
	'JavaScript',
	'GitHub',
]);

/** Everything that a message states that a diff can show. */
export function mentioned(message: string): string[] {
	const all = [code, paths, names, flags, numbers].flatMap(pattern =>
		[...message.matchAll(pattern)].map(([whole, inner]) => (inner ?? whole).replace(/\(.*\)$|[.,;:]+$/g, '').trim()),
	);
	return [...new Set(all)].filter(word => word !== '' && !common.has(word));
}

/** What a message mentions and the diff (with the paths in it) does not have. */
export function ungrounded(message: string, diff: string): string[] {
	// Where a hunk stands, and what git calls its contents, is nothing that somebody changed.
	const text = diff.replace(/^index [0-9a-f.]+.*$|^@@ [^@]*@@/gm, '');
	return mentioned(message).filter(word => !new RegExp(`(?<![\\w$])${escaped(word)}(?![\\w$])`, 'i').test(text));
}
