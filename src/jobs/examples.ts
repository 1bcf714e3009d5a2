import { outermost } from '../checks/syntax/definitions.js';

/** Words that ask for something that runs when the file does. */
const wished = /\b(call|cli|command|demo|entry|example|log|main|print|prints|run|script|show|test|usage)\b/i;
/** How small models begin what they add to show a function at work. */
const showing = /^(?:(?:#|\/\/)\s*(?:example|test|usage)|print\(|console\.log\(|if __name__\b|\w+ = \w+\(|assert\b)/im;

/** The text without the examples that a model has put below what a file defines, where there was nothing before and nobody asked for any. */
export async function withoutExamples(
	path: string,
	{ before, after, asked }: { before: string | null; after: string; asked: string },
): Promise<string> {
	if (before === null || wished.test(asked) || (await below(path, before)) !== '') return after;
	const tail = await below(path, after);
	return tail !== undefined && showing.test(tail) ? `${after.slice(0, after.length - tail.length).trimEnd()}\n` : after;
}

/** What stands below the last definition of a file. Undefined where it defines nothing. */
async function below(path: string, text: string): Promise<string | undefined> {
	const last = (await outermost(path, text)).at(-1);
	return last && text.slice(last.end).trimStart();
}
