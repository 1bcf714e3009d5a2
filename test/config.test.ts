import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type Config, loadConfig } from '../src/config.js';
import { JsoncError, parseJsonc } from '../src/jsonc.js';
import { parseOptions } from '../src/options.js';
import { places } from '../src/places.js';
import { digestOf, lastTrusted, settingsFile, trust, trusted } from '../src/trust.js';
import { Refusal } from '../src/types.js';

let folder: string;
let root: string;

beforeEach(() => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-config-')));
	root = join(folder, 'project');
	process.env.XDG_CONFIG_HOME = join(folder, 'config');
	process.env.XDG_STATE_HOME = join(folder, 'state');
	mkdirSync(join(root, '.qwill'), { recursive: true });
	mkdirSync(places.config(), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const userFile = () => join(places.config(), 'config.json');
const projectFile = () => join(root, '.qwill', 'config.json');
const load = (words: readonly string[] = [], env: Record<string, string> = {}): Config =>
	loadConfig({ root, env, options: parseOptions(words, { stdin: true, stdout: true }) });
const refusal = (says: RegExp, code: number) => (error: unknown) => {
	assert.ok(error instanceof Refusal);
	assert.match(error.message, says);
	assert.equal(error.exitCode, code);
	return true;
};

test('without any file everything has its built-in value', () => {
	const config = load();
	assert.equal(config.approvalMode, 'default');
	assert.equal(config.cleanupPeriodDays, 30);
	assert.deepEqual(config.permissions, { allow: [], ask: [], deny: [] });
	assert.deepEqual(config.attribution, { commit: 'assisted-by' });
	assert.deepEqual(config.notes, []);
});

test('a file may have comments, trailing commas and a BOM', () => {
	writeFileSync(userFile(), '\uFEFF{ // mine\n "model": "qwen3-4b", /* { */\n "permissions": { "allow": ["Bash(npm test)", ], },\n}\n');
	assert.equal(load().model, 'qwen3-4b');
	assert.deepEqual(load().permissions.allow, ['Bash(npm test)']);
});

test('later sources win: file, environment, --set, flags', () => {
	writeFileSync(userFile(), '{"model": "a", "approvalMode": "plan", "theme": "dark"}');
	assert.equal(load().model, 'a');
	assert.equal(load([], { QWILL_MODEL: 'b' }).model, 'b');
	assert.equal(load(['--set', 'model=c'], { QWILL_MODEL: 'b' }).model, 'c');
	assert.equal(load(['--set', 'model=c', '-m', 'd'], { QWILL_MODEL: 'b' }).model, 'd');
	assert.equal(load([], { QWILL_APPROVAL_MODE: 'auto_edit' }).approvalMode, 'auto-edit');
	assert.equal(load(['--set', 'theme=light']).theme, 'light');
	assert.equal(load(['--bare']).theme, 'auto');
});

test('a server comes from file, environment or flag, and makes a model that was named before it meaningless', () => {
	writeFileSync(userFile(), '{"model": "here", "apiKeyEnv": "MY_KEY"}');
	assert.deepEqual([load().model, load().baseUrl, load().apiKeyEnv], ['here', undefined, 'MY_KEY']);
	const server = 'http://gpu:8000';
	assert.equal(load(['--base-url', server]).baseUrl, server);
	assert.equal(load(['--base-url', server]).model, undefined);
	assert.equal(load(['--base-url', server, '-m', 'there']).model, 'there');
	assert.equal(load(['-m', 'there'], { QWILL_BASE_URL: server }).model, 'there');
	assert.equal(load(['--api-key-env', 'OTHER']).apiKeyEnv, 'OTHER');
	writeFileSync(userFile(), `{"model": "there", "baseUrl": "${server}"}`);
	assert.deepEqual([load().model, load().baseUrl], ['there', server]);
	assert.deepEqual([load([], { QWILL_BASE_URL: '' }).baseUrl, load([], { QWILL_BASE_URL: '' }).model], [undefined, undefined]);
	assert.equal(load(['--set', 'baseUrl=']).baseUrl, undefined);
});

test('permission lists join instead of replacing each other', () => {
	writeFileSync(userFile(), '{"permissions": {"allow": ["Read"], "deny": ["git"]}}');
	const config = load(['--set', 'permissions.allow=Edit', '--set', 'permissions.ask=Write']);
	assert.deepEqual(config.permissions, { allow: ['Read', 'Edit'], ask: ['Write'], deny: ['git'] });
});

for (const [value, offline] of [
	['1', true],
	['true', true],
	['0', false],
	['', false],
	['No', false],
	['anything', true],
] as const) {
	test(`QWILL_OFFLINE=${value} means ${offline ? 'offline' : 'online'}`, () =>
		assert.equal(load([], { QWILL_OFFLINE: value }).offline, offline));
}

const wrong: readonly (readonly [text: string, says: RegExp])[] = [
	['{\n  "theme": 3\n}', /config\.json, line 2: "theme" must be one of auto, dark, light/],
	['{\n\n  "sandbox": "yes" }', /line 3: "sandbox" must be a boolean/],
	['{"permissions": {"allow": "Read"}}', /line 1: "permissions\.allow" must be a list/],
	['{"permissions": {\n"deny": [\n"a",\n5]}}', /line 4: "permissions\.deny\.1" must be a string/],
	['{"attribution": {"commit": "me"}}', /"attribution\.commit" must be one of assisted-by/],
	['{"cleanupPeriodDays": 0}', /"cleanupPeriodDays"/],
	['{"seed": 1.5}', /"seed"/],
	['[]', /the whole file must be an object/],
	['{"model": "a",,}', /line 1: not valid JSON: expected a key in double quotes, found ",}"/],
	['{"model": "a"\n"theme": "dark"}', /line 2: not valid JSON: expected "," or "}"/],
	['{"model": \'a\'}', /not valid JSON: expected a value/],
	['{"model": "a"', /found the end of the file/],
	['{"model": "a\\q"}', /an escape that JSON does not allow/],
	['', /expected a value, found the end of the file/],
	[`${'['.repeat(60)}`, /less nesting/],
];

for (const [text, says] of wrong) {
	test(`a wrong file is refused with file, line and key: ${JSON.stringify(text.slice(0, 50))}`, () => {
		writeFileSync(userFile(), text);
		assert.throws(() => load(), refusal(says, 52));
		assert.throws(
			() => load(),
			(error: Error) => error.message.includes(userFile()),
		);
	});
}

test('an unknown key is a note with the nearest name and the line, and the rest counts', () => {
	writeFileSync(userFile(), '{\n "thmee": "dark",\n "model": "a",\n "permissions": {"alow": []}, "$schema": "x", "qqqqqq": 1 }');
	const config = load();
	assert.equal(config.model, 'a');
	assert.equal(config.notes.length, 3);
	assert.match(config.notes.join('\n'), /line 2: unknown key "thmee" is ignored; did you mean "theme"\?/);
	assert.match(config.notes.join('\n'), /line 4: unknown key "permissions\.alow" is ignored; did you mean "allow"\?/);
});

for (const [words, says] of [
	[['--set', 'thmee=dark'], /there is no setting "thmee"; did you mean "theme"/],
	[['--set', 'theme=blue'], /"theme" must be one of/],
	[['--set', 'seed=one'], /"seed" must be/],
	[['--system-prompt', '@/no/such/file'], /--system-prompt: there is no file/],
] as const) {
	test(`a wrong flag value is refused: ${words.join(' ')}`, () => assert.throws(() => load(words), refusal(says, 42)));
}

test('a wrong environment variable is refused by name', () => {
	assert.throws(() => load([], { QWILL_APPROVAL_MODE: 'yes' }), refusal(/QWILL_APPROVAL_MODE is plan/, 42));
});

test('@FILE gives the system prompt the words of a file', () => {
	writeFileSync(join(folder, 'words.md'), 'Be brief.\n');
	assert.deepEqual(load(['--system-prompt', `@${join(folder, 'words.md')}`, '--append-system-prompt', 'In French.']).system, {
		replace: 'Be brief.',
		append: 'In French.',
	});
});

test('a project file counts for nothing before it is trusted, and is not even read', () => {
	writeFileSync(projectFile(), 'this is not JSON');
	assert.equal(load().approvalMode, 'default');
});

test('a project file counts when trusted for this run, or by its exact bytes', () => {
	const text = '{"theme": "light"}';
	writeFileSync(projectFile(), text);
	assert.equal(load(['--trust']).theme, 'light');
	assert.equal(load().theme, 'auto');
	trust(root, 'AGENTS.md', Buffer.from(text));
	assert.equal(load().theme, 'auto', 'the same bytes elsewhere are another thing');
	trust(root, settingsFile, Buffer.from(text));
	assert.equal(load().theme, 'light');
	writeFileSync(projectFile(), '{"theme": "dark"}');
	assert.equal(load().theme, 'auto');
	assert.equal(load(['--bare', '--trust']).theme, 'auto');
});

test('trust is by folder, not inherited, and worth nothing in a file that others can write', () => {
	const file = { path: 'AGENTS.md', digest: digestOf(Buffer.from('a')) };
	trust(root, 'AGENTS.md', Buffer.from('a'));
	assert.deepEqual(trusted(root), [file]);
	assert.deepEqual(trusted(join(root, 'sub')), []);
	const record = join(places.project(root), 'trust.json');
	assert.equal(statSync(record).mode & 0o777, 0o600);
	chmodSync(record, 0o666);
	assert.deepEqual(trusted(root), []);
	chmodSync(record, 0o600);
	writeFileSync(record, JSON.stringify({ root: '/other', files: [file] }));
	assert.deepEqual(trusted(root), []);
	writeFileSync(record, '{');
	assert.deepEqual(trusted(root), []);
});

test('what was trusted last is there to compare with, unless somebody changed the copy', () => {
	trust(root, 'AGENTS.md', Buffer.from('one'));
	trust(root, 'AGENTS.md', Buffer.from('two'));
	trust(root, 'QWEN.md', Buffer.from('other'));
	assert.equal(lastTrusted(root, 'AGENTS.md')?.toString(), 'two');
	trust(root, 'AGENTS.md', Buffer.from('one'));
	assert.equal(lastTrusted(root, 'AGENTS.md')?.toString(), 'one');
	assert.equal(trusted(root).length, 3);
	assert.equal(lastTrusted(root, 'CLAUDE.md'), undefined);
	writeFileSync(join(places.project(root), 'trusted', digestOf(Buffer.from('one'))), 'changed');
	assert.equal(lastTrusted(root, 'AGENTS.md'), undefined);
});

const loosening: readonly (readonly [user: string, project: string, key: string, kept: (config: Config) => unknown, value: unknown])[] = [
	['{}', '{"approvalMode": "yolo"}', 'approvalMode', config => config.approvalMode, 'default'],
	['{"approvalMode": "plan"}', '{"approvalMode": "default"}', 'approvalMode', config => config.approvalMode, 'plan'],
	['{}', '{"permissions": {"allow": ["Bash"]}}', 'permissions.allow', config => config.permissions.allow, []],
	['{"sandbox": true}', '{"sandbox": false}', 'sandbox', config => config.sandbox, true],
	['{}', '{"model": "./evil.gguf"}', 'model', config => config.model, undefined],
	['{}', '{"model": "evil.gguf"}', 'model', config => config.model, undefined],
	['{}', '{"model": "https://example.org/x"}', 'model', config => config.model, undefined],
	['{}', '{"baseUrl": "http://evil.example"}', 'baseUrl', config => config.baseUrl, undefined],
	['{"baseUrl": "http://mine:8000"}', '{"baseUrl": ""}', 'baseUrl', config => config.baseUrl, 'http://mine:8000'],
	['{}', '{"apiKeyEnv": "AWS_SECRET_ACCESS_KEY"}', 'apiKeyEnv', config => config.apiKeyEnv, undefined],
	['{"baseUrl": "http://mine:8000"}', '{"model": "qwen3-4b"}', 'model', config => config.model, undefined],
	['{}', '{"cleanupPeriodDays": 1}', 'cleanupPeriodDays', config => config.cleanupPeriodDays, 30],
];
for (const [user, project, key, kept, value] of loosening) {
	test(`a trusted project cannot loosen ${key}: ${project}`, () => {
		writeFileSync(userFile(), user);
		writeFileSync(projectFile(), project);
		const config = load(['--trust']);
		assert.deepEqual(kept(config), value);
		assert.ok(config.notes.some(note => note.includes(`"${key}" is ignored`)));
	});
}

test('a trusted project can tighten, and the person still has the last word', () => {
	writeFileSync(
		projectFile(),
		'{"approvalMode": "plan", "sandbox": true, "model": "qwen3-4b", "permissions": {"deny": ["git"], "ask": ["Edit"]}, "testCommand": "make test"}',
	);
	const config = load(['--trust']);
	assert.equal(config.approvalMode, 'plan');
	assert.equal(config.sandbox, true);
	assert.equal(config.model, 'qwen3-4b');
	assert.equal(config.testCommand, 'make test');
	assert.deepEqual(config.permissions, { allow: [], ask: ['Edit'], deny: ['git'] });
	assert.equal(load(['--trust', '-y']).approvalMode, 'yolo');
});

test('a link or a folder in place of the project file is refused, not followed', () => {
	symlinkSync(userFile(), projectFile());
	assert.throws(() => load(['--trust']), refusal(/cannot be read/, 52));
	rmSync(projectFile());
	mkdirSync(projectFile());
	assert.throws(() => load(['--trust']), refusal(/is not a file/, 52));
});

test('no mutation of a config file crashes the reader', () => {
	const whole = '{ // c\n "model": "a", "permissions": {"allow": ["x", "y"], "deny": [],}, "seed": 12e0, "theme": "dark" }';
	let seed = 7;
	const random = (below: number): number => {
		seed = (seed * 1103515245 + 12345) % 2 ** 31;
		return Math.floor((seed / 2 ** 31) * below);
	};
	for (let round = 0; round < 300; round++) {
		const at = random(whole.length);
		const text = whole.slice(0, at) + ['', '"', '{', ']', '\\', '\0', '/*', ',', '9', '\n'][random(10)] + whole.slice(at + random(4));
		try {
			parseJsonc(text);
		} catch (error) {
			assert.ok(error instanceof JsoncError, `${text}: ${error}`);
		}
		writeFileSync(userFile(), text);
		try {
			load();
		} catch (error) {
			assert.ok(error instanceof Refusal, `${text}: ${error}`);
			assert.equal(error.exitCode, 52);
		}
	}
});

test('__proto__ in a config file is an unknown key, not a prototype', () => {
	writeFileSync(userFile(), '{"__proto__": {"approvalMode": "yolo"}, "constructor": 1}');
	assert.equal(load().approvalMode, 'default');
});
