import type { Parameter } from '../../checks/syntax/parameters.js';
import type { Signature, Told } from '../../checks/syntax/signatures.js';

/** What a line of a description is about; the summary is of the whole. */
export type Slot = { what: 'summary' | 'parameter' | 'gives' | 'error'; name: string };
/** A line that the program writes; behind one with a slot go the model's words, then `tail`; what does not fit goes on behind `hang`. */
export type Line = { text: string; slot?: Slot; tail: string; hang: string };

/** How the line of one part begins; `above` are whole lines before it. */
type Begin = { text: string; above?: readonly string[]; hang?: string; tail?: string };

/** A convention for descriptions: what stands around one, and how its parts are written and found again. */
export type Style = {
	name: 'google' | 'numpy' | 'sphinx' | 'jsdoc' | 'tsdoc' | 'javadoc' | 'rustdoc' | 'godoc';
	open: string;
	margin: string;
	close: string;
	/** Whether parts stand apart. */
	apart: boolean;
	titles: Readonly<Record<'parameters' | 'value' | 'values' | 'errors' | 'examples', readonly string[]>>;
	summary(signature: Signature): string;
	parameter(parameter: Parameter): Begin;
	gives(signature: Signature): Begin;
	error(name: string): Begin;
	/** What stands for each part, with its name; a title is read as `## Title`. */
	found: { titles?: RegExp; parameter: RegExp; gives: RegExp; error: RegExp };
};

