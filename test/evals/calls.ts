/** A call as a model made it. */
export type Called = { name: string; arguments: unknown };
/** The values that each argument may have; `''` among them says that it may be left out. */
export type Possible = Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>;

/** Whether exactly these calls were made, by the rules of the Berkeley Function Calling Leaderboard (its AST check). */
export function fits(calls: readonly Called[], wanted: readonly Possible[]): boolean {
	if (calls.length !== wanted.length) return false;
	const left = [...calls];
	return wanted.every(possible => {
		const [name, values] = Object.entries(possible)[0] ?? ['', {}];
		const at = left.findIndex(call => call.name === name && argumentsFit(call.arguments, values));
		if (at >= 0) left.splice(at, 1);
		return at >= 0;
	});
}

function argumentsFit(args: unknown, possible: Readonly<Record<string, readonly unknown[]>>): boolean {
	if (!isRecord(args)) return false;
	if (Object.keys(args).some(key => !(key in possible))) return false;
	return Object.entries(possible).every(([key, values]) =>
		key in args ? values.some(value => same(args[key], value)) : values.includes(''),
	);
}

function same(given: unknown, wanted: unknown): boolean {
	if (typeof given === 'string' && typeof wanted === 'string') return plain(given) === plain(wanted);
	if (Array.isArray(given) && Array.isArray(wanted))
		return given.length === wanted.length && given.every((one, index) => same(one, wanted[index]));
	if (isRecord(given) && isRecord(wanted)) {
		const values = Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, Array.isArray(value) ? value : [value]]));
		return argumentsFit(given, values);
	}
	return given === wanted;
}

const plain = (text: string): string => text.toLowerCase().replace(/[ ,./\-_*^'"]/g, '');
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
