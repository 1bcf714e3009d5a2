import { type Expr, either, inOrder, literal, mostTimes, nothing, times } from './gbnf.js';
import { blank, type Maker, type Place, tooMuch } from './maker.js';
import { type Keywords, listOf } from './schema.js';

/** A list: the first items one by one, as far as the schema tells them apart, then the rest. */
export function listIn(make: Maker, keywords: Keywords, place: Place): Expr | undefined {
	const { first, rest } = listOf(keywords);
	const { minItems: min = 0, maxItems: max = Number.POSITIVE_INFINITY } = keywords;
	if (min > mostTimes) throw tooMuch('minItems', min, place.path);
	const comma = `"," ${blank(make.rules)}`;
	const restPlace = { ...place, path: `${place.path}/items` };
	// Where the schema tells the first items only, no more are asked for than it must have.
	const mayHaveRest = rest !== undefined || first.length === 0;
	const item = mayHaveRest || min > first.length ? make.value(rest ?? true, restPlace) : undefined;
	const restMost = mayHaveRest ? Math.min(max, Math.max(min, first.length) + make.extent.entries) - first.length : min - first.length;

	/** From the item with this number on. */
	const from = (index: number): Expr | undefined => {
		if (index > max) return undefined;
		const mayEnd = index >= min ? nothing : undefined;
		const separator = index > 0 ? comma : nothing;
		if (index < first.length) {
			const own = index < max ? make.value(first[index] ?? true, { ...place, path: `${place.path}/prefixItems/${index}` }) : undefined;
			return either([inOrder([separator, own, own === undefined ? undefined : from(index + 1)]), mayEnd]);
		}
		const least = Math.max(0, min - index);
		const more = item === undefined ? undefined : make.rules.rule(`more ${item}`, 'more', () => inOrder([comma, item]));
		if (more === undefined || restMost < 1) return mayEnd;
		if (index > 0) return times(more, least, restMost);
		const some = inOrder([item, times(more, Math.max(0, least - 1), restMost - 1)]);
		return either([some, mayEnd]);
	};
	return inOrder([literal('['), from(0), literal(']')]);
}
