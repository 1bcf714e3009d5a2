/** What tests can call in languages that are compiled. */
import type { Definition } from '../../checks/syntax/definitions.js';
import { languageOf } from '../../checks/syntax/languages.js';
import type { Subject } from './subjects.js';
import { guessedByType } from './typed.js';

type File = { path: string; text: string };

/** The functions of Go and Rust, and of Java the methods that give something. */
export const typedSubjects = (all: readonly Definition[], file: File): Subject[] =>
	all.flatMap(one => (languageOf(file.path) === 'java' ? methodOf(one, all, file) : functionOf(one, file)));

/** What is looked for in a file of this name, in words. */
export const callable = (path: string): string =>
	languageOf(path) === 'java'
		? 'a static method, or one of a class that is made without arguments'
		: 'a function of its own, as methods are not tested yet in this language';

/** What the language itself calls. */
const started = /^(?:main|init|Test[A-Z]\w*)$/;

function functionOf(definition: Definition, { path, text }: File): Subject[] {
	const { name, kind, owner, start, end } = definition;
	if (kind !== 'function' || owner !== undefined || started.test(name)) return [];
	const code = text.slice(start, end);
	return [{ definition, name, code, whole: false, imported: name, called: definition, guesses: guessedByType(name, { code, path }) }];
}

/** Static ones, and those of classes that are made of nothing. */
function methodOf(definition: Definition, all: readonly Definition[], { path, text }: File): Subject[] {
	const { name, kind, start, end, at } = definition;
	const owner = all.find(one => one.kind === 'class' && one.name === definition.owner);
	if (!owner || kind !== 'method' || started.test(name) || name === owner.name) return [];
	const head = text.slice(start, at);
	if (/\b(?:private|abstract)\b|\bvoid\s+$/.test(head)) return [];
	const isStatic = /\bstatic\b/.test(head);
	if (!isStatic && !isMadeOfNothing(owner, all, text)) return [];
	const callee = isStatic ? `${owner.name}.${name}` : `new ${owner.name}`;
	const calls = guessedByType(isStatic ? callee : `${callee}().${name}`, { code: text.slice(at, end), path });
	const called = { name: `${owner.name}.${name}`, start: owner.start, end: owner.end, callee, ...(!isStatic && { member: `.${name}(` }) };
	return [{ definition, name: called.name, code: text.slice(start, end), whole: false, imported: owner.name, called, guesses: calls }];
}

function isMadeOfNothing(owner: Definition, all: readonly Definition[], text: string): boolean {
	const head = text.slice(owner.start, owner.at);
	const makers = all.filter(one => one.owner === owner.name && one.name === owner.name);
	const isOpen = (one: Definition) =>
		/^[^(]*\(\s*\)/.test(text.slice(one.at, one.end)) && !/\bprivate\b/.test(text.slice(one.start, one.at));
	return /\bclass\s+$/.test(head) && !/\babstract\b/.test(head) && (makers.length === 0 || makers.some(isOpen));
}
