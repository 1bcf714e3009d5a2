import { written } from './characters.js';
import { type Expr, either, inOrder, literal, nothing, oneIn, times } from './gbnf.js';
import { blank, type Maker, type Place, tooMuch } from './maker.js';
import { type JsonSchema, type Keywords, schemaOf } from './schema.js';
import { textIn } from './texts.js';

/** Properties that are counted; where a schema allows more, they are not. */
const mostCounted = 200;
/** Characters of a name that is not declared. */
const nameLength = 40;

/** An object: the declared properties in their order, the optional ones or not, then others, if the schema invites them. */
export function objectIn(make: Maker, keywords: Keywords, place: Place): Expr | undefined {
	const { required = [], minProperties: min = 0, maxProperties = Number.POSITIVE_INFINITY } = keywords;
	if (min > mostCounted) throw tooMuch('minProperties', min, place.path, mostCounted);
	const names = [...new Set([...Object.keys(keywords.properties ?? {}), ...required])];
	const needed = new Set(required);
	const pairs = names.map(name => {
		const value = make.value(schemaOf(keywords, name) ?? true, { ...place, path: `${place.path}/properties/${name}` });
		return value === undefined ? undefined : `"\\"" ${written(name)} "\\":" ${blank(make.rules)} ${value}`;
	});
	if (names.some((name, i) => needed.has(name) && pairs[i] === undefined)) return undefined;
	const other = otherPair(make, { keywords, names, wanted: min > names.length }, place);
	const extent = Math.min(maxProperties, Math.max(min, names.length) + make.extent.entries);
	const most = extent > mostCounted ? Number.POSITIVE_INFINITY : extent;
	// Without an upper bound it only matters whether there are enough already, and whether there is one.
	const counted = Number.isFinite(most) ? most : Math.max(1, min);
	const comma = (count: number): Expr => (count > 0 ? `"," ${blank(make.rules)}` : nothing);
	const made = new Map<string, Expr | undefined>();

	/** From the property with this number on, when so many have been written. */
	const from = (index: number, written: number): Expr | undefined => {
		const count = Math.min(written, counted);
		const key = `${index} ${count}`;
		if (!made.has(key)) {
			const expr = index === names.length ? others(count) : either([present(index, count), absent(index, count)]);
			made.set(key, expr === undefined ? undefined : make.rules.add('rest', expr));
		}
		return made.get(key);
	};
	const present = (index: number, count: number): Expr | undefined =>
		pairs[index] === undefined || count >= most ? undefined : inOrder([comma(count), pairs[index], from(index + 1, count + 1)]);
	const absent = (index: number, count: number): Expr | undefined => (needed.has(names[index] ?? '') ? undefined : from(index + 1, count));
	/** What may stand after the declared ones, and the end. */
	const others = (count: number): Expr | undefined => {
		const [least, left] = [Math.max(0, min - count), most - count];
		const none = least === 0 ? nothing : undefined;
		const more = other && make.rules.rule(`more ${other}`, 'more', () => inOrder([comma(1), other]));
		if (other === undefined || more === undefined || left < 1) return inOrder([none, literal('}')]);
		if (count > 0) return inOrder([times(more, least, left), literal('}')]);
		const some = inOrder([other, times(more, Math.max(0, least - 1), left - 1)]);
		return inOrder([either([some, none]), literal('}')]);
	};
	return inOrder([literal('{'), from(0, 0)]);
}

type Declared = { keywords: Keywords; names: readonly string[]; wanted: boolean };

/** A property that is not declared, as a rule. Undefined where the schema forbids or does not invite them. */
function otherPair(make: Maker, { keywords, names, wanted }: Declared, place: Place): Expr | undefined {
	const { patternProperties = {}, propertyNames = true, additionalProperties } = keywords;
	const patterns = Object.entries(patternProperties);
	const invited = additionalProperties !== undefined || wanted || (names.length === 0 && patterns.length === 0);
	const pair = (name: Expr | undefined, schema: JsonSchema, path: string): Expr | undefined =>
		inOrder([name, '":"', blank(make.rules), make.value(schema, { ...place, path: `${place.path}/${path}` })]);
	const free = (): Expr | undefined => {
		if (propertyNames === true) return undeclared(make, names);
		return make.value({ allOf: [{ type: 'string' }, propertyNames] }, { ...place, path: `${place.path}/propertyNames` });
	};
	const all = [
		...patterns.map(([pattern, schema]) => {
			const name = textIn(make.rules, { min: 0, max: Number.POSITIVE_INFINITY, pattern, cut: nameLength });
			return pair(name, schema, `patternProperties/${pattern}`);
		}),
		invited ? pair(free(), additionalProperties ?? true, 'additionalProperties') : undefined,
	];
	return make.rules.rule(`pair ${place.depth} ${place.levels} ${JSON.stringify(keywords)}`, 'pair', () => either(all));
}

/** What may not stand in a JSON string as it is. */
const signs = '\x00\x1f""\\\\\x7f\x7f';

/** A plain name, other than all of these. */
function undeclared(make: Maker, names: readonly string[]): Expr | undefined {
	const plain = make.rules.rule('plain', 'plain', () => oneIn(signs, true)) ?? nothing;
	const tail = make.rules.rule('tail', 'tail', () => times(plain, 0, nameLength)) ?? nothing;
	const after = (begun: string, longer: readonly string[]): Expr | undefined =>
		make.rules.rule(`name ${begun} ${JSON.stringify(longer)}`, 'name', () => {
			const next = [...new Set(longer.flatMap(name => [...name].slice([...begun].length, [...begun].length + 1)))];
			const branches = next
				.filter(char => char >= ' ' && !signs.includes(char))
				.map(char =>
					inOrder([
						literal(char),
						after(
							begun + char,
							longer.filter(name => name.startsWith(begun + char)),
						),
					]),
				);
			const free = inOrder([oneIn(signs + next.map(char => char + char).join(''), true), tail]);
			return either([...branches, free, begun === '' || longer.includes(begun) ? undefined : nothing]);
		});
	return inOrder([literal('"'), after('', names), literal('"')]);
}
