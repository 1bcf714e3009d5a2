import { escaped } from '../../checks/escaped.js';
import type { Definition } from '../../checks/syntax/definitions.js';
import { languageOf } from '../../checks/syntax/languages.js';
import { type Called, callIn } from '../calls.js';
import { declaredIn, guessed } from './inputs.js';
import type { Subject } from './subjects.js';

/** What a test can do with an object before it calls a method, and look at behind it: `.push(3)`, `.size`. */
export type Around = { variable: string; before: readonly string[]; looks: readonly string[] };

/** Ways to fill an object and to look at it that are tried; first calls of a class; calls of which sequences are made. */
const [mostBefore, mostLooks, mostGuesses, mostBegun] = [4, 4, 15, 4];

type Class = { owner: Definition; members: readonly Definition[]; path: string; text: string; whole: boolean };
type Member = { definition: Definition; name: string; code: string; kind: 'constructor' | 'static' | 'read' | 'method'; waits: boolean };

/** The methods of a class that a test can call, and what makes its objects; none where it has no objects of its own. */
export function methodsOf({ owner, members, path, text, whole }: Class): Subject[] {
	const python = languageOf(path) === 'python';
	const code = text.slice(owner.start, owner.end);
	if (/^(?:export\s+(?:default\s+)?)?abstract\b|^[^\n]*\((?:[^)]*\b)?(?:ABC|Protocol)\b/m.test(code.split('\n')[0]!)) return [];
	const known = members.flatMap(one => (one.owner === owner.name ? (memberOf(one, text, python) ?? []) : []));
	const maker = known.find(({ kind }) => kind === 'constructor');
	const construct = `${python ? '' : 'new '}${owner.name}`;
	const made = maker ? guessed(construct, maker.code) : [`${construct}()`];
	const variable = variableFor(owner.name, text, python);
	return known.map((one): Subject => {
		const callee = one.kind === 'static' ? `${owner.name}.${one.name}` : construct;
		const member = one.kind === 'method' ? `.${one.name}(` : one.kind === 'read' ? `.${one.name}` : undefined;
		const name = one.kind === 'constructor' ? owner.name : `${owner.name}.${one.name}`;
		const own = one.kind === 'method' ? guessed(`.${one.name}`, one.code) : [member ?? ''];
		const guesses = one.kind === 'static' ? guessed(callee, one.code) : made.flatMap(first => own.map(second => first + second));
		const called = { name, start: owner.start, end: owner.end, callee, ...(member !== undefined && { member }) };
		const around = one.kind === 'static' || one.waits ? undefined : { variable, ...aroundOf(one, known, { code, maker }) };
		const { definition } = one;
		return { definition, name, code: one.code, whole, imported: owner.name, called, guesses: guesses.slice(0, mostGuesses), around };
	});
}

