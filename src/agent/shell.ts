import { type Command, forEachChild, type ParsedScript, parse, type Redirect, type Statement, type SyntaxNode, type Word } from 'unbash';

/** A word without expansions: `value` is what the program gets; with `glob` it is a pattern of `*` and `?` instead. */
export type PlainWord = { value: string; glob: boolean };

/**
 * A command line as its tree tells it. `all` are its simple commands, those inside substitutions and loops too. `chain` are
 * the commands when the line is nothing but commands joined by `&& || ; | &` and line ends; undefined otherwise.
 */
export type ShellLine = { source: string; all: Command[]; chain: Command[] | undefined; background: boolean; functions: boolean };

/** The line, or undefined when it cannot be parsed without doubt. */
export function parseLine(source: string): ShellLine | undefined {
	const script = parse(source);
	const line: ShellLine = { source, all: [], chain: chainOf(script), background: false, functions: false };
	let broken = Boolean(script.errors?.length);
	const visit = (node: SyntaxNode): void => {
		if (node.type === 'Script' && 'errors' in node && node.errors?.length) broken = true;
		if (node.type === 'Command') line.all.push(node);
		if (node.type === 'Function' || node.type === 'Coproc') line.functions = true;
		if (node.type === 'Statement' && node.background) line.background = true;
		forEachChild(node, visit);
	};
	visit(script);
	return broken || !isCovered(source, line.chain) ? undefined : line;
}

function chainOf(script: ParsedScript): Command[] | undefined {
	const commands: Command[] = [];
	for (const node of script.commands.flatMap((statement: Statement) =>
		statement.command.type === 'AndOr' ? statement.command.commands : [statement.command],
	)) {
		if (node.type === 'Pipeline' && (node.prefixes.length > 0 || node.operators.some(operator => operator !== '|'))) return undefined;
		for (const command of node.type === 'Pipeline' ? node.commands : [node]) {
			if (command.type !== 'Command') return undefined;
			commands.push(command);
		}
	}
	return commands;
}

/** Cross-check of the parser: between the commands of a chain there is nothing but the operators that join them, and lines of comment. */
function isCovered(source: string, chain: Command[] | undefined): boolean {
	if (!chain) return true;
	if (source.includes('\u0001')) return false;
	let rest = source;
	for (const { pos, end } of chain.flatMap(command => [...wordsOf(command), ...command.prefix, ...command.redirects]))
		rest = rest.slice(0, pos) + '\u0001'.repeat(end - pos) + rest.slice(end);
	return (
		chain.some(command => command.redirects.some(redirect => redirect.type === 'HereDoc')) ||
		/^[\s;|&\u0001]*$/.test(rest.replace(/^[ \t]*#.*$/gm, ''))
	);
}

/** The name and the arguments of a command. */
export const wordsOf = (command: Command): Word[] => [
	...(command.name ? [command.name] : []),
	...command.args.filter(word => word.type === 'Word'),
];

/** Whether a redirection only throws output away or joins errors to it: `>/dev/null`, `2>/dev/null`, `2>&1`. */
export function isHarmless(redirect: Redirect): boolean {
	const { operator, target, descriptor } = redirect;
	if (descriptor && (descriptor.type !== 'FileDescriptor' || descriptor.value < 1 || descriptor.value > 2)) return false;
	return (
		(operator === '>' && target?.text === '/dev/null') ||
		(operator === '>&' && descriptor?.type === 'FileDescriptor' && descriptor.value === 2 && target?.text === '1')
	);
}

/**
 * The word read once more from its source, by rules of our own: literal, quoted, or escaped characters. Undefined when it
 * holds anything that bash would expand, or when the parser read it differently.
 */
export function plainWord(word: Word): PlainWord | undefined {
	const tokens = word.text.match(/'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[^\n]|[^'"\\]/g) ?? [];
	if (tokens.join('') !== word.text) return undefined;
	let value = '';
	let glob = false;
	for (const token of tokens) {
		const part = literal(token, tokens.length === 1);
		if (part === undefined) return undefined;
		if (token === '*' || token === '?') glob = true;
		value += part;
	}
	if (value !== word.value || (glob && /['"\\]/.test(word.text)) || /^~|[:=]~/.test(word.text)) return undefined;
	return { value, glob };
}

function literal(token: string, alone: boolean): string | undefined {
	if (token.startsWith("'") && token.length > 1) return token.slice(1, -1);
	if (token.startsWith('\\')) return token.slice(1);
	if (token.startsWith('"') && token.length > 1) {
		const inner = token.slice(1, -1);
		const bare = inner.replace(/\\[$`"\\]/g, '');
		if (/`|\$[\w{([@*#?$!-]|\\\n/.test(bare)) return undefined;
		return inner.replace(/\\([$`"\\])/g, '$1');
	}
	return /[\w%@+=:,./^*?-]/.test(token) || (token === '!' && alone) || token === '#' ? token : undefined;
}
