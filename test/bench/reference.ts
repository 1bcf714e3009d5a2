import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { places } from '../../src/places.js';
import { Refusal } from '../../src/types.js';

/** llama.cpp itself, the release that node-llama-cpp brings as a prebuilt library, built here for this processor. */
export type Reference = { folder: string; release: string; commit: string; compiler: string; options: string[] };

/** The other side of a figure, or why it is missing on this machine. */
export type Beside = { reference: Reference } | { missing: string };

const programs = ['llama-bench', 'llama-server', 'llama-completion'] as const;
export type ReferenceProgram = (typeof programs)[number];

const options = [
	'-DCMAKE_BUILD_TYPE=Release',
	'-DGGML_NATIVE=ON',
	'-DLLAMA_CURL=OFF',
	'-DLLAMA_BUILD_TESTS=OFF',
	'-DLLAMA_BUILD_EXAMPLES=OFF',
];
const bundled = join(dirname(fileURLToPath(import.meta.resolve('node-llama-cpp'))), '..', 'llama');
const infoFile = z.object({ tag: z.string() });
const builtFile = z.object({ release: z.string(), commit: z.string(), compiler: z.string(), options: z.array(z.string()) });
const run = promisify(execFile);

const releaseHere = (): string => infoFile.parse(JSON.parse(readFileSync(join(bundled, 'llama.cpp.info.json'), 'utf8'))).tag;
const folderOf = (release: string): string => join(places.cache(), 'reference', release);
const stampIn = (folder: string): string => join(folder, 'built.json');

/** Where this program of the reference is. */
export const programOf = ({ folder }: Reference, program: ReferenceProgram): string => join(folder, 'build', 'bin', program);

/** What an earlier `--build-reference` made for the release in use. `gpu` names a card, which that build does not use. */
export function findReference(gpu: string | undefined): Beside {
	if (gpu !== undefined) return { missing: `no reference on this machine: qwill uses ${gpu}, the reference is built for the processor` };
	const release = releaseHere();
	const folder = folderOf(release);
	if (!existsSync(stampIn(folder))) return { missing: 'no reference on this machine' };
	const built = builtFile.parse(JSON.parse(readFileSync(stampIn(folder), 'utf8')));
	const reference = { folder, ...built };
	return programs.every(program => existsSync(programOf(reference, program))) ? { reference } : { missing: 'no reference on this machine' };
}

/**
 * Builds the reference from the source inside node-llama-cpp's package, if it is not there yet: a quarter of an hour on two
 * cores. What an interrupted build has made is used. Throws `Refusal` that says what is missing.
 */
export async function buildReference(): Promise<Reference> {
	const release = releaseHere();
	const folder = folderOf(release);
	const found = findReference(undefined);
	if ('reference' in found) return found.reference;
	const [compiler] = await Promise.all(
		[['c++', '--version'] as const, ['git', '--version'] as const, ['cmake', '--version'] as const, ['make', '--version'] as const].map(
			needed,
		),
	);
	mkdirSync(folder, { recursive: true });
	const source = join(folder, 'source');
	const build = join(folder, 'build');
	if (!existsSync(join(source, 'CMakeLists.txt'))) await shown('git', ['clone', '--quiet', join(bundled, 'gitRelease.bundle'), source]);
	await shown('cmake', ['-S', source, '-B', build, ...options]);
	await shown('make', ['-C', build, `-j${availableParallelism()}`, ...programs]);
	const { stdout: commit } = await run('git', ['-C', source, 'rev-parse', '--short', 'HEAD']);
	const built = { release, commit: commit.trim(), compiler: compiler ?? '', options };
	writeFileSync(stampIn(folder), `${JSON.stringify(built, undefined, '\t')}\n`);
	return { folder, ...built };
}

/** The first line of what a program says of its version. */
async function needed([program, flag]: readonly [string, string]): Promise<string> {
	try {
		return (await run(program, [flag])).stdout.split('\n', 1)[0] ?? '';
	} catch {
		const how = program === 'cmake' ? 'python3 -m pip install cmake' : `the package manager of your system (${program})`;
		throw new Refusal(`The reference cannot be built: there is no ${program} on this machine. It comes with: ${how}`);
	}
}

async function shown(program: string, args: readonly string[]): Promise<void> {
	const code = await new Promise<number | null>((resolve, reject) => {
		spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
			.on('error', reject)
			.on('exit', resolve);
	});
	if (code !== 0) throw new Refusal(`${program} ${args[0] ?? ''} failed; the lines above say why. What was built so far is kept.`);
}

/** Tokens a second that llama-bench measures with these arguments, once. */
export async function llamaBench(reference: Reference, args: readonly string[]): Promise<number> {
	const { stdout } = await run(programOf(reference, 'llama-bench'), [...args, '-r', '1', '-o', 'json'], { maxBuffer: 2 ** 24 });
	return tokensPerSecond(stdout);
}

const benchOutput = z.array(z.object({ avg_ts: z.number().positive() })).length(1);

/** The figure in the JSON of llama-bench, which must hold exactly one. Throws `Refusal` on anything else. */
export function tokensPerSecond(json: string): number {
	try {
		return benchOutput.parse(JSON.parse(json))[0]!.avg_ts;
	} catch {
		throw new Refusal(`llama-bench printed no figure: ${json.slice(0, 200)}`);
	}
}
