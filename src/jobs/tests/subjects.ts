import { type Definition, outermost } from '../../checks/syntax/definitions.js';
import { languageOf } from '../../checks/syntax/languages.js';
import { echoed } from '../../sanitise.js';
import { Refusal } from '../../types.js';
import type { Spot } from '../place.js';

/** A function that tests can call. `whole`: the file gives it as itself, not by its name. `code` is its text. */
export type Subject = { definition: Definition; name: string; code: string; whole: boolean };

/** The functions at the top of the file that a test can reach: the one that is meant, or all. Throws `Refusal` 42 where there are none. */
export async function subjectsOf({ path, text, definition }: Spot): Promise<Subject[]> {
	const functions = (await outermost(path, text)).filter(({ kind, name }) => kind === 'function' && !name.startsWith('_'));
	if (definition && (definition.owner !== undefined || definition.kind !== 'function'))
		throw new Refusal(
			`${echoed(definition.name)} is a ${definition.kind}${definition.owner === undefined ? '' : ` of ${echoed(definition.owner)}`}; tests are written for functions at the top of a file only.`,
			42,
		);
	const wanted = definition ? functions.filter(one => one.start === definition.start) : functions;
	const found = wanted.flatMap(one => {
		const given = givenAs(one.name, path, text);
		return given === undefined ? [] : [{ definition: one, name: one.name, code: text.slice(one.start, one.end), whole: given === 'whole' }];
	});
	if (found.length > 0) return found;
	const what = definition ? `${echoed(definition.name)} cannot be imported` : `${echoed(path)} has no function that can be imported`;
	throw new Refusal(`${what}, so no test can call it; export it first.`, 42);
}

/** How a file gives what it defines under this name; undefined where it keeps it to itself. */
function givenAs(name: string, path: string, text: string): 'name' | 'whole' | undefined {
	if (languageOf(path) === 'python') return 'name';
	const own = name.replace(/\$/g, '\\$');
	const patterns: readonly (readonly [RegExp, 'name' | 'whole'])[] = [
		[new RegExp(`^export\\s+(?:async\\s+)?(?:function\\*?|const|let|var)\\s+${own}(?![\\w$])`, 'm'), 'name'],
		[new RegExp(`^export\\s+default\\s+(?:(?:async\\s+)?function\\*?\\s+)?${own}(?![\\w$])`, 'm'), 'whole'],
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
		'True False None true false null undefined NaN Infinity not and or new typeof ' +
		'set dict list tuple frozenset range int float str bytes len abs complex Map Set Array Number String BigInt Object'
	).split(' '),
);

/** The names that a call needs besides what its language has: a test must import them. */
export function namesIn(call: string): string[] {
	const bare = call.replace(/[bruf]{0,2}'(?:[^'\\]|\\.)*'|[bruf]{0,2}"(?:[^"\\]|\\.)*"/g, "''");
	const names = [...bare.matchAll(/(?<![\w$.])[A-Za-z_$][\w$]*(?![\w$])(?!\s*(?::|=(?!=)))/g)].map(([name]) => name);
	return [...new Set(names)].filter(name => !everywhere.has(name));
}
