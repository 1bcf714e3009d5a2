/** One file of a diff by git: `places` are the functions that git names in front of its hunks, `text` the whole section. */
export type FileDiff = {
	path: string;
	added: number;
	removed: number;
	state: 'new' | 'deleted' | 'renamed' | 'changed';
	places: string[];
	text: string;
};

/** The files of a diff. */
export const filesIn = (diff: string): FileDiff[] =>
	diff
		.split(/^(?=diff --git )/m)
		.filter(section => section.startsWith('diff --git '))
		.map(fileOf);

function fileOf(text: string): FileDiff {
	const lines = text.split('\n');
	const [, old = '', now = ''] = /^diff --git "?a\/(.*?)"? "?b\/(.*?)"?$/.exec(lines[0] ?? '') ?? [];
	const count = (sign: '+' | '-') => lines.filter(line => line.startsWith(sign) && !line.startsWith(sign.repeat(3))).length;
	const has = (words: string) => lines.some(line => line.startsWith(words));
	const places = lines.flatMap(line => /^@@ .* @@ .*?([A-Za-z_$][\w$]*)\s*(?:\(|=|\{|:|$)/.exec(line)?.[1] ?? []);
	return {
		path: now || old,
		added: count('+'),
		removed: count('-'),
		state: has('new file') ? 'new' : has('deleted file') ? 'deleted' : has('rename from') ? 'renamed' : 'changed',
		places: [...new Set(places)],
		text,
	};
}
