import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { brief, jsonGrammar, roomy } from '../engine/grammar/json-grammar.js';
import type { JsonSchema } from '../engine/grammar/schema.js';
import { Refusal } from '../types.js';

/** The form an answer has to have: one JSON value of a schema. */
export type Form = {
	/** The schema, as the model is told it. */
	told: string;
	/** Grammars of its values: of any length, and no longer than the schema asks for. */
	roomy: string;
	brief: string;
	/** The value in a reply as JSON on one line; or what is wrong with the reply. */
	read(reply: string): { json: string } | { wrong: string };
	/** One line each for the person: what of the schema counts for nothing. */
	notes: readonly string[];
};

/**
 * The form that a JSON Schema asks for (drafts 6 to 2020-12). Throws `Refusal` 42, which names the place in the schema, for what
 * is no schema, and for one that no value can satisfy.
 */
export function formOf(schema: unknown): Form {
	const notes = new Set<string>();
	if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null || Array.isArray(schema)))
		throw new Refusal('The schema is no JSON Schema: that is an object such as {"type": "string"}, or true or false.', 42);
	const check = checkOf(schema, notes);
	const known = schema as JsonSchema;
	return {
		told: JSON.stringify(schema, (key, value: unknown) => (key === '$schema' ? undefined : value)),
		roomy: jsonGrammar(known, roomy),
		brief: jsonGrammar(known, brief),
		read: reply => read(reply, check),
		notes: [...notes],
	};
}

function read(reply: string, check: ValidateFunction): { json: string } | { wrong: string } {
	let value: unknown;
	try {
		value = JSON.parse(/^```\w*\n([\s\S]*?)\n```\s*$/.exec(reply.trim())?.[1] ?? reply);
	} catch {
		return { wrong: 'it is no JSON' };
	}
	if (check(value)) return { json: JSON.stringify(value).replace(unseen, escaped) };
	const [error] = check.errors ?? [];
	return { wrong: `${error?.instancePath || 'the value'} ${complaint(error)}` };
}

function complaint(error: ErrorObject | undefined): string {
	const allowed: unknown = error?.params.allowedValues;
	return `${error?.message ?? 'is wrong'}${Array.isArray(allowed) ? ` (${allowed.slice(0, 10).join(', ')})` : ''}`;
}

/** Characters that a terminal would act upon, or that nobody sees. In JSON they may as well be escapes. */
const unseen = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Where a pattern stands beside it, a format only says it in other words, as far as that goes: so times and dates are taken
 * with and without a zone, which is a matter on which libraries differ.
 */
const formats: Record<string, RegExp | ((text: string) => boolean)> = {
	date: isDate,
	time: isTime,
	'date-time': text => isDate(text.slice(0, 10)) && /^[t ]/i.test(text.slice(10)) && isTime(text.slice(11)),
	uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
	email: /^[^@\s]+@[^@\s]+$/,
	ipv4: /^\d{1,3}(\.\d{1,3}){3}$/,
	uri: /^[a-z][a-z\d+.-]*:\S*$/i,
};

function isDate(text: string): boolean {
	const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
	const date = new Date(`${text}T00:00:00Z`);
	return year !== undefined && date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}

function isTime(text: string): boolean {
	return /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(z|[+-]\d\d:?\d\d)?$/i.test(text);
}

function checkOf(schema: unknown, notes: Set<string>): ValidateFunction {
	const options: Options = {
		strict: false,
		strictSchema: 'log',
		formats: { ...formats, ...otherFormats(schema, notes) },
		multipleOfPrecision: 9,
		code: { regExp: Object.assign(regExp, { code: '' }) },
		logger: { log: () => {}, error: () => {}, warn: (said: string) => noteUnknown(said, notes) },
	};
	const draft = schemaNamed(schema);
	const Dialect = /draft-0[4-7]/.test(draft) ? Ajv : draft.includes('2019-09') ? Ajv2019 : Ajv2020;
	// What it says of its own dialect has been heard; an address of another would be looked for and not found.
	const own = JSON.parse(JSON.stringify(schema)) as JsonSchema & { $schema?: string };
	if (draft !== '') delete own.$schema;
	const ajv = new Dialect(options);
	try {
		if (!ajv.validateSchema(own)) {
			const [error] = ajv.errors ?? [];
			throw new Refusal(`The schema is no JSON Schema: #${error?.instancePath ?? ''} ${complaint(error)}.`, 42);
		}
		return ajv.compile(own);
	} catch (error) {
		if (error instanceof Refusal || !(error instanceof Error)) throw error;
		throw new Refusal(`The schema cannot be used: ${error.message}.`, 42);
	}
}

const schemaNamed = (schema: unknown): string =>
	typeof schema === 'object' && schema !== null && '$schema' in schema && typeof schema.$schema === 'string' ? schema.$schema : '';

/** Patterns are Unicode ones, and where they are none of those, plain ones. */
function regExp(source: string, flags: string): RegExp {
	try {
		return new RegExp(source, flags);
	} catch {
		return new RegExp(source);
	}
}

function noteUnknown(said: string, notes: Set<string>): void {
	const keyword = /unknown keyword: "(.*)"/.exec(said)?.[1];
	if (keyword !== undefined && !keyword.startsWith('x-'))
		notes.add(`The schema has "${keyword}", which is no keyword of JSON Schema: it counts for nothing.`);
}

/** The formats that are no more than words: of texts they are noted, of numbers they say how they are stored. */
function otherFormats(schema: unknown, notes: Set<string>): Record<string, true> {
	const found: Record<string, true> = {};
	JSON.stringify(schema, (key, value: unknown) => {
		if (key === 'format' && typeof value === 'string' && !Object.hasOwn(formats, value)) {
			found[value] = true;
			if (!/^(u?int|float|double)/.test(value))
				notes.add(`The schema asks for the format "${value}": the model is told so, but it is not checked.`);
		}
		return value;
	});
	return found;
}
