import { z } from 'zod';
import { type Effect, parseRule } from './agent/rules.js';
import { type Jsonc, JsoncError, parseJsonc } from './jsonc.js';
import { nearest } from './nearest.js';
import { echoed } from './sanitise.js';
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
	cleanupPeriodDays: z.number().min(1).max(36_500).multipleOf(1).exactOptional(),
	seed: z.number().min(0).max(4_294_967_295).multipleOf(1).exactOptional(),
});

/** What one source of configuration says: any part of it may be missing. */
export type Settings = z.infer<typeof shape>;

const known: Record<string, readonly string[]> = {
	'': [...Object.keys(shape.shape), '$schema'],
	permissions: Object.keys(permissions.shape),
	attribution: Object.keys(attribution.shape),
};

/** Unknown keys that are told one by one. */
const mostTold = 5;

/**
 * Settings from a config file (JSON with comments, in UTF-8). An unknown key is left out and goes to `notes` with the nearest
 * name. Throws `Refusal` 52 with file, line and key for broken JSON, a value of the wrong type, a rule that is none.
 */
export function parseSettings(bytes: Uint8Array, path: string, notes: string[]): Settings {
	const read = readJsonc(utf8(bytes, path, 52), path);
	const unknown = unknownKeys(read.value);
	for (const { key, near } of unknown.slice(0, mostTold)) {
		const where = `${path}, line ${read.line(key.split('.'))}`;
		notes.push(`${where}: unknown key "${echoed(key)}" is ignored${near ? `; did you mean "${near}"?` : '.'}`);
	}
	if (unknown.length > mostTold) notes.push(`${path} has ${unknown.length - mostTold} more unknown keys, which are ignored too.`);
	const parsed = shape.safeParse(read.value);
	if (parsed.success) {
		checkRules(parsed.data, { exitCode: 52, where: (...place) => `${path}, line ${read.line(['permissions', ...place])}` });
		return parsed.data;
	}
	const issue = parsed.error.issues[0]!;
	throw new Refusal(`${path}, line ${read.line(issue.path)}: ${explain(issue)}`, 52);
}

/** The words of a text file. Throws `Refusal` with this exit code for another encoding. */
export function utf8(bytes: Uint8Array, path: string, exitCode: 42 | 52): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		throw new Refusal(`${path} is not UTF-8 text. Save it as UTF-8, for example with iconv -t utf-8.`, exitCode);
	}
}

/** The schema of a config file, as JSON, for editors. */
export const settingsSchema = (): object => z.toJSONSchema(shape.extend({ $schema: z.string().optional() }), { io: 'input' });

/** Settings from pairs: a dotted key, a value in JSON or plain text. Throws `Refusal` 42, which names what they were `given` to. */
export function settingsFrom(pairs: readonly { key: string; value: string }[], given = '--set '): Settings {
	let all: Settings = {};
	for (const { key, value } of pairs) {
		const [first = '', second] = key.split('.');
		const plain = plainOrJson(value);
		const item = first === 'permissions' && typeof plain === 'string' ? [plain] : plain;
		const whole = { [first]: second === undefined ? item : { [second]: item } };
		const stray = unknownKeys(whole)[0];
		if (stray)
			throw new Refusal(`${given}${key}: there is no setting "${stray.key}"${stray.near ? `; did you mean "${stray.near}"?` : '.'}`, 42);
		const parsed = shape.safeParse(whole);
		if (!parsed.success) throw new Refusal(`${given}${key}=${echoed(value)}: ${explain(parsed.error.issues[0]!)}`, 42);
		checkRules(parsed.data, { exitCode: 42, where: () => `${given}${key}` });
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

type Where = { where(effect: Effect, index: number): string; exitCode: 42 | 52 };

/** Throws `Refusal` where a rule states none. */
function checkRules({ permissions = {} }: Settings, { where, exitCode }: Where): void {
	for (const effect of ['allow', 'ask', 'deny'] as const)
		for (const [index, rule] of (permissions[effect] ?? []).entries()) parseRule(rule, { effect, from: where(effect, index), exitCode });
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
		case 'too_small':
			return issue.origin === 'string' ? `${key} must not be empty.` : `${key} must be at least ${issue.minimum}.`;
		case 'too_big':
			return `${key} must be at most ${issue.maximum}.`;
		case 'not_multiple_of':
			return `${key} must be a whole number.`;
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