function memberOf(definition: Definition, text: string, python: boolean): Member | undefined {
	const { name, start, end, at } = definition;
	const head = text.slice(start, at);
	const isMaker = name === (python ? '__init__' : 'constructor');
	if (!isMaker && /^[_#]/.test(name)) return undefined;
	if (/\b(?:private|protected|set|abstract)\s|@\w*(?:\.setter|\.deleter|overload|abstractmethod)\b/.test(head)) return undefined;
	const isRead = python ? /@(?:functools\.)?(?:cached_)?property\b/.test(head) : /\bget\s+$/.test(head);
	const isStatic = python ? /@(?:static|class)method\b/.test(head) : /\bstatic\s/.test(head);
	const kind = isMaker ? 'constructor' : isStatic ? 'static' : isRead ? 'read' : 'method';
	if (isStatic && isRead) return undefined;
	return { definition, name, code: text.slice(start, end), kind, waits: /\basync\s/.test(head) };
}

function aroundOf(
	one: Member,
	all: readonly Member[],
	{ code, maker }: { code: string; maker: Member | undefined },
): Omit<Around, 'variable'> {
	const others = all.filter(other => other !== one && !other.waits);
	const methods = others
		.filter(({ kind }) => kind === 'method')
		.map(each => ({ ...each, needs: declaredIn(each.code).some(({ needed }) => needed) }));
	const values = [...(maker?.code ?? '').matchAll(/\b(?:self|this)\.([A-Za-z]\w*)\s*(?::[^=\n]+)?=(?!=)/g)].map(([, name]) => name!);
	const fields = [...code.matchAll(/^(?:\t| {2}| {4})(?:public\s+|readonly\s+)*([a-z]\w*)\s*(?::[^=;\n]+)?=(?![=>])/gm)].map(
		([, name]) => name!,
	);
	const isOpen = (name: string) => !new RegExp(`\\b(?:private|protected)\\s+(?:readonly\\s+)?${name}\\b`).test(code);
	const reads = [...others.filter(({ kind }) => kind === 'read').map(({ name }) => name), ...[...values, ...fields].filter(isOpen)];
	const looks = [...methods.filter(({ needs }) => !needs).map(({ name }) => `.${name}()`), ...[...new Set(reads)].map(name => `.${name}`)];
	const before = methods.filter(({ needs }) => needs).flatMap(({ name, code }) => guessed(`.${name}`, code).slice(0, 2));
	return { before: before.slice(0, mostBefore), looks: looks.slice(0, mostLooks) };
}

/** What an object of this class is called: `box` of `Box`, where nothing else in the file is. */
function variableFor(name: string, text: string, python: boolean): string {
	const own = python ? name.replace(/(?<=[a-z\d])(?=[A-Z])/g, '_').toLowerCase() : name.charAt(0).toLowerCase() + name.slice(1);
	const isTaken =
		own === name || new RegExp(`(?<![\\w$.])${escaped(own)}\\s*(?:[=(:,]|in\\b)|\\b(?:import|as)\\s+${escaped(own)}\\b`).test(text);
	return isTaken ? (python ? `one_${own}` : `one${name}`) : own;
}

/** Of calls of a method those that call something before it, or look at something behind it. */
export function sequencesOf(calls: readonly string[], { called, around }: Pick<Subject, 'called' | 'around'>, python: boolean): string[] {
	if (!around) return [];
	const { variable, before, looks } = around;
	const each = calls.slice(0, mostBegun).map(call => {
		const made = callIn(call, { name: called.callee ?? called.name });
		if (!made) return [];
		if (made.behind === '') return looks.map(look => call + look);
		const begin = `${python ? '' : 'const '}${variable} = ${made.call}`;
		const own = variable + made.behind;
		const filled = before.map(first => variable + first);
		const twice = filled.length > 1 ? [[...filled.slice(0, 2), own]] : [];
		const sequences = [...looks.map(look => [own, variable + look]), ...twice, ...filled.map(first => [first, own]), [own, own]];
		return sequences.map(steps => [begin, ...steps].join('; '));
	});
	const longest = Math.max(0, ...each.map(list => list.length));
	return [...new Set(Array.from({ length: longest }, (_, turn) => each.flatMap(list => list[turn] ?? [])).flat())];
}

/** The calls of a function, or of anything on new objects of a class, that the lines of tests compare with something. */
export function testedIn(tests: string, called: Called): string[] {
	const lines = tests.split('\n').map(line => line.trim().replace(/;$/, ''));
	const begins = called.callee ?? called.name;
	return lines.flatMap((line, index) => {
		if (!isTest.test(line)) return [];
		if (called.callee === undefined) return callIn(line, called)?.call ?? [];
		const inLine = withMember(line, begins);
		if (inLine !== undefined) return [inLine];
		const first = lines.findLastIndex((one, at) => at < index && made.test(one) && callIn(one, { name: begins })?.behind === '');
		const [, variable = ''] = made.exec(lines[first] ?? '') ?? [];
		const last = variable === '' ? undefined : withMember(line, variable);
		const between = lines.slice(first + 1, index);
		return last !== undefined && between.every(step => step.startsWith(`${variable}.`))
			? [[...lines.slice(first, index), last].join('; ')]
			: [];
	});
}

const isTest = /assert|expect/i;
const made = /^(?:const )?([\w$]+) = /;

/** `Box(1)`, `Box(1).size`, `box.add(2)` in a line. */
function withMember(line: string, begins: string): string | undefined {
	const isName = new RegExp(`(?<![\\w$.])${escaped(begins)}\\.([\\w$]+)(\\(?)`).exec(line);
	if (isName) return isName[2] === '' ? isName[0] : callIn(line, { name: `${begins}.${isName[1]}` })?.call;
	const found = callIn(line, { name: begins });
	const member = /^\.[\w$]+\(?/.exec(found?.behind ?? '');
	return member ? callIn(line, { name: begins, member: member[0] })?.call : found?.call;
}
