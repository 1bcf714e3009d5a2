/** Scripts that are several in Unicode. */
const together: Readonly<Record<string, readonly string[]>> = {
	Jpan: ['Hira', 'Kana', 'Hani'],
	Kore: ['Hang', 'Hani'],
	Hans: ['Hani'],
	Hant: ['Hani'],
};

/** What a letter of this script is, and what a letter is that has no place among them; undefined for a script that Unicode does not have. */
export function lettersOf(script: string | undefined): { own: RegExp; strange: RegExp } | undefined {
	if (script === undefined) return undefined;
	const own = (together[script] ?? [script]).map(one => `\\p{Script=${one}}`).join('');
	try {
		return {
			own: new RegExp(`[${own}]`, 'u'),
			// Latin names stand in texts of every script.
			strange: new RegExp(`(?![${own}\\p{Script=Latin}\\p{Script=Common}\\p{Script=Inherited}])\\p{L}`, 'u'),
		};
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}
