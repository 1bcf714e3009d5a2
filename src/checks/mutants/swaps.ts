/** What is easily written for what else: signs, numbers and the names of functions that every language has. */

const compare: Record<string, readonly string[]> = {
	'<': ['<=', '>', '>=', '==', '!='],
	'<=': ['<', '>=', '>', '=='],
	'>': ['>=', '<', '<=', '==', '!='],
	'>=': ['>', '<=', '<', '=='],
	'==': ['!=', '<', '>', '<=', '>='],
	'!=': ['==', '<', '>'],
	'===': ['!==', '<', '>', '<=', '>='],
	'!==': ['===', '<', '>'],
};

const compute: Record<string, readonly string[]> = {
	'+': ['-', '*', '%', '/', '//'],
	'-': ['+', '%', '*', '/', '//'],
	'*': ['+', '/', '**', '-', '//', '%'],
	'/': ['*', '//', '%', '-', '+'],
	'//': ['/', '%', '*', '-'],
	'%': ['//', '/', '*', '-', '+'],
	'**': ['*'],
	'+=': ['-=', '*=', '=', '//='],
	'-=': ['+=', '//=', '/=', '='],
	'*=': ['+=', '/=', '//='],
	'/=': ['*=', '//=', '-='],
	'//=': ['/=', '%=', '-='],
	'%=': ['//=', '/='],
	'&': ['|', '^', '&&'],
	'|': ['&', '^', '||'],
	'^': ['&', '|', '**'],
	'<<': ['>>'],
	'>>': ['<<'],
	'++': ['--'],
	'--': ['++'],
	'&&': ['||'],
	'||': ['&&'],
	'??': ['||'],
};

/** Signs that may stand in the place of this one. */
export function signsFor(sign: string, hash: boolean): readonly string[] {
	const unknown = hash ? ['&&', '||', '++', '--'] : ['//', '//=', '**'];
	return [...(compare[sign] ?? []), ...(compute[sign] ?? [])].filter(other => !unknown.includes(other) || (!hash && other === '**'));
}

export const isComparison = (sign: string): boolean => sign in compare;

const families: readonly (readonly string[])[] = [
	['and', 'or'],
	['True', 'False'],
	['true', 'false'],
	['break', 'continue'],
	['min', 'max'],
	['any', 'all'],
	['some', 'every'],
	['append', 'extend', 'insert'],
	['push', 'unshift'],
	['pop', 'shift'],
	['upper', 'lower', 'swapcase', 'capitalize', 'title'],
	['isupper', 'islower'],
	['isdigit', 'isalpha', 'isalnum', 'isnumeric'],
	['toUpperCase', 'toLowerCase'],
	['startswith', 'endswith'],
	['startsWith', 'endsWith'],
	['floor', 'ceil', 'round', 'trunc'],
	['index', 'rindex', 'find', 'rfind'],
	['indexOf', 'lastIndexOf'],
	['strip', 'lstrip', 'rstrip'],
	['trim', 'trimStart', 'trimEnd'],
	['keys', 'values', 'items'],
	['keys', 'values', 'entries'],
	['int', 'float', 'str', 'round', 'abs'],
	['parseInt', 'parseFloat', 'Number'],
	['list', 'set', 'sorted', 'tuple'],
	['sum', 'len', 'max', 'min'],
	['sqrt', 'abs'],
	['slice', 'substring', 'substr'],
	['filter', 'map'],
	['first', 'last'],
	['left', 'right'],
	['add', 'remove', 'discard'],
	['union', 'intersection', 'difference'],
	['start', 'end'],
	['ord', 'chr'],
	['bin', 'hex', 'oct'],
];

/** Words and names of functions that may stand in the place of this one. */
export const wordsFor = (word: string): readonly string[] =>
	[...new Set(families.filter(family => family.includes(word)).flat())].filter(other => other !== word);

/** Numbers that may stand in the place of this one, the likeliest first. */
export function numbersFor(number: string): readonly string[] {
	if (!/^\d+(\.\d+)?$/.test(number)) return [];
	const value = Number(number);
	if (number.includes('.')) return [...new Set([String(value + 1), String(value / 2), '0', '1', String(Math.trunc(value))])];
	const near = [value + 1, value - 1, 0, 1, 2, 3, value * 10, Math.trunc(value / 10)].filter(other => other !== value && other >= 0);
	return [...new Set([...near.map(String), ...(value === 1 ? ['-1'] : [])])];
}
