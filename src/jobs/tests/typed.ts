/** First calls of functions whose parameters say their types, in Go, Rust and Java. Knows no model. */
import { languageOf } from '../../checks/syntax/languages.js';
import { partsOf } from './inputs.js';

const mostGuesses = 12;

type Values = readonly string[];

const wholes: Values = ['3', '7', '2', '12', '1', '0'];
const fractions: Values = ['2.5', '1.0', '4.0', '0.0'];
const texts: Values = ['"abc"', '"Hello World"', '"b"', '"12"', '""'];
const runes: Values = ["'a'", "'Z'", "'1'"];

/** Lists of these values: several, one, none, several with one of them twice. */
function listsOf([first, second = first, third = second]: Values, begin: string, end: string): Values {
	if (first === undefined) return [];
	return [[first, second, third], [first], [], [third, first, first, second]].map(list => `${begin}${list.join(', ')}${end}`);
}

/** Values of a type of Go, as they are written; none where it is not one of these or made of them. */
function goValues(type: string): Values {
	if (type.startsWith('...')) return goValues(type.slice(3));
	if (type.startsWith('[]')) return listsOf(goValues(type.slice(2)), `${type}{`, '}');
	const [, key = '', value = ''] = /^map\[(\w+)\](.+)$/.exec(type) ?? [];
	if (key !== '') {
		const [keys, values] = [goValues(key), goValues(value)];
		return [...(values.length > 1 && keys.length > 1 ? [`${type}{${keys[0]}: ${values[0]}, ${keys[1]}: ${values[1]}}`] : []), `${type}{}`];
	}
	if (/^u?int(?:8|16|32|64)?$|^byte$/.test(type)) return wholes;
	if (/^float(?:32|64)$/.test(type)) return fractions;
	if (/^(?:error|\*.*)$/.test(type)) return ['nil'];
	if (/^(?:any|interface\{\})$/.test(type)) return ['3', '"abc"'];
	const simple: Readonly<Record<string, Values>> = { string: texts, rune: runes, bool: ['true', 'false'] };
	return simple[type] ?? [];
}

/** The same of Rust. */
function rustValues(type: string): Values {
	const bare = type.replace(/'\w+\s*/g, '');
	const [, list] = /^&(?:mut )?\[(.+)\]$/.exec(bare) ?? [];
	if (list !== undefined) return listsOf(rustValues(list), bare.startsWith('&mut ') ? '&mut [' : '&[', ']');
	const [, outer, inner = ''] = /^(Vec|Option|Box)<(.+)>$/.exec(bare) ?? [];
	if (outer === 'Vec') return listsOf(rustValues(inner), 'vec![', ']');
	if (outer === 'Option') return [...rustValues(inner).map(value => `Some(${value})`), 'None'];
	if (outer === 'Box') return rustValues(inner).map(value => `Box::new(${value})`);
	if (/^[iu](?:8|16|32|64|128|size)$/.test(bare)) return wholes;
	if (/^f(?:32|64)$/.test(bare)) return fractions;
	if (bare === 'String' || /^impl Into<String>/.test(bare)) return texts.map(text => `${text}.to_string()`);
	if (bare.startsWith('&') && bare !== '&str')
		return rustValues(bare.replace(/^&(?:mut )?/, '')).map(value => `${bare.startsWith('&mut ') ? '&mut ' : '&'}${value}`);
	const simple: Readonly<Record<string, Values>> = { '&str': texts, char: runes, bool: ['true', 'false'] };
	return simple[bare] ?? [];
}

/** The same of Java. */
function javaValues(type: string): Values {
	if (type.endsWith('...')) return javaValues(type.slice(0, -3));
	if (type.endsWith('[]')) return listsOf(javaValues(type.slice(0, -2)), `new ${type} {`, '}');
	const [, outer, inner = ''] = /^(?:java\.util\.)?(List|Collection|Iterable|Set)<(?:\? extends )?(\w+)>$/.exec(type) ?? [];
	if (outer === 'Set') return listsOf(javaValues(inner), 'java.util.Set.of(', ')').slice(0, 3);
	if (outer !== undefined) return listsOf(javaValues(inner), 'java.util.List.of(', ')');
	if (/^(?:int|long|short|byte|Integer|Object|Number)$/.test(type))
		return /^(?:short|byte)$/.test(type) ? wholes.map(one => `(${type}) ${one}`) : wholes;
	const simple: Readonly<Record<string, Values>> = {
		Long: wholes.map(one => `${one}L`),
		double: fractions,
		Double: fractions,
		float: fractions.map(one => `${one}f`),
		boolean: ['true', 'false'],
		Boolean: ['true', 'false'],
		char: runes,
		Character: runes,
		String: texts,
		CharSequence: texts,
	};
	return simple[type] ?? [];
}

/** Calls with values of the types that the function declares; one whose types are unknown is left to those who know more. */
export function guessedByType(name: string, { code, path }: { code: string; path: string }): string[] {
	const { types, values } = readers[languageOf(path) ?? ''] ?? readers.go!;
	const all = types(code);
	if (all.length === 0) return [`${name}()`];
	const each = all.map(values);
	if (each.some(values => values.length === 0)) return [];
	const turns = Array.from({ length: mostGuesses }, (_, turn) => {
		const values = each.map((own, at) => own[(turn + at * (turn % 3)) % own.length]!);
		return `${name}(${values.join(', ')})`;
	});
	return [...new Set(turns)];
}

/** The types of what a function of Go takes: of `a, b int` both have the last one. Type parameters stand for whole numbers. */
function goTypes(code: string): string[] {
	const [, generic = '', taken = ''] = /^func\s+\w+(?:\[([^\]]*)\])?\s*\(((?:[^()]|\([^()]*\))*)\)/.exec(code) ?? [];
	const parameters = new Set(partsOf(generic).map(one => one.split(/\s+/)[0]));
	const types: string[] = [];
	let last = '';
	for (const part of partsOf(taken).toReversed()) {
		const [, type] = /^\w+\s+(.+)$/.exec(part) ?? [];
		last = type ?? (last === '' ? part : last);
		types.unshift(last.replace(/\b[A-Z]\w*\b/g, one => (parameters.has(one) ? 'int' : one)));
	}
	return types;
}

/** The same of Rust, where every parameter has its own. */
function rustTypes(code: string): string[] {
	const [, generic = '', taken = ''] = /\bfn\s+\w+\s*(?:<([^()]*?)>)?\s*\(((?:[^()]|\([^()]*\))*)\)/.exec(code) ?? [];
	const parameters = new Set(partsOf(generic).map(one => one.split(/[:\s]/)[0]));
	return partsOf(taken).map(part => {
		const type = part.slice(part.indexOf(':') + 1).trim();
		return type.replace(/\b[A-Z]\w*\b/g, one => (parameters.has(one) ? 'i32' : one));
	});
}

/** The same of Java: the first brackets are those behind the name, but for annotations. */
function javaTypes(code: string): string[] {
	const [, taken = ''] = /(?<![@\w.])\w+\s*\(((?:[^()]|\([^()]*\))*)\)/.exec(code) ?? [];
	return partsOf(taken).map(part =>
		part
			.replace(/@\w+\s+|\bfinal\s+/g, '')
			.replace(/\s+\w+$/, '')
			.trim(),
	);
}

const readers: Readonly<Record<string, { types(code: string): string[]; values(type: string): Values }>> = {
	go: { types: goTypes, values: goValues },
	rust: { types: rustTypes, values: rustValues },
	java: { types: javaTypes, values: javaValues },
};
