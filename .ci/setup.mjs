// Makes a checkout ready to run: dependencies, then dist. Runs before `npm start` and `npm test`, on any Node from 20, with
// nothing but what Node brings. Says on stderr what it does; when there is nothing to do, it says nothing and takes a moment.
// `--no-model` is accepted and changes nothing: the program itself fetches a model at its first start.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const at = (...parts) => join(root, ...parts);

const say = sentence => process.stderr.write(`qwill: ${sentence}\n`);
const fail = sentence => {
	say(sentence);
	process.exit(1);
};

setUpDependencies();
build();

/** Installs when package-lock.json asks for something else than node_modules holds. */
function setUpDependencies() {
	const stamp = join(modules, '.qwill-stamp');
	const wanted = digest([at('package.json'), at('package-lock.json')]);
	if (read(stamp) === wanted) return;
	if (!installedAsLocked()) install();
	for (const { file, ready, advice } of natives()) {
		if (ready()) continue;
		if (advice.required) fail(`${file} did not arrive. ${advice.words}`);
		say(`${file} did not arrive. ${advice.words}`);
	}
	writeFileSync(stamp, wanted);
}

function install() {
	const fresh = !existsSync(modules);
	say(fresh ? 'installing the dependencies (once, a few minutes)…' : 'the dependencies have changed; installing…');
	// Not `npm ci`: it refuses a lock file that lacks packages of other systems, and throws away what is there. The lock still holds.
	const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
	const npm = process.env.npm_execpath;
	const done = npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args);
	if (done !== 0) fail('npm could not install the dependencies. Check the network, then type: npm install');
}

/** Whether every package of package-lock.json is there in its version; those for other machines may be missing. */
function installedAsLocked() {
	const installed = json(join(modules, '.package-lock.json'))?.packages;
	const locked = json(at('package-lock.json'))?.packages;
	if (!installed || !locked) return false;
	return Object.entries(locked).every(
		([path, { version, optional, devOptional }]) =>
			path === '' || installed[path]?.version === version || (!installed[path] && (optional || devOptional)),
	);
}

/**
 * What comes by install scripts or as a package for this machine alone, and npm may hold back. Node is only needed where the
 * one at hand is too old.
 */
function natives() {
	const { platform, arch } = process;
	const node = join(modules, 'node', 'bin', 'node');
	const engine =
		{
			'darwin-arm64': 'mac-arm64-metal',
			'darwin-x64': 'mac-x64',
			'win32-x64': 'win-x64',
			'win32-arm64': 'win-arm64',
			'linux-arm': 'linux-armv7l',
		}[`${platform}-${arch}`] ?? `${platform}-${arch}`;
	const tooOld = Number(process.versions.node.split('.')[0]) < 22;
	const there = name => () => existsSync(join(modules, ...name.split('/')));
	return [
		{
			file: 'node_modules/node/bin/node',
			ready: () => starts(node) || (run('npm', ['rebuild', 'node']) === 0 && starts(node)),
			advice: {
				required: tooOld,
				words: `npm holds install scripts back until they are approved. Type: npm approve-scripts node && npm rebuild node${tooOld ? '' : ' (not needed with this Node)'}`,
			},
		},
		{
			file: `@node-llama-cpp/${engine}`,
			ready: there(`@node-llama-cpp/${engine}`),
			advice: { required: false, words: 'Without it no model runs here. Type: npm install --include=optional' },
		},
		{
			file: `@lydell/node-pty-${platform}-${arch}`,
			ready: there(`@lydell/node-pty-${platform}-${arch}`),
			advice: { required: false, words: 'Only the tests in test/pty need it. Type: npm install --include=optional' },
		},
	];
}

/** Compiles src into dist when a file of it has changed. The old dist stays until the new one is whole. */
function build() {
	const stamp = join(modules, '.qwill-build');
	const wanted = digest([at('tsconfig.json'), at('package-lock.json'), ...filesUnder(at('src'))]);
	if (read(stamp) === wanted && existsSync(at('dist', 'main.js'))) return;
	say('building…');
	const fresh = at('.tmp', 'dist');
	rmSync(fresh, { recursive: true, force: true });
	if (run(join(modules, '.bin', 'tsc'), ['-p', 'tsconfig.json', '--outDir', fresh, '--noEmitOnError']) !== 0) {
		rmSync(fresh, { recursive: true, force: true });
		fail('src could not be compiled; see the lines above.');
	}
	rmSync(at('dist'), { recursive: true, force: true });
	renameSync(fresh, at('dist'));
	writeFileSync(stamp, wanted);
}

/** The exit status; everything the program prints goes to stderr. Programs of node_modules come first, Node among them. */
function run(program, args) {
	const env = { ...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH ?? ''}` };
	const { status, error } = spawnSync(program, args, { cwd: root, env, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
	if (error) say(`${program} does not start: ${error.message}`);
	return status;
}

function starts(node) {
	return existsSync(node) && spawnSync(node, ['--version'], { stdio: 'ignore' }).status === 0;
}

function digest(files) {
	const hash = createHash('sha256');
	for (const file of files) hash.update(`${file}\0${read(file) ?? ''}\0`);
	return hash.digest('hex');
}

function filesUnder(folder) {
	const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
	return entries.flatMap(entry => (entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function read(file) {
	return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function json(file) {
	const text = read(file);
	return text === undefined ? undefined : JSON.parse(text);
}
