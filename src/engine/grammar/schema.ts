import { Refusal } from '../../types.js';

/** A JSON Schema (json-schema.org/draft/2020-12), which has been found to be one. */
export type JsonSchema = boolean | Keywords;
/** The keywords that a grammar has a use for. `items` may be a list, as drafts before 2020-12 have it. */
export type Keywords = {
	$ref?: string;
	type?: string | readonly string[];
	nullable?: boolean;
	enum?: readonly unknown[];
	const?: unknown;
	allOf?: readonly JsonSchema[];
	anyOf?: readonly JsonSchema[];
	oneOf?: readonly JsonSchema[];
	minimum?: number;
	maximum?: number;
	exclusiveMinimum?: number;
	exclusiveMaximum?: number;
	multipleOf?: number;
	minLength?: number;
	maxLength?: number;
	pattern?: string;
	format?: string;
	minItems?: number;
	maxItems?: number;
	prefixItems?: readonly JsonSchema[];
	items?: JsonSchema | readonly JsonSchema[];
	additionalItems?: JsonSchema;
	uniqueItems?: boolean;
	properties?: Readonly<Record<string, JsonSchema>>;
	required?: readonly string[];
	additionalProperties?: JsonSchema;
	patternProperties?: Readonly<Record<string, JsonSchema>>;
	propertyNames?: JsonSchema;
	minProperties?: number;
	maxProperties?: number;
};

/** A schema without references and choices; `depth` is how often references that lead back to themselves may still be followed. */
export type Flat = { keywords: Keywords; depth: number };

/** Ways to satisfy a schema that are looked at. */
const mostWays = 64;

/** The schemas that a document's references lead to. */
export type References = {
	/** The schema that `ref` names. Throws `Refusal` 42 when there is none in the document. */
	target(ref: string): JsonSchema;
	/** Whether following `ref` may come to `ref` again. */
	returns(ref: string): boolean;
};

export function referencesIn(document: JsonSchema): References {
	const returning = new Map<string, boolean>();
	const target = (ref: string): JsonSchema => {
		if (!/^#(\/|$)/.test(ref))
			throw new Refusal(`The schema refers to "${ref}": only references within it, such as #/$defs/name, can be followed.`, 42);
		const steps = ref.split('/').slice(1);
		const found = steps.reduce<unknown>((at, step) => child(at, decoded(step)), document);
		if (typeof found === 'boolean' || (typeof found === 'object' && found !== null && !Array.isArray(found))) return found as JsonSchema;
		throw new Refusal(`The schema refers to "${ref}", and there is no schema at that place.`, 42);
	};
	const reaches = (from: string, wanted: string, seen: Set<string>): boolean =>
		refsIn(target(from)).some(ref => ref === wanted || (!seen.has(ref) && reaches(ref, wanted, seen.add(ref))));
	return {
		target,
		returns(ref) {
			const known = returning.get(ref) ?? reaches(ref, ref, new Set());
			returning.set(ref, known);
			return known;
		},
	};
}

const decoded = (step: string): string => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
const child = (at: unknown, key: string): unknown =>
	typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined;

function refsIn(value: unknown): string[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inside]) => {
		if (key === '$ref' && typeof inside === 'string') return [inside];
		// Values, not schemas.
		return Array.isArray(inside) && (key === 'enum' || key === 'examples') ? [] : refsIn(inside);
	});
}

/**
 * The ways to satisfy a schema: satisfying any of them does, as far as these keywords go. None when that is impossible. Throws
 * `Refusal` 42 when there are too many.
 */
export function ways(schema: JsonSchema, depth: number, references: References): Flat[] {
	if (typeof schema === 'boolean') return schema ? [{ keywords: {}, depth }] : [];
	const { $ref, allOf = [], anyOf, oneOf, nullable, ...keywords } = schema;
	let all: Flat[] = [{ keywords: asListed(keywords), depth }];
	const and = (others: readonly Flat[]): void => {
		all = all.flatMap(one => others.flatMap(other => both(one, other)));
		if (all.length > mostWays)
			throw new Refusal(`The schema has a place with more than ${mostWays} ways to satisfy it. Make it simpler.`, 42);
	};
	if ($ref !== undefined) {
		const left = references.returns($ref) ? depth - 1 : depth;
		and(left < 0 ? [] : ways(references.target($ref), left, references));
	}
	for (const each of allOf) and(ways(each, depth, references));
	for (const choice of [anyOf, oneOf]) if (choice) and(choice.flatMap(each => ways(each, depth, references)));
	return nullable === true ? [...all, { keywords: { type: 'null' }, depth }] : all;
}

function both(one: Flat, other: Flat): Flat[] {
	const keywords = merged(one.keywords, other.keywords);
	return keywords ? [{ keywords, depth: Math.min(one.depth, other.depth) }] : [];
}

/** Both at once; undefined when the types or the values that they allow have nothing in common. */
function merged(a: Keywords, b: Keywords): Keywords | undefined {
	const types = commonTypes(typesOf(a), typesOf(b));
	const values = commonValues(valuesOf(a), valuesOf(b));
	if (types?.length === 0 || values?.length === 0) return undefined;
	const { const: _a, ...restA } = a;
	const { const: _b, ...restB } = b;
	return {
		...restA,
		...restB,
		...definedOnly({
			type: types,
			enum: values,
			minimum: largest(a.minimum, b.minimum),
			exclusiveMinimum: largest(a.exclusiveMinimum, b.exclusiveMinimum),
			maximum: smallest(a.maximum, b.maximum),
			exclusiveMaximum: smallest(a.exclusiveMaximum, b.exclusiveMaximum),
			minLength: largest(a.minLength, b.minLength),
			maxLength: smallest(a.maxLength, b.maxLength),
			minItems: largest(a.minItems, b.minItems),
			maxItems: smallest(a.maxItems, b.maxItems),
			minProperties: largest(a.minProperties, b.minProperties),
			maxProperties: smallest(a.maxProperties, b.maxProperties),
			uniqueItems: a.uniqueItems || b.uniqueItems || undefined,
			propertyNames: bothOf(a.propertyNames, b.propertyNames),
		}),
		...mergedItems(a, b),
		...mergedProperties(a, b),
	};
}

