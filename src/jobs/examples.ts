import { outermost } from '../checks/syntax/definitions.js';

/** Words that ask for something that runs when the file does. */
const wished = /\b(call|cli|command|demo|entry|example|log|main|print|prints|run|script|show|test|usage)\b/i;
/** How small models begin what they add to show a function at work. */
const showing = /^(?:(?:#|\/\/)\s*(?:example|test|usage)|print\(|console\.log\(|if __name__\b|\w+ = \w+\(|assert\b)/im;

/**
 * The text without the examples and tests that a model has put below what a file defines, where there was nothing before and nobody
 * asked for any.
 */
export async function withoutExamples(
	path: string,
	{ before, after, asked }: { before: string | null; after: string; asked: string },
): Promise<string> {
	const alone = withoutOwnTests(path, after);
	if (alone !== after) return withoutExamples(path, { before, after: alone, asked });
	if (before === null || wished.test(asked) || (await below(path, before)) !== '') return after;
	const tail = await below(path, after);
	return tail !== undefined && showing.test(tail) ? `${after.slice(0, after.length - tail.length).trimEnd()}\n` : after;
}

/** What stands below the last definition of a file. Undefined where it defines nothing. */
async function below(path: string, text: string): Promise<string | undefined> {
	const last = (await outermost(path, text)).at(-1);
	return last && text.slice(last.end).trimStart();
}

const imports = /^(?:from\s+(\S+)\s+import\b|import\s+(?:.*\bfrom\s+)?["']?([^"';\s]+)|(?:const|let|var)\b.*\brequire\(["']([^"']+)["']\))/;
const frameworks = /^(?:unittest|pytest|doctest|(?:node:)?(?:test|assert)|vitest|jest|chai|mocha|@jest\/globals)$/;
const imported = (line: string): string | undefined => imports.exec(line)?.slice(1).find(Boolean);

/** A file that imports itself is followed by its tests: they go, with the imports and remarks above that belong to them. */
function withoutOwnTests(path: string, text: string): string {
	const own = path.replace(/.*\//, '').replace(/\.\w+$/, '');
	const lines = text.split('\n');
	const isOwn = (line: string): boolean =>
		imported(line)
			?.replace(/\.[cm]?[jt]sx?$/, '')
			.replace(/.*[./](?=\w+$)/, '') === own;
	let first = lines.findIndex(isOwn);
	const belongs = (line: string): boolean => /^\s*(?:#|\/\/|$)/.test(line) || frameworks.test(imported(line) ?? '');
	while (first > 0 && belongs(lines[first - 1] ?? '')) first--;
	const above = lines.slice(0, first).join('\n').trimEnd();
	return above === '' ? text : `${above}\n`;
}
