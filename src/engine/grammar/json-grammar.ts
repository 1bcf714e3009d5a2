import { Refusal } from '../../types.js';
import { written } from './characters.js';
import { type Expr, either, inOrder, literal, mostTimes, nothing, type Rules, rules } from './gbnf.js';
import { listIn } from './lists.js';
import { type Extent, type Maker, type Place, tooMuch } from './maker.js';
import { anyNumber, type Range, wholeNumbers } from './numbers.js';
import { objectIn } from './objects.js';
import { type JsonSchema, type Keywords, referencesIn, typesOf, valuesOf, ways } from './schema.js';
import { textIn } from './texts.js';

/** As far as the model likes, in what comes to an end. */
export const roomy: Extent = { characters: Number.POSITIVE_INFINITY, entries: Number.POSITIVE_INFINITY, depth: 6, levels: 3 };
/** For a model that did not come to an end. */
export const brief: Extent = { characters: 100, entries: 3, depth: 2, levels: 1 };

const mostCharacters = 400_000;
const deepest = 24;

/**
 * A grammar (GBNF) whose texts are JSON values of the schema, on one line. Every text satisfies what the schema says of types,
 * values, bounds, lengths, properties, items and choices. It may break `not`, `if`, `contains`, `uniqueItems`, the dependent
 * keywords, a `multipleOf`, a pattern with look-around, and the "exactly one" of `oneOf`: those are to be checked. Not all values
 * of the schema are among the texts: properties come in their order, and undeclared ones only where the schema invites them.
 * Throws `Refusal` 42 when no value can satisfy the schema, or when it asks for too much.
 */
export function jsonGrammar(schema: JsonSchema, extent: Extent): string {
	const references = referencesIn(schema);
	let dead = '';
	for (let depth = extent.depth; depth <= deepest; depth += 6) {
		const book = rules();
		dead = '';
		const make: Maker = {
			rules: book,
			extent,
			value: (inside, place) => {
				const { depth, levels } = place;
				return book.rule(`${depth} ${levels} ${JSON.stringify(inside)}`, place.path.split('/').at(-1) || 'value', () =>
					either(ways(inside, depth, references).map(way => valueIn(make, way.keywords, { ...place, depth: way.depth }))),
				);
			},
			impossible: path => {
				dead ||= path;
			},
		};
		const root = make.value(schema, { path: '#', depth, levels: extent.levels });
		const text = root === undefined ? '' : book.text(root);
		if (text.length > mostCharacters) throw new Refusal('The schema is too large for the model to be held to. Make it smaller.', 42);
		if (text !== '') return text;
	}
	throw new Refusal(`No value can satisfy the schema${dead ? `: what ${dead} asks for is impossible` : ''}.`, 42);
}

const everyType = ['object', 'array', 'string', 'number', 'boolean', 'null'];

function valueIn(make: Maker, keywords: Keywords, place: Place): Expr | undefined {
	const values = valuesOf(keywords);
	const named = typesOf(keywords);
	if (values) return either(values.filter(value => !named || named.some(type => isOf(value, type))).map(valueItself));
	const meant = named ?? typesMeant(keywords);
	// Anything at all, in lists of lists of lists, would have no end.
	const types = meant ?? (place.levels > 0 ? everyType : everyType.slice(2));
	const inside = meant ? place : { ...place, levels: place.levels - 1 };
	const found = either(types.map(type => ofType(type, make, keywords, inside)));
	if (found === undefined) make.impossible(place.path);
	return found;
}

function ofType(type: string, make: Maker, keywords: Keywords, place: Place): Expr | undefined {
	switch (type) {
		case 'object':
			return objectIn(make, keywords, place);
		case 'array':
			return listIn(make, keywords, place);
		case 'string': {
			const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format } = keywords;
			if (minLength > mostTimes) throw tooMuch('minLength', minLength, place.path);
			return textIn(make.rules, { min: minLength, max: maxLength, pattern, format, cut: make.extent.characters });
		}
		case 'integer':
			return wholeIn(make.rules, keywords);
		case 'number':
			return numberIn(make.rules, keywords);
		case 'boolean':
			return '("true" | "false")';
		case 'null':
			return '"null"';
		default:
			throw new Refusal(`The schema has the type "${type}" at ${place.path}; there is no such type.`, 42);
	}
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Keywords): Range {
	const from = Math.max(minimum ?? Number.NEGATIVE_INFINITY, exclusiveMinimum ?? Number.NEGATIVE_INFINITY);
	const to = Math.min(maximum ?? Number.POSITIVE_INFINITY, exclusiveMaximum ?? Number.POSITIVE_INFINITY);
	return { from, to, strictFrom: from === exclusiveMinimum, strictTo: to === exclusiveMaximum };
}

/** So many multiples are written out one by one. */
const mostMultiples = 400;

function wholeIn(rules: Rules, keywords: Keywords): Expr | undefined {
	const range = rangeOf(keywords);
	const { multipleOf = 1 } = keywords;
	const [first, last] = [Math.ceil(range.from / multipleOf), Math.floor(range.to / multipleOf)];
	if (Number.isInteger(multipleOf) && multipleOf > 1 && last - first < mostMultiples) {
		const multiples = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * multipleOf);
		return either(
			multiples
				.filter(value => (!range.strictFrom || value > range.from) && (!range.strictTo || value < range.to))
				.map(value => literal(String(value))),
		);
	}
	return rules.rule(`whole ${JSON.stringify(Object.values(range).map(String))}`, 'whole', () => wholeNumbers(range));
}

function numberIn(rules: Rules, keywords: Keywords): Expr | undefined {
	const { multipleOf } = keywords;
	if (multipleOf !== undefined && Number.isInteger(multipleOf)) return wholeIn(rules, keywords);
	const decimals = multipleOf === undefined ? undefined : /^0\.(0*1)$/.exec(String(multipleOf))?.[1]?.length;
	const range = rangeOf(keywords);
	return rules.rule(`number ${JSON.stringify(Object.values(range).map(String))} ${decimals}`, 'number', () => anyNumber(range, decimals));
}

/** The types that the keywords of a schema without a type speak of; undefined when they speak of none. */
function typesMeant(keywords: Keywords): string[] | undefined {
	const signs: Record<string, (keyof Keywords)[]> = {
		object: ['properties', 'required', 'additionalProperties', 'patternProperties', 'propertyNames', 'minProperties', 'maxProperties'],
		array: ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems'],
		string: ['minLength', 'maxLength', 'pattern', 'format'],
		number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
	};
	const meant = Object.keys(signs).filter(type => signs[type]?.some(sign => Object.hasOwn(keywords, sign)));
	return meant.length > 0 ? meant : undefined;
}

function isOf(value: unknown, type: string): boolean {
	if (value === null) return type === 'null';
	if (Array.isArray(value)) return type === 'array';
	return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

/** A value of JSON word for word. */
function valueItself(value: unknown): Expr {
	if (typeof value === 'string') return inOrder([literal('"'), written(value), literal('"')]) ?? nothing;
	if (Array.isArray(value)) return listed('[', value.map(valueItself), ']');
	if (typeof value !== 'object' || value === null) return literal(JSON.stringify(value));
	return listed(
		'{',
		Object.entries(value).map(([name, inside]) => `${valueItself(name)} ":" ${valueItself(inside)}`),
		'}',
	);
}

const listed = (open: string, entries: readonly Expr[], close: string): Expr =>
	[literal(open), entries.join(` ${literal(',')} `), literal(close)].filter(Boolean).join(' ');
