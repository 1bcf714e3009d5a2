import { mentionOf } from './agent/mentions.js';
import type { WrittenCommand } from './chat/program.js';
import { nearest } from './nearest.js';
import { Refusal } from './types.js';

/** A command that the person or the project wrote: `review`, or `git:review` for a file in a folder. */
export type OwnCommand = WrittenCommand;

/** The command in a file; `path` is from the folder of commands. Undefined where the file's name is no name for a command. */
export function ownCommand(path: string, source: string): OwnCommand | undefined {
	const name = path.replace(/\.md$/, '').replaceAll('/', ':');
	if (!/^[\w.-]+(?::[\w.-]+)*$/.test(name)) return undefined;
	const { fields, body } = frontMatter(source);
	const hint = fields['argument-hint'];
	return {
		name,
		purpose: oneLine(fields.description ?? firstLine(body)) || 'a command of yours',
		...(hint ? { argumentHint: oneLine(hint) } : {}),
		message(args) {
			if (/!\{/.test(body)) throw new Refusal(`/${name} runs a program with !{…}, which qwill does not do. Take that out of its file.`, 42);
			return fill(body, args);
		},
	};
}

/**
 * What is asked where one text is all there is: the message of the command that `text` begins with, else the text itself. Throws
 * `Refusal` 42 for a command that is none of these: it never reaches the model.
 */
export function asked(text: string, commands: readonly OwnCommand[]): string {
	const { name, args = '' } = /^\/(?<name>[\w.-]+(?::[\w.-]+)*)(?:\s+(?<args>[\s\S]*))?$/.exec(text)?.groups ?? {};
	if (name === undefined) return text;
	const own = commands.find(command => command.name === name);
	if (own) return own.message(args.trim());
	const near = nearest(
		name,
		commands.map(command => command.name),
	);
	const instead = near === undefined ? 'Those of the chat work there alone.' : `Did you mean /${near}?`;
	throw new Refusal(`There is no command /${name} of yours here. ${instead} With a space before it, it is text.`, 42);
}

/** Arguments that the text has no place for stand at its end, so that nothing typed is lost. */
function fill(body: string, args: string): string {
	const words = [...args.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
	let used = false;
	const filled = body.replace(/\$ARGUMENTS\b|\{\{\s*args\s*\}\}|\$([1-9])(?!\d)/g, (_found, digit?: string) => {
		used = true;
		return digit === undefined ? args : (words[Number(digit) - 1] ?? '');
	});
	const text = filled.replace(/@\{([^{}\n]+)\}/g, (_found, path: string) => mentionOf(path.trim()));
	return used || args === '' ? text : `${text}\n\n${args}`;
}

/** Lines of `key: value` between two lines of `---` at the beginning; quotes around a value go. */
function frontMatter(source: string): { fields: Record<string, string | undefined>; body: string } {
	const [whole, head] = /^---[ \t]*\n([\s\S]*?)\n---[ \t]*(?:\n|$)/.exec(source) ?? [];
	if (whole === undefined || head === undefined) return { fields: {}, body: source.trim() };
	const pairs = [...head.matchAll(/^([\w-]+):[ \t]*(.*?)[ \t]*$/gm)].map(([, key = '', value = '']) => [
		key,
		value.replace(/^(["'])(.*)\1$/, '$2'),
	]);
	return { fields: Object.fromEntries(pairs) as Record<string, string>, body: source.slice(whole.length).trim() };
}

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').replace(/^#+\s*/, '');
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 75);
