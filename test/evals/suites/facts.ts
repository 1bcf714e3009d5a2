import { execFileSync } from 'node:child_process';
import type { Files } from '../repository.js';

/** What an answer says of a project, found and looked up in its files by plain rules: none of them is the program's. */
export type Mention = { text: string; kind: 'path' | 'line' | 'name' | 'flag' | 'command' | 'version'; holds: boolean };

const ending = String.raw`\.(?:py|[cm]?[jt]sx?|json|md|txt|toml|cfg|ya?ml)`;
const path = new RegExp(String.raw`^(?:\./)?((?:[\w.-]+/)*[\w-][\w.-]*${ending})(?::(\d+))?$`);
const bare = new RegExp(String.raw`(?<![\w/\`@.:-])(?:[\w.-]+/)+[\w.-]*\w${ending}(?::\d+)?(?![\w/\`])`, 'g');
const name = /^(?:[\w$]+\.)*([A-Za-z_$][\w$]*)(\(.*\))?$/;
/** An own name: two words in one. */
const twoWords = /[a-z\d]_[a-z\d]|[a-z\d][A-Z]/;

/** A sentence with one of these proposes, denies or explains: what it names need not be there. */
const noClaim =
	/\b(?:create|add|new|write|could|should|would|might|if|example|e\.g\.|such as|like|not|no|n't|never|without|replace|rename|your|suppose)\b/i;

/** The paths, lines, names, flags, scripts and versions that an answer states, without what the question has and blocks of code bring up. */
export function mentionsIn(answer: string, question: string, files: Files): Mention[] {
	const fences = answer.match(/^```[\s\S]*?(?:^```|$(?![\s\S]))/gm)?.join('\n') ?? '';
	const prose = answer.replace(/^```[\s\S]*?(?:^```|$(?![\s\S]))/gm, '');
	const sentences = prose.split(/(?<=[.!?:])\s+|\n/).filter(sentence => !noClaim.test(sentence.replace(/`[^`]*`/g, '')));
	const spans = sentences.flatMap(sentence => [...sentence.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!.trim()));
	const paths = sentences.flatMap(sentence => sentence.replace(/`[^`]*`/g, '').match(bare) ?? []);
	const found = [...new Set([...spans, ...paths])].flatMap(text => lookedUp(text, files) ?? []);
	const versions = sentences.flatMap(sentence => versionsIn(sentence.replaceAll('`', ''), files));
	return [...found, ...versions].filter(({ text }) => !question.includes(text) && !fences.includes(text.replace(/\(.*$/, '')));
}

/** Whether a text is one of these and holds; undefined for what is none, or belongs to the language. */
export function lookedUp(text: string, files: Files): Mention | undefined {
	const [, file, line] = path.exec(text) ?? [];
	if (file !== undefined) return { text, kind: line === undefined ? 'path' : 'line', holds: hasLine(files, file, Number(line ?? 1)) };
	if (/^--[a-z][\w-]+$/.test(text)) return { text, kind: 'flag', holds: hasWord(files, text) };
	const [, tool, script] = /^(npm|make)(?: run)? ([\w:-]+)$/.exec(text) ?? [];
	if (script !== undefined && script !== 'install' && script !== 'run')
		return { text, kind: 'command', holds: hasScript(files, tool!, script) };
	const [, last, call] = name.exec(text) ?? [];
	if (last === undefined || (call === undefined && !twoWords.test(last))) return undefined;
	const holds = hasWord(files, last);
	return holds || !known().has(last) ? { text, kind: 'name', holds } : undefined;
}

function hasLine(files: Files, wanted: string, line: number): boolean {
	const meant = Object.keys(files).filter(one => one === wanted || one.endsWith(`/${wanted}`));
	return meant.some(one => files[one]!.trimEnd().split('\n').length >= line);
}

/** In a text or in the name of a file. */
const hasWord = (files: Files, word: string): boolean =>
	Object.entries(files).some(([file, text]) => new RegExp(`(?<![\\w-])${word.replaceAll('$', '\\$')}(?![\\w-])`).test(`${file} ${text}`));

function hasScript(files: Files, tool: string, script: string): boolean {
	if (tool === 'make') return new RegExp(`^${script}:`, 'm').test(files.Makefile ?? '');
	return new RegExp(`"scripts": \\{[^}]*"${script}":`).test(files['package.json'] ?? '');
}

/** `requests 2.31.0`, `requests==2.31.0`, for what the manifests name. */
function versionsIn(sentence: string, files: Files): Mention[] {
	const manifests = `${files['requirements.txt'] ?? ''}\n${files['package.json'] ?? ''}`;
	const names = [...manifests.matchAll(/^(?:\s*")?([a-z][\w-]*)(?:==|": "[\^~]?)(\d+\.\d+\.\d+)/gm)];
	return names.flatMap(([, one, version]) => {
		const said = new RegExp(`\\b${one}(?:==| version | | is | at )v?(\\d+(?:\\.\\d+)+)`, 'i').exec(sentence);
		return said ? [{ text: said[0], kind: 'version', holds: version!.startsWith(said[1]!) } as const] : [];
	});
}

let names: ReadonlySet<string> | undefined;

/** What Python and JavaScript have of their own, asked of them. */
function known(): ReadonlySet<string> {
	if (names) return names;
	const script =
		'import builtins, sys, argparse, json, unittest\nfor one in (builtins, str, list, dict, set, sys, argparse, argparse.ArgumentParser, json, unittest, unittest.TestCase): print(*dir(one))\nprint(*sys.stdlib_module_names)';
	const python = execFileSync('python3', ['-c', script], { encoding: 'utf8' }).split(/\s+/);
	const globals = Object.getOwnPropertyNames(globalThis).flatMap(one => {
		const value: unknown = Object.getOwnPropertyDescriptor(globalThis, one)?.value;
		if (typeof value !== 'function' && typeof value !== 'object') return [one];
		const prototype: unknown = typeof value === 'function' ? value.prototype : undefined;
		return [one, ...Object.getOwnPropertyNames(value ?? {}), ...Object.getOwnPropertyNames(prototype ?? {})];
	});
	const modules = ['fs', 'path', 'util', 'assert', 'test'].flatMap(one => Object.getOwnPropertyNames(process.getBuiltinModule(one) ?? {}));
	names = new Set([...python, ...globals, ...modules, 'require', 'exports', '__main__', '__name__', '__init__']);
	return names;
}
