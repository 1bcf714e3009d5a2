import { Refusal } from '../../types.js';
import { type Expr, mostTimes, nothing, type Rules } from './gbnf.js';
import type { JsonSchema } from './schema.js';

/**
 * How far a value may go where its schema sets no limit: characters of a text and entries of a list or an object beyond those
 * that it must have (infinite for no limit), references that lead back to themselves, and levels of values that may be anything.
 */
export type Extent = { characters: number; entries: number; depth: number; levels: number };

/** Where a value stands: its place in the schema, for people, and what is left of the extent. */
export type Place = { path: string; depth: number; levels: number };

/** What the parts of a value are made with. */
export type Maker = {
	rules: Rules;
	extent: Extent;
	/** The JSON values of a schema; undefined when there are none. */
	value(schema: JsonSchema, place: Place): Expr | undefined;
	/** Notes a place for which there is no value. */
	impossible(path: string): void;
};

/** After a comma or a colon there may be one blank and never more: some models write them for ever. */
export const blank = (rules: Rules): Expr => rules.rule('blank', 'blank', () => '" "?') ?? nothing;

/** The schema asks for more of something than a grammar can count. */
export const tooMuch = (keyword: string, count: number, path: string, most = mostTimes): Refusal =>
	new Refusal(`${keyword} ${count} at ${path} is more than the model can be held to (${most}).`, 42);
