import { z } from 'zod';
import { type Jsonc, JsoncError, parseJsonc } from './jsonc.js';
import { nearest } from './nearest.js';
import { Refusal } from './types.js';

const permissions = z.object({
	allow: z.array(z.string()).exactOptional(),
	ask: z.array(z.string()).exactOptional(),
	deny: z.array(z.string()).exactOptional(),
});
const attribution = z.object({ commit: z.enum(['assisted-by', 'co-authored-by', 'none']).exactOptional() });

const shape = z.object({
	model: z.string().min(1).exactOptional(),
	baseUrl: z.string().exactOptional(),
	apiKeyEnv: z.string().min(1).exactOptional(),
	approvalMode: z.enum(['plan', 'default', 'auto-edit', 'yolo']).exactOptional(),
	permissions: permissions.exactOptional(),
	sandbox: z.boolean().exactOptional(),
	testCommand: z.string().min(1).exactOptional(),
	lintCommand: z.string().min(1).exactOptional(),
	theme: z.enum(['auto', 'dark', 'light']).exactOptional(),
	attribution: attribution.exactOptional(),
	cleanupPeriodDays: z.int().min(1).max(36_500).exactOptional(),
	seed: z.int().min(0).max(4_294_967_295).exactOptional(),
});

/** What one source of configuration says: any part of it may be missing. */
export type Settings = z.infer<typeof shape>;

const known: Record<string, readonly string[]> = {
	'': [...Object.keys(shape.shape), '$schema'],
	permissions: Object.keys(permissions.shape),
	attribution: Object.keys(attribution.shape),
};

/**
 * Settings from the text of a config file (JSON with comments). An unknown key is left out and goes to `notes` with the nearest
 * name. Throws `Refusal` 52 with file, line and key for broken JSON or a value of the wrong type.
 */
export function parseSettings(text: string, path: string, notes: string[]): Settings {
	const read = readJsonc(text, path);
	for (const { key, near } of unknownKeys(read.value)) {
		notes.push(`${path}, line ${read.line(key.split('.'))}: unknown key "${key}" is ignored${near ? `; did you mean "${near}"?` : '.'}`);
	}
	const parsed = shape.safeParse(read.value);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	throw new Refusal(`${path}, line ${read.line(issue.path)}: ${explain(issue)}`, 52);
}

/** Settings from `--set` pairs: a dotted key, a value in JSON or plain text. Throws `Refusal` 42. */
export function settingsFrom(pairs: readonly { key: string; value: string }[]): Settings {
	let all: Settings = {};
	for (const { key, value } of pairs) {
		const [first = '', second] = key.split('.');
		const plain = plainOrJson(value);
		const item = first === 'permissions' && typeof plain === 'string' ? [plain] : plain;
		const whole = { [first]: second === undefined ? item : { [second]: item } };
		const stray = unknownKeys(whole)[0];
		if (stray)
			throw new Refusal(`--set ${key}: there is no setting "${stray.key}"${stray.near ? `; did you mean "${stray.near}"?` : '.'}`, 42);
		const parsed = shape.safeParse(whole);
		if (!parsed.success) throw new Refusal(`--set ${key}=${value}: ${explain(parsed.error.issues[0]!)}`, 42);
		all = merge(all, parsed.data);
	}
	return all;
}

/** `over` wins: objects merge, single values replace, permission lists join. */
export function merge(under: Settings, over: Settings): Settings {
	const lists = (['allow', 'ask', 'deny'] as const).map(list => [
		list,
		[...(under.permissions?.[list] ?? []), ...(over.permissions?.[list] ?? [])],
	]);
	return { ...under, ...over, permissions: Object.fromEntries(lists), attribution: { ...under.attribution, ...over.attribution } };
}

function readJsonc(text: string, path: string): Jsonc {
	try {
		return parseJsonc(text);
	} catch (error) {
		if (error instanceof JsoncError) throw new Refusal(`${path}, line ${error.line}: not valid JSON: ${error.message}.`, 52);
		throw error;
	}
}

function unknownKeys(value: unknown): { key: string; near: string | undefined }[] {
	return Object.entries(known).flatMap(([inside, names]) => {
		const object = inside === '' ? value : field(value, inside);
		if (typeof object !== 'object' || object === null || Array.isArray(object)) return [];
		return Object.keys(object)
			.filter(key => !names.includes(key))
			.map(key => ({ key: inside === '' ? key : `${inside}.${key}`, near: nearest(key, names) }));
	});
}

const field = (value: unknown, key: string): unknown =>
	typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;

/** What is wrong with one value, in the words of the person who wrote it. */
function explain(issue: z.core.$ZodIssue): string {
	const key = issue.path.length > 0 ? `"${issue.path.join('.')}"` : 'the whole file';
	switch (issue.code) {
		case 'invalid_type':
			return `${key} must be ${issue.expected === 'object' ? 'an object' : issue.expected === 'array' ? 'a list' : `a ${issue.expected}`}.`;
		case 'invalid_value':
			return `${key} must be one of ${issue.values.map(String).join(', ')}.`;
		default:
			return `${key}: ${issue.message}.`;
	}
}

function plainOrJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		// Not JSON, so it is meant as it stands: theme=light.
		return text;
	}
}
