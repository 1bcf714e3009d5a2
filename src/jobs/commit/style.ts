/**
 * How a repository writes the subjects of its commits: with the type of a change in front (`feat(scope): …`, conventionalcommits.org),
 * with the area (`engine: …`), or with neither; `types` and `areas` are those that it uses, the most frequent first.
 */
export type Style = {
	front: 'type' | 'area' | 'none';
	types: readonly string[];
	areas: readonly string[];
	capital: boolean;
	examples: readonly string[];
};

const conventional = /^(build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test)(?:\(([^)\s]+)\))?!?: (?=\S)/;
const area = /^([\w./,+ -]{1,40}?): (?=\S)/;
/** Most of the subjects have to be alike to be a style; and this many are shown to the model. */
const most = 0.6;
const shown = 5;
const usualTypes = ['feat', 'fix', 'docs', 'refactor', 'test', 'chore', 'build', 'ci', 'perf', 'style', 'revert'];

/** Reads the style off these subjects, the newest first. Merges and the like are passed over. */
export function styleOf(subjects: readonly string[]): Style {
	const own = subjects.filter(subject => !/^(?:Merge|Revert)\b/.test(subject));
	const found = (pattern: RegExp, group: number) => own.flatMap(subject => pattern.exec(subject)?.[group] ?? []);
	const [types, areas] = [found(conventional, 1), found(area, 1)];
	const isMost = (count: number) => own.length > 0 && count >= most * own.length;
	const front = isMost(types.length) ? 'type' : isMost(areas.length) ? 'area' : 'none';
	const words = own.map(subject => subject.replace(front === 'none' ? /^/ : area, ''));
	return {
		front,
		types: front === 'type' ? [...new Set([...frequent(types), ...usualTypes])] : [],
		areas: frequent(front === 'type' ? found(conventional, 2) : areas),
		capital: isMost(words.filter(subject => /^\p{Lu}/u.test(subject)).length) || own.length === 0,
		examples: own.filter(subject => subject.length <= 72).slice(0, shown),
	};
}

function frequent(words: readonly string[]): string[] {
	const counts = new Map<string, number>();
	for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
	return [...counts].sort((a, b) => b[1] - a[1]).map(([word]) => word);
}

/** The subject in this style, as far as letters and stops go; undefined where what it needs in front is missing. */
export function inStyle(subject: string, { front, types, capital }: Style): string | undefined {
	const plain = subject
		.replace(/^["'`*]+|["'`*]+$/g, '')
		.replace(/(?<!\.)\.$/, '')
		.trim();
	if (front === 'type' && !types.includes(conventional.exec(plain)?.[1] ?? '')) return undefined;
	if (front === 'area' && !area.test(plain)) return undefined;
	const [head] = front === 'none' ? [''] : (area.exec(plain) ?? ['']);
	const rest = plain.slice(head.length);
	// A name keeps its letters.
	const isWord = /^\p{L}\p{Ll}+(?=[\s,]|$)/u.test(rest);
	return `${head}${isWord ? (capital ? rest[0]!.toUpperCase() : rest[0]!.toLowerCase()) + rest.slice(1) : rest}`;
}
