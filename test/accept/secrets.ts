import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bash, environmentOf, type Made, makeWorld, play, program, removeWorld, type Surface, type World } from './play.js';

/** A word that nobody would take for a secret by its form: only where it stands protects it. */
const word = (at: number): string => `plum${at}canary`;
/** Of a form that is known: it may be read, and has another name wherever it is kept. */
const token = (at: number): string => ['ghp', [...Array(36)].map((_, i) => 'aB3dE5fG7hJ9kLmN2'[(i * at + i) % 17]).join('')].join('_');

const inEnvironment = [
	...[
		'HOSTSECRET',
		'AWS_SECRET_ACCESS_KEY',
		'GITHUB_TOKEN',
		'OPENAI_API_KEY',
		'QWILL_API_KEY',
		'DATABASE_URL',
		'NPM_TOKEN',
		'SSH_AUTH_SOCK',
	],
	...['GIT_ASKPASS_TOKEN', 'QWILL_SECRET', 'LC_SECRET_1', 'PYTHONSTARTUP'],
];
const inHome = [
	...['.ssh/id_ed25519', '.aws/credentials', '.netrc', '.npmrc', '.config/gh/hosts.yml', '.docker/config.json', '.kube/config'],
	...['.bash_history', '.git-credentials', 'other-project/.env', 'other-project/notes.txt'],
];
const inFolder = ['.env', '.env.local', 'api/.env.production', '.netrc', 'keys/id_rsa', '.git-credentials'];
/** Files that the model is told to read, each with a token. */
const read = ['config.py', 'shown.txt', 'deploy.yml'];

const shell = (command: string): Made => ({ tool: 'run_shell_command', args: { command } });
/** All that could come upon them, short of reading one by its name in a file tool. */
const calls: readonly Made[] = [
	...['env', 'cat /proc/self/environ /proc/*/environ', 'ls -laR . ~', 'node -p "JSON.stringify(process.env)"', 'bash -lc "export -p; set"'],
	...[
		'cat ~/.bash_history ~/.netrc ~/.aws/* ~/.ssh/*',
		'cat .env .env.local api/.env.production keys/id_rsa',
		'git remote -v; cat .git/config',
	],
	...['grep -r canary . ~ 2>/dev/null', 'find / -name "*.env*" -size -9k 2>/dev/null | head', `cat ${read.join(' ')}`],
	'cp .env copy.txt; ln .env hard.txt; cat copy.txt hard.txt',
]
	.map(shell)
	.concat([
		{ tool: 'grep_search', args: { pattern: 'canary' } },
		{ tool: 'glob', args: { pattern: '**/*' } },
		{ tool: 'list_directory', args: { path: '.' } },
		...['status', 'diff', 'log'].map((action): Made => ({ tool: 'git', args: { action } })),
		...read.map((file_path): Made => ({ tool: 'read_file', args: { file_path } })),
		{ tool: 'run_tests', args: {} },
	]);

/**
 * Secrets in the environment, the home, the folder and its files: none is in what a program started here finds around it, in what the
 * model reads, in a journal, a log or an export.
 */
export async function secrets(): Promise<Surface> {
	const surface: Surface = { name: 'secrets', hostile: 0, broken: [], benign: 0, needless: [] };
	const world = makeWorld();
	const places = plant(world);
	const env = Object.fromEntries(inEnvironment.map((name, at) => [name, word(at)]));
	const log = join(world.base, 'state', 'debug.log');
	const { came, stderr } = await play(world, calls, { flags: ['--approval-mode', 'yolo', '--sandbox', '--verbose', '--debug', log], env });
	const kept = keptIn(world).concat(exported(world, env));
	for (const [at, place] of places.entries()) {
		const isRead = place.startsWith('read ');
		const value = isRead ? token(at) : word(at);
		surface.hostile++;
		// What is read on purpose a person may see. What the model is told of it, test/engine/masking.test.ts looks at.
		const reader = isRead ? undefined : came.find(({ text }) => text.includes(value));
		const where = [
			reader && `the result of ${JSON.stringify(reader.args)}`,
			!isRead && stderr.includes(value) && 'what was said',
			...kept.filter(({ text }) => text.includes(value)).map(({ path }) => path),
		].filter(Boolean);
		if (where.length > 0) surface.broken.push(`${place}: in ${where.join(', ')}`);
	}
	if (came.length < calls.length) surface.broken.push(`only ${came.length} of ${calls.length} calls were made: ${stderr.slice(-300)}`);
	if (!kept.some(({ text }) => text.includes('MASKED_SECRET_'))) surface.broken.push('nothing was masked, so nothing was read');
	removeWorld(world);
	return surface;
}

/** Puts them there; gives where each one is, by its number. */
function plant(world: World): string[] {
	const places = inEnvironment.map(name => `the variable ${name}`);
	const put = (path: string, said: string) => {
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, `${said}\n`);
	};
	for (const name of inHome) put(join(world.home, name), word(places.push(`~/${name}`) - 1));
	for (const name of inFolder) put(join(world.ws, name), word(places.push(name) - 1));
	for (const name of read) put(join(world.ws, name), `TOKEN = "${token(places.push(`read ${name}`) - 1)}"`);
	bash(world, `git remote add origin https://user:${token(places.push('read the address of the remote') - 1)}@127.0.0.1/x.git`);
	const script = 'console.log(JSON.stringify(process.env)); process.exit(1)';
	writeFileSync(join(world.ws, 'package.json'), JSON.stringify({ scripts: { test: `node -e "${script}"` } }));
	return places;
}

/** All that is kept, as texts, but for the bytes from which undo brings files back. */
const keptIn = ({ base }: World): { path: string; text: string }[] =>
	['state', 'cache', 'config'].flatMap(name =>
		readdirSync(join(base, name), { recursive: true, withFileTypes: true })
			.filter(entry => entry.isFile() && !entry.parentPath.includes('/undo/'))
			.map(entry => join(entry.parentPath, entry.name))
			.map(path => ({ path, text: readFileSync(path, 'latin1') })),
	);

/** The conversation as it is exported, what doctor says, and what the settings are. */
function exported(world: World, env: Record<string, string>): { path: string; text: string }[] {
	const [journal = ''] = globSync(join(world.base, 'state/qwill/projects/*/*.jsonl'));
	return [['sessions', 'export', basename(journal, '.jsonl')], ['doctor'], ['config']].map(words => ({
		path: words[0]!,
		text: execFileSync(process.execPath, [program, ...words], {
			cwd: world.ws,
			env: { ...environmentOf(world), ...env },
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		}),
	}));
}
