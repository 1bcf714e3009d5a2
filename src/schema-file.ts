import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { wordsOf } from './config.js';
import { echoed } from './sanitise.js';
import { Refusal } from './types.js';

const flag = '--json-schema';

/**
 * The JSON Schema that --json-schema asks for: JSON itself, a file with it (`@` before the path is allowed), or a module of
 * JavaScript or TypeScript whose default export is a schema of zod, or of another library that can say it as JSON Schema. Throws
 * `Refusal` 42. A module is run: the person named it.
 */
export async function readSchema(said: string): Promise<unknown> {
	const text = said.trim();
	if (/^(\{|\[|"|true$|false$|null$)/.test(text)) return parse(text, flag);
	const path = text.replace(/^@/, '');
	if (/\.[cm]?[jt]s$/.test(path)) return fromModule(path);
	return parse(wordsOf(`@${path}`, flag) ?? '', path);
}

function parse(text: string, where: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new Refusal(
			`${echoed(where)} holds no JSON: ${error instanceof Error ? error.message : String(error)}. A path or a JSON Schema goes here.`,
			42,
		);
	}
}

/** What a library of schemas offers to others (standardschema.dev). */
type Standard = { '~standard'?: { jsonSchema?: { input?(options: { target: string }): unknown } } };

async function fromModule(path: string): Promise<unknown> {
	const name = echoed(path);
	let found: Standard;
	try {
		const module = (await import(pathToFileURL(resolve(path)).href)) as { default?: Standard };
		found = module.default ?? {};
	} catch (error) {
		throw new Refusal(`${name} cannot be run as a module: ${error instanceof Error ? error.message : String(error)}`, 42);
	}
	const { jsonSchema } = found['~standard'] ?? {};
	if (!jsonSchema?.input) {
		if (Object.keys(found).length > 0) return found;
		throw new Refusal(`${name} has no schema as its default export; write: export default z.object({ … })`, 42);
	}
	try {
		return jsonSchema.input({ target: 'draft-2020-12' });
	} catch (error) {
		throw new Refusal(
			`The schema in ${name} cannot be said as JSON Schema: ${error instanceof Error ? error.message : String(error)}.`,
			42,
		);
	}
}
