import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Access } from './engine/remote/request.js';
import { servedBy } from './engine/remote/server.js';
import { type ChosenModel, chooseModel } from './models/choose.js';
import { type Gpu, lookAtMachine, type Machine } from './models/machine.js';
import { gigabytes } from './models/plan.js';
import { askProgram } from './models/programs.js';
import { rememberedDigest } from './models/verify.js';
import { lookAtServer } from './open-server.js';
import { places } from './places.js';
import { exactLine } from './sanitise.js';
import { Refusal } from './types.js';
import { boxOf, type Wish } from './workspace/sandbox/box.js';

/** One finding. `fix` is what to type or do. */
export type Finding = { ok: boolean | 'warn'; what: string; detail: string; fix?: string };
export type Report = { lines: Finding[]; exitCode: 0 | 1 | 41 };

/** `server` is where the wanted model is, when it is not on this machine. */
type Wanted = { root: string; modelWanted: string | undefined; server?: Access | undefined; box?: Wish };

/**
 * Looks at everything that qwill needs and says what is there, what is missing and what to do. Loads no engine, touches no
 * network but the `server` and nothing in `root` but its folder entry. Exit code 41 without a usable model, 1 when something
 * else is broken.
 */
export async function doctor({ root, modelWanted, server, box = 'where it works' }: Wanted): Promise<Report> {
	const machine = await lookAtMachine();
	const model = server ? await serverFinding(server, modelWanted) : await modelFinding(modelWanted, machine);
	const others = [
		machineFinding(machine),
		nodeFinding(),
		engineFinding(machine),
		...(await Promise.all([
			sandboxFinding(root, box),
			gitFinding(),
			pipFinding(),
			diskFinding(),
			folderFinding('Project', root),
			folderFinding('State', join(places.state(), 'projects')),
		])),
		terminalFinding(),
	];
	const lines = [...others.slice(0, 3), model, ...others.slice(3)];
	const broken = others.some(line => line.ok === false);
	return { lines, exitCode: model.ok === false ? 41 : broken ? 1 : 0 };
}

/** The report as text, a line or two for each finding, safe for a terminal. */
export function renderReport({ lines }: Report): string {
	const width = Math.max(...lines.map(line => line.what.length));
	return lines
		.map(({ ok, what, detail, fix }) => {
			const mark = ok === 'warn' ? '!' : ok ? '✓' : '✗';
			return `${mark} ${what.padEnd(width)}  ${exactLine(detail)}\n${fix ? `  ${' '.repeat(width)}  → ${exactLine(fix)}\n` : ''}`;
		})
		.join('');
}

function machineFinding(machine: Machine): Finding {
	const cores = `${machine.cores} core${machine.cores === 1 ? '' : 's'}`;
	const memory = `${gigabytes(machine.memoryAvailable)} of ${gigabytes(machine.memoryTotal)} memory free`;
	return { ok: true, what: 'Machine', detail: `${machine.cpu}, ${cores}, ${memory}, ${gpuText(machine.gpu)}` };
}

function gpuText(gpu: Gpu | undefined): string {
	if (!gpu) return 'no graphics card seen';
	return `${gpu.name} (${gpu.kind}${gpu.memory ? `, ${gigabytes(gpu.memory)}` : ''})`;
}

function nodeFinding(): Finding {
	const major = Number(process.versions.node.split('.')[0]);
	if (major >= 22) return { ok: true, what: 'Node', detail: process.versions.node };
	return {
		ok: false,
		what: 'Node',
		detail: `${process.versions.node}, and qwill needs 22 or newer`,
		fix: 'install a newer Node, or start through `npm start` in a checkout',
	};
}

/** The names under which node-llama-cpp publishes its binaries. */
const platformNames: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'mac', win32: 'win' };

function engineFinding({ platform, arch, gpu }: Machine): Finding {
	const base = `${platformNames[platform] ?? platform}-${arch === 'arm' ? 'armv7l' : arch}`;
	const plain = base === 'mac-arm64' ? 'mac-arm64-metal' : base;
	if (!isInstalled(plain)) {
		return {
			ok: false,
			what: 'Engine',
			detail: `no binary of node-llama-cpp for ${plain} is installed`,
			fix: 'run `npm install` without --omit=optional; musl systems and other processors have none',
		};
	}
	const wanted = gpu && gpu.kind !== 'metal' ? `${base}-${gpu.kind}` : undefined;
	if (wanted && !isInstalled(wanted))
		return {
			ok: 'warn',
			what: 'Engine',
			detail: `${plain} is installed, ${wanted} for the graphics card is not`,
			fix: `npm install @node-llama-cpp/${wanted}`,
		};
	return { ok: true, what: 'Engine', detail: `node-llama-cpp for ${wanted ?? plain}` };
}

function isInstalled(name: string): boolean {
	try {
		createRequire(import.meta.url).resolve(`@node-llama-cpp/${name}`);
		return true;
	} catch {
		return false;
	}
}

