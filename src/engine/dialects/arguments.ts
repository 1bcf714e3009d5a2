import { say } from '../../prompts.js';
import type { ToolSpec } from '../../types.js';
import { readLoose } from './json-repair.js';

/** A call without its id. */
export type Wanted = { tool: string; args: unknown };
/** `prose` is JSON that is no call, `wrong` (for the model) a call that cannot be carried out as written. */
export type Understood = { kind: 'calls'; calls: Wanted[] } | { kind: 'prose' } | { kind: 'wrong'; wrong: string };

const nameKeys = ['name', 'tool', 'tool_name', 'function'];
const argumentKeys = ['arguments', 'parameters', 'args', 'input'];

/** The calls that a JSON value stands for: one object or a list. With `strict` any name counts, else only an offered tool's. */
export function understand(value: unknown, tools: readonly ToolSpec[], strict: boolean): Understood {
	const items = Array.isArray(value) ? value : [value];
	const calls: Wanted[] = [];
	for (const item of items) {
		const one = understandOne(item, tools, strict);
		if (one.kind !== 'calls') return one;
		calls.push(...one.calls);
	}
	return calls.length ? { kind: 'calls', calls } : { kind: 'prose' };
}

function understandOne(item: unknown, tools: readonly ToolSpec[], strict: boolean): Understood {
	if (!isObject(item)) return strict ? { kind: 'wrong', wrong: say('dialects/unreadable#name') } : { kind: 'prose' };
	if (isObject(item.function)) return understandOne(item.function, tools, strict);
	const name = nameKeys.map(key => item[key]).find(entry => typeof entry === 'string');
	if (typeof name !== 'string') return strict ? { kind: 'wrong', wrong: say('dialects/unreadable#name') } : { kind: 'prose' };
	const key = argumentKeys.find(candidate => candidate in item);
	const spec = offered(name, tools) ?? (key === undefined ? undefined : taking(unwrapped(item[key]), tools));
	const alone = Object.keys(item).length === 1;
	if (!strict && (!spec || (key === undefined && !alone))) return { kind: 'prose' };
	const tool = spec?.name ?? name.toLowerCase();
	if (key === undefined && !alone) return { kind: 'wrong', wrong: say('dialects/unreadable#arguments', { tool }) };
	const args = key === undefined ? {} : unwrapped(item[key]);
	if (!isObject(args)) return { kind: 'wrong', wrong: say('dialects/unreadable#arguments', { tool }) };
	return { kind: 'calls', calls: [{ tool, args: typed(args, spec) }] };
}

/**
 * The one tool that takes such arguments, for a call under a name that the model made up (`rename`, with the arguments of `edit`): all
 * that it needs, which are three at the least (a path and a content fit too many wishes), and none that it does not know.
 */
function taking(args: unknown, tools: readonly ToolSpec[]): ToolSpec | undefined {
	if (!isObject(args)) return undefined;
	const [only, another] = tools.filter(({ schema }) => {
		const { required, properties } = isObject(schema) ? schema : {};
		if (!Array.isArray(required) || required.length < 3 || !isObject(properties)) return false;
		return required.every(key => typeof key === 'string' && key in args) && Object.keys(args).every(key => Object.hasOwn(properties, key));
	});
	return another ? undefined : only;
}

/** The offered tool of this name, whatever its capitals. */
export function offered(name: string, tools: readonly ToolSpec[]): ToolSpec | undefined {
	return tools.find(tool => tool.name === name) ?? tools.find(tool => tool.name.toLowerCase() === name.trim().toLowerCase());
}

/** The name of an offered tool in JSON that may be unfinished or broken. */
export function namedIn(text: string, tools: readonly ToolSpec[]): string | undefined {
	const name = /["'“](?:name|tool|tool_name|function)["'”]\s*:\s*["'“]([\w.-]+)["'”]/.exec(text)?.[1];
	return name === undefined ? undefined : offered(name, tools)?.name;
}

/** Arguments as the tool's schema types them where a model wrote text: `"72.0000"` for an integer, `"true"`, `"[1]"`. */
export function typed(args: Record<string, unknown>, spec: ToolSpec | undefined): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(args).map(([key, value]) => [key, typeof value === 'string' ? typedText(value, typesOf(spec?.schema, key)) : value]),
	);
}

function typedText(text: string, types: readonly string[]): unknown {
	if (types.length === 0 || types.includes('string')) return text;
	const read = readLoose(`${text.trim()} `);
	if (read.kind !== 'value' || read.end !== text.trim().length) return text;
	return types.includes(typeName(read.value)) || (types.includes('integer') && Number.isInteger(read.value)) ? read.value : text;
}

/** The JSON Schema types that a property may have; empty when the schema does not say. */
function typesOf(schema: unknown, key: string): string[] {
	const properties = isObject(schema) ? schema.properties : undefined;
	const property = isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
	return isObject(property) ? ownTypes(property) : [];
}

function ownTypes(property: Record<string, unknown>): string[] {
	const choices = [property.anyOf, property.oneOf].flatMap(list => (Array.isArray(list) ? list : [])).filter(isObject);
	const own = Array.isArray(property.type) ? property.type : [property.type];
	return [...own.filter(type => typeof type === 'string'), ...choices.flatMap(ownTypes)];
}

/** The JSON Schema name of a value's type. */
export function typeName(value: unknown): string {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'array' : typeof value;
}

/** Arguments given as a string of JSON, as some servers write them. */
function unwrapped(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	const read = readLoose(value);
	return read.kind === 'value' ? read.value : value;
}

/** A JSON object, not a list and not null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
