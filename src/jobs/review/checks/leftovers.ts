import { isTestFile } from '../../../checks/coverage/merge.js';
import { languageOf } from '../../../checks/syntax/languages.js';
import { mask } from '../../../secrets.js';
import { type Check, type FileChange, type Found, familyOf } from '../change.js';
import { eachTree, field, lineOf, nodesIn } from './trees.js';

/** What was for the author alone: the debugger, a test that keeps the others from running, output that says so itself. */
export const leftovers = eachTree(({ root, path, family, added }) =>
	[...nodesIn(root)].flatMap(node => {
		if (!added.has(lineOf(node))) return [];
		const text =
			node.type === 'debugger_statement'
				? '`debugger` stops the program'
				: node.type.startsWith('call')
					? calledFor(field(node, 'function')?.text ?? '', field(node, 'arguments')?.text ?? '', { path, family })
					: undefined;
		return text === undefined ? [] : [{ path, line: lineOf(node), rule: 'left-over', text }];
	}),
);

/** What only somebody who looks for a mistake prints. */
const marked =
	/^\(\s*f?["'`](?:-{2,}>|={2,}>|>{3,})?\s*(?:(?:debug|dbg|here|xxx+|zzz+|asdf\w*|foobar|wtf|got here|reached)(?:\s*[:=]|[\s\d!.]*["'`{])|(?<=>\s*)["'`])/i;

function calledFor(callee: string, args: string, { path, family }: { path: string; family: string }): string | undefined {
	if (family === 'python') {
		if (/^(?:breakpoint|i?pdb\.set_trace)$/.test(callee)) return `\`${callee}()\` stops the program`;
		return callee === 'print' && (marked.test(args) || /^\(\s*f(["'])\{\w+=\}\1\s*\)$/.test(args))
			? `debug output is left: \`print${shown(args)}\``
			: undefined;
	}
	if (isTestFile(path) && /^(?:describe|it|test|suite|context)(?:\.\w+)*\.only$|^f(?:it|describe)$/.test(callee))
		return `\`${callee}\` keeps the other tests from running`;
	return /^console\.(?:log|error|warn|info|debug)$/.test(callee) && marked.test(args)
		? `debug output is left: \`${callee}${shown(args)}\``
		: undefined;
}

const shown = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text).replace(/\s+/g, ' ');

/** Lines that a merge has put in for somebody to decide: both its marks, in what was added. */
export const mergeMarkers: Check = ({ files }) =>
	files.flatMap(file => {
		const lines = (file.after ?? '').split('\n');
		const at = (sign: string) => lines.findIndex((line, index) => file.added.has(index + 1) && line.startsWith(`${sign} `));
		const [open, close] = [at('<<<<<<<'), at('>>>>>>>')];
		return open >= 0 && close > open
			? [{ path: file.path, line: open + 1, rule: 'merge-marker', text: 'a merge is not decided here: its marks are left' }]
			: [];
	});

/** A key, token or password that was not there before. Its value is told to nobody. */
export const plantedSecrets: Check = ({ files }) =>
	files.flatMap(file =>
		isTestFile(file.path) || /(?:^|\/)(?:examples?|fixtures?|samples?)\/|\.(?:lock|sum)$|-lock\./i.test(file.path) ? [] : secretsIn(file),
	);

function secretsIn({ path, before, after, added }: FileChange): Found[] {
	const known = new Set(mask(before ?? '').secrets.map(({ value }) => value));
	const isCode = familyOf(path) !== undefined || languageOf(path) !== undefined;
	return mask(after ?? '').secrets.flatMap(({ kind, value }) => {
		const line = (after ?? '').slice(0, (after ?? '').indexOf(value)).split('\n').length;
		const isSure = isCode || kind !== 'secret';
		return known.has(value) || !added.has(line) || !isSure
			? []
			: [{ path, line, rule: 'secret', text: `what looks like a ${kind} is written out here` }];
	});
}