const untitled = { parameters: [], value: [], values: [], errors: [], examples: [] } as const;
const flat = (code: string): string => code.replace(/\s+/g, ' ');
/** What is too long to be repeated, or would end the description, is left to the code. */
const short = (code: string | undefined): string | undefined =>
	code !== undefined && code.length <= 40 && !/\\|"""|'''|\*\/|\n/.test(code) ? code : undefined;
const byDefault = ({ value }: Parameter): string => (short(value) === undefined ? '' : ` Defaults to ${value}.`);
const typed = (type: string | undefined, { value }: Pick<Parameter, 'value'>): string =>
	[short(type && flat(type)), value !== undefined && 'optional'].filter(Boolean).join(', ');
const kinds = { number: /^-?[\d.]+$/, string: /^['"`]/, boolean: /^(?:true|false)$/ } as const;
const kindOf = (value = ''): string | undefined => Object.entries(kinds).find(([, is]) => is.test(value))?.[0];

const python = { open: '"""', margin: '', close: '"""', summary: () => '' } as const;
const starred = { open: '/**\n', margin: ' * ', close: '\n */', apart: false, titles: untitled, summary: () => '' } as const;
const never = /(?!)/;

const google: Style = {
	name: 'google',
	...python,
	apart: true,
	titles: { parameters: ['Args:'], value: ['Returns:'], values: ['Yields:'], errors: ['Raises:'], examples: ['Examples:'] },
	parameter: one => {
		const type = typed(one.type, one);
		return { text: `    ${one.mark}${one.name}${type && ` (${type})`}:`, hang: '        ', tail: byDefault(one) };
	},
	gives: ({ type }) => ({ text: short(type) === undefined ? '   ' : `    ${type}:`, hang: '        ' }),
	error: name => ({ text: `    ${name}: If`, hang: '        ' }),
	found: {
		titles: /^(Args|Returns|Yields|Raises|Examples):$/gm,
		parameter: /^ {4}(\*{0,2}\w+)(?: \(.*\))?:/,
		gives: /^## (?:Returns|Yields)$/,
		error: /^ {4}([\w.]+):/,
	},
};

const underlined = (title: string): string[] => [title, '-'.repeat(title.length)];
const numpy: Style = {
	...google,
	name: 'numpy',
	titles: {
		parameters: underlined('Parameters'),
		value: underlined('Returns'),
		values: underlined('Yields'),
		errors: underlined('Raises'),
		examples: underlined('Examples'),
	},
	parameter: one => {
		const type = typed(one.type, one);
		return { text: '   ', above: [`${one.mark}${one.name}${type && ` : ${type}`}`], hang: '    ', tail: byDefault(one) };
	},
	gives: ({ type }) => (short(type) === undefined ? { text: '' } : { text: '   ', above: [`${type}`], hang: '    ' }),
	error: name => ({ text: '    If', above: [name], hang: '    ' }),
	found: {
		titles: /^(Parameters|Returns|Yields|Raises|Examples)\n-{3,}$/gm,
		parameter: /^(\*{0,2}\w+)(?: : .*)?$/,
		gives: /^## (?:Returns|Yields)$/,
		error: /^([\w.]+)$/,
	},
};

const sphinx: Style = {
	...google,
	name: 'sphinx',
	titles: untitled,
	apart: false,
	parameter: one => ({
		text: `:param ${/^[\w.]+$/.test(one.type ?? '') ? `${one.type} ` : ''}${one.name}:`,
		hang: '    ',
		tail: byDefault(one),
	}),
	gives: ({ gives }) => ({ text: gives === 'values' ? ':yields:' : ':returns:', hang: '    ' }),
	error: name => ({ text: `:raises ${name}: If`, hang: '    ' }),
	found: { parameter: /^:param (?:\S+ )?(\w+):/, gives: /^:(?:returns|yields):/, error: /^:raises ([\w.]+):/ },
};

const tsdoc: Style = {
	name: 'tsdoc',
	...starred,
	parameter: one => ({ text: `@param ${one.name} -`, tail: byDefault(one) }),
	gives: ({ gives }) => ({ text: gives === 'values' ? '@yields' : '@returns' }),
	error: name => ({ text: `@throws {${name}} If` }),
	found: {
		parameter: /^@param (?:\{[^{}]*\} )?\[?([\w$.]+)/,
		gives: /^@(?:returns|yields)\b/,
		error: /^@throws \{([\w.$]+)\}/,
	},
};

const jsdoc: Style = {
	...tsdoc,
	name: 'jsdoc',
	parameter: ({ name, value }) => {
		const kind = kindOf(value);
		const shown = value === undefined ? name : short(value) === undefined ? `[${name}]` : `[${name}=${value}]`;
		return { text: `@param ${kind === undefined ? '' : `{${kind}} `}${shown} -` };
	},
};

const javadoc: Style = {
	...tsdoc,
	name: 'javadoc',
	parameter: ({ name }) => ({ text: `@param ${name}` }),
	gives: () => ({ text: '@return' }),
	error: name => ({ text: `@throws ${name} if` }),
	found: { parameter: /^@param (\w+)/, gives: /^@return\b/, error: /^@throws ([\w.]+)/ },
};

const rustdoc: Style = {
	name: 'rustdoc',
	open: '',
	margin: '/// ',
	close: '',
	apart: true,
	titles: { ...untitled, parameters: ['# Arguments', ''], value: ['# Returns', ''] },
	summary: () => '',
	parameter: ({ name }) => ({ text: `* \`${name}\` -`, hang: '  ' }),
	gives: () => ({ text: '' }),
	error: name => ({ text: name === 'Panics' ? 'Panics if' : 'Returns an error if', above: [`# ${name}`, ''] }),
	found: { titles: /^# (\w+)$/gm, parameter: /^\* `(\w+)`/, gives: /^## Returns$/, error: /^## (Errors|Panics)$/ },
};

const godoc: Style = {
	...rustdoc,
	name: 'godoc',
	margin: '// ',
	apart: false,
	summary: ({ name }) => name,
	found: { parameter: never, gives: never, error: never },
};

const pythonStyles = { google, numpy, sphinx } as const;
const others = { javascript: jsdoc, typescript: tsdoc, tsx: tsdoc, java: javadoc, rust: rustdoc, go: godoc } as const;

const signs = {
	google: /^[ \t]+(?:Args|Returns|Yields|Raises):[ \t]*$/gm,
	numpy: /^[ \t]+(?:Parameters|Returns|Yields|Raises)[ \t]*\n[ \t]+-{3,}[ \t]*$/gm,
	sphinx: /^[ \t]+:(?:param|returns?|raises)\b/gm,
} as const;

/** The convention that these texts keep to: the first that has one decides, and where none has, it is the usual one of the language. */
export function styleOf(language: Told, texts: Iterable<string>): Style {
	if (language !== 'python') return others[language];
	for (const text of texts) {
		const [best] = Object.keys(pythonStyles)
			.map(name => name as keyof typeof signs)
			.map(name => ({ name, count: text.match(signs[name])?.length ?? 0 }))
			.sort((a, b) => b.count - a.count);
		if (best && best.count > 0) return pythonStyles[best.name];
	}
	return google;
}

/** The lines of a description, without its words. */
export function linesOf(signature: Signature, style: Style): Line[] {
	const { parameters = [], gives, errors } = signature;
	const line = (what: Slot['what'], name: string, { text, above = [], hang = '', tail = '' }: Begin): Line[] => [
		...above.map(fixed),
		{ text, slot: { what, name }, tail, hang },
	];
	const parts = [
		[...style.titles.parameters.map(fixed), ...parameters.flatMap(one => line('parameter', one.name, style.parameter(one)))],
		gives ? [...style.titles[gives].map(fixed), ...line('gives', '', style.gives(signature))] : [],
		...(style.name === 'rustdoc'
			? errors.map(name => line('error', name, style.error(name)))
			: [[...style.titles.errors.map(fixed), ...errors.flatMap(name => line('error', name, style.error(name)))]]),
	].filter(part => part.some(({ slot }) => slot));
	const first = line('summary', '', { text: style.summary(signature) });
	return [first, ...parts].flatMap((part, index) => (index === 1 || (index > 0 && style.apart) ? [fixed(''), ...part] : part));
}

const fixed = (text: string): Line => ({ text, tail: '', hang: '' });
