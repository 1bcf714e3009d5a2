import { compilerOf } from '../../checks/compiled/compiled.js';
import { type Definition, definitions } from '../../checks/syntax/definitions.js';
import { languageOf } from '../../checks/syntax/languages.js';
import { echoed } from '../../sanitise.js';
import { Refusal } from '../../types.js';
import type { Called } from '../calls.js';
import type { Spot } from '../place.js';
import { guessed } from './inputs.js';
import { type Around, methodsOf } from './methods.js';
import { callable, typedSubjects } from './typed-subjects.js';

/**
 * A function that tests can call, or a method, `Box.add`. `code` is its text; `whole`: the file gives what is `imported` as itself, not
 * by its name. `guesses` are first calls of it.
 */
export type Subject = {
	definition: Definition;
	name: string;
	code: string;
	whole: boolean;
	imported: string;
	called: Called;
	guesses: readonly string[];
	around?: Around | undefined;
};

/**
 * The functions at the top of the file, and the methods of its classes, that a test can reach: those that are meant, or all. Throws
 * `Refusal` 42 where there are none.
 */
export async function subjectsOf({ path, text, definition }: Spot): Promise<Subject[]> {
	const all = (await definitions(path, text)) ?? [];
	const compiled = compilerOf(path) !== undefined;
	const reached = compiled
		? typedSubjects(all, { path, text })
		: all
				.filter(one => one.owner === undefined && !one.name.startsWith('_'))
				.flatMap(one => {
					const given = givenAs(one.name, path, text);
					if (given === undefined) return [];
					const whole = given === 'whole';
					if (one.kind === 'class') return methodsOf({ owner: one, members: all, path, text, whole });
					return one.kind === 'function' ? [functionAs(one, text, whole)] : [];
				});
	if (!definition && reached.length > 0) return reached;
	if (!definition && compiled) throw new Refusal(`${echoed(path)} has nothing that a test can call; it needs ${callable(path)}.`, 42);
	if (!definition)
		throw new Refusal(`${echoed(path)} has no function or class that can be imported, so no test can call one; export it first.`, 42);
	const { start, end, kind, owner, name } = definition;
	const found = reached.filter(({ definition: one }) => one.start >= start && one.end <= end);
	if (found.length > 0) return found;
	const top = all.find(one => one.owner === undefined && one.start <= start && end <= one.end) ?? definition;
	const [what, instead] =
		givenAs(top.name, path, text) === undefined
			? [`${echoed(top.name)} cannot be imported`, 'export it first']
			: [
					`${echoed(name)} is a ${kind}${owner === undefined ? '' : ` of ${echoed(owner)}`}`,
					'name a function or a public method of a class',
				];
	throw new Refusal(`${what}, so no test can call it; ${instead}.`, 42);
}

function functionAs(definition: Definition, text: string, whole: boolean): Subject {
	const { name, start, end } = definition;
	const code = text.slice(start, end);
	return { definition, name, code, whole, imported: name, called: definition, guesses: guessed(name, code) };
}

/** How a file gives what it defines under this name; undefined where it keeps it to itself. */
function givenAs(name: string, path: string, text: string): 'name' | 'whole' | undefined {
	if (languageOf(path) === 'python' || compilerOf(path)) return 'name';
	const own = name.replace(/\$/g, '\\$');
	const patterns: readonly (readonly [RegExp, 'name' | 'whole'])[] = [
		[new RegExp(`^export\\s+(?:async\\s+)?(?:function\\*?|class|const|let|var)\\s+${own}(?![\\w$])`, 'm'), 'name'],
		[new RegExp(`^export\\s+default\\s+(?:(?:(?:async\\s+)?function\\*?|class)\\s+)?${own}(?![\\w$])`, 'm'), 'whole'],
		[new RegExp(`^export\\s*\\{[^}]*(?<![\\w$])${own}\\s*[,}]`, 'm'), 'name'],
		[new RegExp(`module\\.exports\\s*=\\s*\\{[^}]*(?<![\\w$])${own}\\s*[,}:]`), 'name'],
		[new RegExp(`exports\\.${own}\\s*=`), 'name'],
		[new RegExp(`module\\.exports\\s*=\\s*${own}\\s*;?\\s*$`, 'm'), 'whole'],
	];
	return patterns.find(([pattern]) => pattern.test(text))?.[1];
}

/** Words of a call that mean the same in every file of the language. */
const everywhere = new Set(
	(
		'const True False None true false null undefined NaN Infinity not and or new typeof ' +
		'set dict list tuple frozenset range int float str bytes len abs complex Map Set Array Number String BigInt Object'
	).split(' '),
);

/** The names that a call needs besides what its language has: a test must import them. */
export function namesIn(call: string): string[] {
	const bare = call.replace(/[bruf]{0,2}'(?:[^'\\]|\\.)*'|[bruf]{0,2}"(?:[^"\\]|\\.)*"/g, "''");
	const own = new Set([...bare.matchAll(/(?:^|;)\s*(?:const\s+)?([A-Za-z_$][\w$]*)\s=\s/g)].map(([, name]) => name));
	const names = [...bare.matchAll(/(?<![\w$.])[A-Za-z_$][\w$]*(?![\w$])(?!\s*(?::|=(?!=)))/g)].map(([name]) => name);
	return [...new Set(names)].filter(name => !everywhere.has(name) && !own.has(name));
}
