/** What stands inside a value under these keys, one after another; undefined where there is nothing. */
export function valueAt(value: unknown, ...keys: (string | number)[]): unknown {
	let inner = value;
	for (const key of keys) {
		if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined;
		inner = (inner as Record<string | number, unknown>)[key];
	}
	return inner;
}

/** The same, where it is a whole number from 0 on. */
export function countAt(value: unknown, ...keys: (string | number)[]): number | undefined {
	const count = valueAt(value, ...keys);
	return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/** The same, where it is text. */
export function textAt(value: unknown, ...keys: (string | number)[]): string | undefined {
	const text = valueAt(value, ...keys);
	return typeof text === 'string' ? text : undefined;
}
