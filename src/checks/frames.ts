/** A place in a file of the project. `line` is counted from 1. */
export type Place = { file: string; line: number };

/** Answers which file of the project, if any, a path in some output means. */
export type Ours = (path: string) => string | undefined;

/** How stacks are written: by V8, Python, Ruby and PHP, Java, Go and Rust, and `path:line` at the beginning of a line. */
const forms: readonly RegExp[] = [
	/^\s+at (?:.*\()?(?:async )?(?:file:\/\/)?([^\s()]+?):(\d+)(?::\d+)?\)?,?$/,
	/^\s*File "([^"]+)", line (\d+)/,
	/^\s*(?:# )?(\/?[^\s:()]+\.(?:rb|php|exs?)):(\d+)(?::in .*)?$/,
	/^\s*(?:\[ERROR\]\s+)?at [\w.$/@]+\((\w+\.(?:java|kt|scala|groovy)):(\d+)\)$/,
	/^\s+at .*? in (.+?):line (\d+)$/,
	/^\s*(?:\S+ panicked at |❯ (?:.* )?)?([^\s:()'"]+\.\w{1,5}):(\d+)(?::\d+)?\b/,
];

const longestFrame = 500;

/** The place that a line of a stack names; undefined for a line that is none. `file` is as written. */
export function frameOf(line: string): Place | undefined {
	if (line.length > longestFrame) return undefined;
	for (const form of forms) {
		const found = form.exec(line);
		if (found) return { file: found[1]!, line: Number(found[2]) };
	}
	return undefined;
}

/** Paths of a project: exact, or by the bare name that Java's stacks give. Folders of dependencies are not the project's. */
export function oursAmong(paths: readonly string[]): Ours {
	const known = new Set(paths);
	const byName = new Map(paths.map(path => [path.slice(path.lastIndexOf('/') + 1), path]));
	return path => {
		const plain = path.replace(/^\.\//, '');
		if (known.has(plain)) return plain;
		if (plain.includes('node_modules/') || plain.includes('site-packages/') || plain.startsWith('/')) return undefined;
		return plain.includes('/') ? paths.find(each => each.endsWith(`/${plain}`)) : byName.get(plain);
	};
}

/** A frame of a stack, as against a complaint that begins with a place. */
const stacked = /^\s|^File "|:\d+: in \S+$/;
/** A frame without a place. */
const nowhere = /^\s+at .*\((?:<anonymous>|native|native code)\)$|^\s+at <anonymous>$/;

const mostFrames = 10;
const mostLines = 30;

/**
 * What a failure printed, without the frames of other people's code, ten of the project's at the most, and in all 30 lines;
 * a left-out middle is one line with dots.
 */
export function condensed(text: string, ours: Ours): string {
	let frames = 0;
	let skipping = false;
	const kept: string[] = [];
	for (const line of text.split('\n')) {
		const frame = frameOf(line);
		if (nowhere.test(line)) continue;
		if (frame) {
			skipping = stacked.test(line) && (ours(frame.file) === undefined || ++frames > mostFrames);
			if (!skipping) kept.push(line.trimEnd());
			continue;
		}
		// The source line that Python prints below a frame goes with it.
		if (skipping && /^\s{4}/.test(line)) continue;
		skipping = false;
		if (line.trim() !== '' || kept.at(-1)?.trim()) kept.push(line.trimEnd());
	}
	const lines = kept
		.join('\n')
		.trim()
		.split('\n')
		.map(line => (line.length > 300 ? `${line.slice(0, 300)} …` : line));
	return (lines.length <= mostLines ? lines : [...lines.slice(0, mostLines - 11), '…', ...lines.slice(-10)]).join('\n');
}

/** The first place in the project that a text names, in whatever stack it has. */
export function firstPlace(text: string, ours: Ours): Place | undefined {
	for (const line of text.split('\n')) {
		const frame = frameOf(line);
		const file = frame && ours(frame.file);
		if (frame && file) return { file, line: frame.line };
	}
	return undefined;
}
