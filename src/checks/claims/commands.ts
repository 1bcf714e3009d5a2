import type { Claim, Program } from './claims.js';
import { introduces, isDenied, isProposed, type Prose, shell } from './prose.js';

const npm = /^(?:npm|pnpm|yarn|bun) (?:run|run-script) (?<name>[\w:.-]+)/;
const short = /^(?:npm|pnpm|yarn) (?<name>test|start|lint|build|dev|format|typecheck|check|deploy|clean|watch|coverage|e2e|serve)(?=\s|$)/;
const make = /^make (?<name>[\w.-]+)(?=\s|$)/;
const program =
	/^(?:\$ )?(?:(?:node|python3?|bash|sh|ruby|php|tsx|ts-node|deno run|bun)(?:\s+-\w+)* )?(?:\.\/)?(?<script>[\w@.+/-]+\.(?:[cm]?[jt]sx?|py|sh|rb|php))(?=\s|$)/;
const flag = /(?<=\s)--[a-z][\w-]*/gi;
/** A new project is set up, or another one gone to. */
const elsewhere = /\b(?:npx|create-|npm init|yarn create|cd|git clone|cargo new|pip install|npm i(?:nstall)? -g)\b/;

/** The project's own commands and the flags of its scripts that a reply tells to use. */
export function commandsIn(prose: Prose): Claim[] {
	const spans = prose.spans.filter(piece => !introduces.test(piece.before) && !isDenied(piece));
	const lines = prose.fences.filter(({ language, text }) => shell.test(language) && !elsewhere.test(text)).flatMap(linesOf);
	const told = [...spans, ...lines];
	const proposes = /"scripts"\s*:/.test(prose.fences.map(({ text }) => text).join('\n')) || /\badd\b[^.\n]*\bscripts?\b/i.test(prose.words);
	return [...(proposes ? [] : told.flatMap(commandOf)), ...told.flatMap(line => flagsOf(line, prose)), ...flagsAlone(prose)];
}

type Line = { text: string; at: number };

function linesOf({ text, at }: Line): Line[] {
	const found = [...text.matchAll(/^[ \t]*(?:\$ )?(.+)$/gm)];
	return found.map(match => ({ text: match[1]!.trim(), at: at + match.index + match[0].length - match[1]!.length }));
}

function commandOf({ text, at }: Line): Claim[] {
	const found: [Program, RegExpExecArray | null][] = [
		['npm', npm.exec(text) ?? short.exec(text)],
		['make', make.exec(text)],
	];
	return found.flatMap(([kind, match]) => {
		const name = match?.groups?.name;
		return match && name !== undefined && !/^(?:sure|it|your|my|script|name|target|x)/.test(name)
			? [{ kind: 'command', text: match[0], at, program: kind, name }]
			: [];
	});
}

function flagsOf({ text, at }: Line, prose: Prose): Claim[] {
	const script = program.exec(text)?.groups?.script;
	if (script === undefined) return [];
	return [...text.matchAll(flag)].flatMap(match => claim(match[0], at + match.index, { prose, script }));
}

const ofOthers =
	/\b(?:npm|npx|yarn|pnpm|git|node|python3?|pip|pytest|jest|vitest|mocha|tsc|eslint|prettier|docker|cargo|go|rustc|gcc|curl|mypy|ruff|black|webpack|vite|make)\b/i;
const ofOurs = /\b(?:script|program|cli|command[- ]line|tool|parser|flag|option|switch|argument)s?\b/i;

/** `--verbose` by itself, where the sentence speaks of a script of the project. */
function flagsAlone(prose: Prose): Claim[] {
	return prose.spans.flatMap(piece => {
		const name = /^(--[a-z][\w-]*)(?:[= ]\S+)?$/i.exec(piece.text)?.[1];
		const sentence = prose.words.slice(piece.at - piece.before.length, piece.end + piece.after.length);
		if (name === undefined || isProposed(piece) || isDenied(piece) || !ofOurs.test(sentence) || ofOthers.test(sentence)) return [];
		return claim(name, piece.at, { prose, script: /(?<![\w./-])[\w./-]+\.(?:[cm]?[jt]sx?|py|sh|rb|php)\b/.exec(sentence)?.[0] });
	});
}

const claim = (name: string, at: number, { prose, script }: { prose: Prose; script: string | undefined }): Claim[] =>
	/^--(?:help|version)$/.test(name) || prose.known(name) ? [] : [{ kind: 'flag', text: name, at, flag: name, script }];