/** The types that a schema names; undefined when it names none. */
export const typesOf = ({ type }: Keywords): readonly string[] | undefined => (typeof type === 'string' ? [type] : type);

/** The only values that a schema allows; undefined when it does not say. */
export function valuesOf(keywords: Keywords): readonly unknown[] | undefined {
	if (!Object.hasOwn(keywords, 'const')) return keywords.enum;
	return commonValues([keywords.const], keywords.enum);
}

function commonTypes(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
	if (!a || !b) return a ?? b;
	const allows = (types: readonly string[], type: string) => types.includes(type) || (type === 'integer' && types.includes('number'));
	return [...new Set([...a.filter(type => allows(b, type)), ...b.filter(type => allows(a, type))])];
}

function commonValues(a: readonly unknown[] | undefined, b: readonly unknown[] | undefined): readonly unknown[] | undefined {
	if (!a || !b) return a ?? b;
	const known = new Set(b.map(sorted));
	return a.filter(value => known.has(sorted(value)));
}

/** The same text for equal values. */
const sorted = (value: unknown): string =>
	JSON.stringify(value, (_key, inside: unknown) =>
		typeof inside === 'object' && inside !== null && !Array.isArray(inside)
			? Object.fromEntries(Object.entries(inside).sort(([a], [b]) => (a < b ? -1 : 1)))
			: inside,
	);

function mergedItems(a: Keywords, b: Keywords): Partial<Keywords> {
	const [one, other] = [listOf(a), listOf(b)];
	const length = Math.max(one.first.length, other.first.length);
	const first = Array.from({ length }, (_, i) => bothOf(one.first[i] ?? one.rest, other.first[i] ?? other.rest) ?? true);
	const rest = bothOf(one.rest, other.rest);
	return { ...(length > 0 ? { prefixItems: first } : {}), ...(rest === undefined ? {} : { items: rest }) };
}

/** With `prefixItems` and `items` as draft 2020-12 has them. */
function asListed({ additionalItems, ...keywords }: Keywords): Keywords {
	const { items, ...others } = keywords;
	if (!isList(items)) return keywords;
	return { ...others, prefixItems: items, ...(additionalItems === undefined ? {} : { items: additionalItems }) };
}

/** What a flat schema says of the first items of a list, one by one, and of those after them. */
export const listOf = ({ prefixItems, items }: Keywords): { first: readonly JsonSchema[]; rest: JsonSchema | undefined } => ({
	first: prefixItems ?? [],
	rest: isList(items) ? undefined : items,
});

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

function mergedProperties(a: Keywords, b: Keywords): Partial<Keywords> {
	const names = [...new Set([...Object.keys(a.properties ?? {}), ...Object.keys(b.properties ?? {})])];
	const properties = Object.fromEntries(names.map(name => [name, bothOf(schemaOf(a, name), schemaOf(b, name)) ?? true]));
	const patterns = [...Object.entries(a.patternProperties ?? {}), ...Object.entries(b.patternProperties ?? {})];
	const patternProperties: Record<string, JsonSchema> = {};
	for (const [pattern, schema] of patterns) patternProperties[pattern] = bothOf(patternProperties[pattern], schema) ?? schema;
	const additionalProperties = bothOf(a.additionalProperties, b.additionalProperties);
	const required = [...new Set([...(a.required ?? []), ...(b.required ?? [])])];
	return {
		...(names.length > 0 ? { properties } : {}),
		...(patterns.length > 0 ? { patternProperties } : {}),
		...(additionalProperties === undefined ? {} : { additionalProperties }),
		...(required.length > 0 ? { required } : {}),
	};
}

/** What a schema says of the property of this name; undefined when it says nothing. */
export function schemaOf(keywords: Keywords, name: string): JsonSchema | undefined {
	const { properties = {}, patternProperties = {}, additionalProperties } = keywords;
	const named = Object.hasOwn(properties, name) ? properties[name] : undefined;
	const matching = Object.entries(patternProperties).flatMap(([pattern, schema]) => (new RegExp(pattern).test(name) ? [schema] : []));
	if (named === undefined && matching.length === 0) return additionalProperties;
	return [named, ...matching].reduce(bothOf, undefined);
}

function bothOf(a: JsonSchema | undefined, b: JsonSchema | undefined): JsonSchema | undefined {
	if (a === undefined || a === true) return b ?? a;
	if (b === undefined || b === true) return a;
	return a === false || b === false ? false : { allOf: [a, b] };
}

const largest = (a: number | undefined, b: number | undefined) => (a === undefined || b === undefined ? (a ?? b) : Math.max(a, b));
const smallest = (a: number | undefined, b: number | undefined) => (a === undefined || b === undefined ? (a ?? b) : Math.min(a, b));

function definedOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
		[K in keyof T]?: Exclude<T[K], undefined>;
	};
}
