import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSchema } from '../src/schema-file.js';
import { Refusal } from '../src/types.js';

const folder = mkdtempSync(join(tmpdir(), 'qwill-schema-'));
const file = (name: string, text: string): string => {
	writeFileSync(join(folder, name), text);
	return join(folder, name);
};
const zod = JSON.stringify(import.meta.resolve('zod'));

test('a schema is JSON, or stands in a file', async () => {
	assert.deepEqual(await readSchema(' {"type": "null"}'), { type: 'null' });
	assert.equal(await readSchema('true'), true);
	const path = file('a schema', '{"type": "null"}\n');
	assert.deepEqual(await readSchema(path), { type: 'null' });
	assert.deepEqual(await readSchema(`@${path}`), { type: 'null' });
});

test('a module gives a schema of zod, or JSON Schema itself', async () => {
	const path = file(
		'person.mjs',
		`import { z } from ${zod};\nexport default z.object({ name: z.string().min(1), age: z.int().optional() });\n`,
	);
	const schema = (await readSchema(path)) as { properties: object; required: string[] };
	assert.deepEqual(Object.keys(schema.properties), ['name', 'age']);
	assert.deepEqual(schema.required, ['name']);
	assert.deepEqual(await readSchema(file('plain.mjs', 'export default { type: "null" };\n')), { type: 'null' });
});

const refused: readonly (readonly [said: () => string, says: RegExp])[] = [
	[() => '{"type": ', /--json-schema holds no JSON: .*A path or a JSON Schema goes here/],
	[() => 'nowhere.json', /--json-schema: there is no file nowhere\.json/],
	[() => file('broken.json', '{"type"'), /broken\.json holds no JSON/],
	[() => join(folder, 'nowhere.mjs'), /nowhere\.mjs cannot be run as a module/],
	[() => file('bad.mjs', 'export default ('), /bad\.mjs cannot be run as a module/],
	[() => file('none.mjs', 'export const schema = 1;\n'), /none\.mjs has no schema as its default export/],
	[
		() => file('date.mjs', `import { z } from ${zod};\nexport default z.object({ at: z.date() });\n`),
		/date\.mjs cannot be said as JSON Schema: Date/,
	],
];
for (const [said, says] of refused)
	test(`refuses: ${says.source.slice(0, 60)}`, () =>
		assert.rejects(readSchema(said()), (error: unknown) => error instanceof Refusal && error.exitCode === 42 && says.test(error.message)));