async function modelFinding(wanted: string | undefined, machine: Machine): Promise<Finding> {
	try {
		const chosen = await chooseModel(wanted, machine);
		if ('header' in chosen) return await chosenFinding(chosen);
		const { missing } = chosen;
		return {
			ok: 'warn',
			what: 'Model',
			detail: `${missing.name} is not here yet (${gigabytes(missing.bytes)}); the first start fetches it`,
			fix: `qwill models pull ${missing.id}`,
		};
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return { ok: false, what: 'Model', detail: error.message, fix: 'qwill models list' };
	}
}

async function serverFinding(access: Access, wanted: string | undefined): Promise<Finding> {
	try {
		const server = await lookAtServer(access);
		const { id, contextSize } = servedBy(server, wanted);
		const size = contextSize === undefined ? '' : `, ${contextSize.toLocaleString('en-US')} tokens`;
		const others = server.models.length > 1 ? `; ${server.models.length} models there` : '';
		const kind = server.kind === 'other' ? 'a server' : server.kind;
		return { ok: true, what: 'Model', detail: `${id}${size}, on ${kind} at ${server.address.shown}${others}` };
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return { ok: false, what: 'Model', detail: error.message };
	}
}

async function chosenFinding(model: ChosenModel): Promise<Finding> {
	const digest = await rememberedDigest(model.path);
	const checked = model.entry?.sha256 ? 'checked against the known digest' : 'of unknown origin, digest remembered';
	const detail = `${model.name}: ${model.why}; ${model.plan.why}; SHA-256 ${digest?.slice(0, 12)}…, ${checked}`;
	return { ok: true, what: 'Model', detail };
}

/** Tried, not guessed. One that is wanted in any case and cannot be had is a fault. */
async function sandboxFinding(root: string, wish: Wish): Promise<Finding> {
	const what = 'Sandbox';
	const boxed = await boxOf(root, wish === 'always' ? 'where it works' : wish);
	if (boxed.on) {
		const asRoot = process.getuid?.() === 0 ? '; you are root, whom it holds less firmly than another person' : '';
		return { ok: true, what, detail: `${boxed.engine} works: commands write in this folder only and reach no network${asRoot}` };
	}
	const detail = `${boxed.why}: every command asks, and runs as you`;
	return { ok: wish === 'always' ? false : 'warn', what, detail, ...(boxed.fix === undefined ? {} : { fix: boxed.fix }) };
}

async function gitFinding(): Promise<Finding> {
	const version = /\d+(\.\d+)+/.exec((await askProgram('git', ['--version'])) ?? '')?.[0];
	if (version) return { ok: true, what: 'git', detail: version };
	return { ok: 'warn', what: 'git', detail: 'not found: no branch, diff or commit', fix: 'install git' };
}

async function pipFinding(): Promise<Finding> {
	const answer = await askProgram('python3', ['-m', 'pip', '--version'], 5000);
	const version = /^pip (\S+)/.exec(answer ?? '')?.[1];
	if (version) return { ok: true, what: 'pip', detail: `${version}, the second way to fetch the small models` };
	return {
		ok: 'warn',
		what: 'pip',
		detail: 'python3 with pip not found: models come from the model hub only',
		fix: 'install python3 and pip, if the hub cannot be reached',
	};
}

async function diskFinding(): Promise<Finding> {
	const folder = await existing(places.models());
	const stats = await statfs(folder);
	const free = stats.bavail * stats.bsize;
	const detail = `${gigabytes(free)} free for models in ${places.models()}`;
	return free > 1.2e9
		? { ok: true, what: 'Disk', detail }
		: { ok: 'warn', what: 'Disk', detail, fix: 'free some space, or let XDG_CACHE_HOME point to a larger disk' };
}

async function folderFinding(what: string, path: string): Promise<Finding> {
	const folder = await existing(path);
	if (!(await stat(folder)).isDirectory())
		return { ok: false, what, detail: `${path} cannot be made: ${folder} is not a folder`, fix: `move ${folder} away` };
	return access(folder, constants.W_OK).then(
		() => ({ ok: true, what, detail: path }),
		() => ({ ok: what === 'Project' ? 'warn' : false, what, detail: `${path} cannot be written to`, fix: `make ${folder} writable` }),
	);
}

/** The path itself, or the nearest folder above it that exists. */
async function existing(path: string): Promise<string> {
	for (let folder = path; ; folder = dirname(folder)) {
		const there = await access(folder).then(
			() => true,
			() => false,
		);
		if (there || folder === dirname(folder)) return folder;
	}
}

function terminalFinding(): Finding {
	const { env, stdout } = process;
	if (!stdout.isTTY) return { ok: true, what: 'Terminal', detail: 'output goes to no terminal: one-shot only, no colours' };
	const colours = env.NO_COLOR ? 'no colours (NO_COLOR)' : `${2 ** stdout.getColorDepth()} colours`;
	const detail = `${env.TERM ?? 'unnamed'}, ${stdout.columns}×${stdout.rows}, ${colours}`;
	if (env.TERM === 'dumb' || stdout.columns < 40)
		return { ok: 'warn', what: 'Terminal', detail, fix: 'the chat wants a terminal of at least 40 columns that can move its cursor' };
	const utf8 = /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '') || process.platform !== 'linux';
	return utf8
		? { ok: true, what: 'Terminal', detail }
		: { ok: 'warn', what: 'Terminal', detail: `${detail}, and the locale is not UTF-8`, fix: 'export LANG=C.UTF-8' };
}
