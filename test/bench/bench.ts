import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../../src/types.js';
import type { Row } from './figures.js';
import { calmWithin, describeMachine, uncalm } from './machine.js';
import { type Bench, measures } from './measures.js';
import { weightsAt } from './model.js';
import { type BenchOptions, fewestPairs, readOptions, selects } from './options.js';
import { buildReference, findReference } from './reference.js';
import { table } from './table.js';

/** `npm run bench`: measures this program beside its references, one table and one JSON file. No test depends on it. */

const root = join(import.meta.dirname, '..', '..');
/** How long each run waits for other programs to come to rest. */
const waitMs = 600_000;

type Failure = { ids: readonly string[]; why: string };

async function bench(options: BenchOptions): Promise<number> {
	if (options.buildReference) {
		const { folder, release } = await buildReference();
		process.stdout.write(`The reference, llama.cpp ${release}, is in ${folder}\n`);
		return 0;
	}
	const weights = await weightsAt(options.model);
	const beside = findReference(weights.gpu);
	const chosen: Bench = { weights, beside, effort: { pairs: options.pairs, calm: options.rough ? uncalm : calmWithin(waitMs) } };
	const about = describe(chosen, options);
	process.stderr.write(`${about.join('\n')}\n\n`);
	const rows: Row[] = [];
	const failures: Failure[] = [];
	const wanted = (id: string) => options.only.length === 0 || options.only.some(one => selects(one, id));
	for (const { ids, run } of measures.filter(measure => measure.ids.some(wanted))) {
		const started = performance.now();
		process.stderr.write(`${ids.join(', ')} … `);
		try {
			rows.push(...(await run(chosen)).filter(row => wanted(row.id)));
		} catch (error) {
			failures.push({ ids, why: error instanceof Refusal ? error.message : String(error instanceof Error ? error.stack : error) });
		}
		const failed = failures.some(failure => failure.ids === ids);
		process.stderr.write(`${failed ? 'not measured, ' : ''}${Math.round((performance.now() - started) / 1000)} s\n`);
		keep(options.json, { about, rows, failures });
	}
	const missed = failures.map(({ ids, why }) => `${ids.join(', ')} not measured: ${why}`);
	process.stdout.write(`${[`\n${about.join('\n')}\n`, table(rows), ...missed].join('\n')}\nThe single runs are in ${options.json}\n`);
	return failures.length > 0 ? 1 : 0;
}

/** Everything that a figure depends on. */
function describe({ weights, beside, effort }: Bench, { rough }: BenchOptions): string[] {
	const version = (path: string) => (JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as { version: string }).version;
	const quotable = !rough && effort.pairs >= fewestPairs;
	return [
		...(quotable ? [] : ['NOT TO BE QUOTED: a rough run, or fewer than five pairs.']),
		`qwill ${version('')} (${commit()}), Node ${process.version}, node-llama-cpp ${version('node_modules/node-llama-cpp')}`,
		'missing' in beside
			? `llama.cpp: ${beside.missing} (npm run bench -- --build-reference)`
			: `llama.cpp ${beside.reference.release} (${beside.reference.commit}), ${beside.reference.compiler}, ${beside.reference.options.join(' ')}`,
		`${weights.name}, sha256 ${weights.sha256}, ${weights.threads} threads, f16 cache`,
		describeMachine(),
	];
}

function commit(): string {
	const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim();
	try {
		return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', 'src', 'prompts') ? ', changed since' : ''}`;
	} catch {
		return 'no commit'; // A package without its repository.
	}
}

/** After each figure: what a long run has measured is not lost with what it has not. */
function keep(path: string, results: object): void {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, `${JSON.stringify({ measured: new Date().toISOString(), ...results }, undefined, '\t')}\n`);
}

try {
	process.exitCode = await bench(
		readOptions(
			process.argv.slice(2),
			measures.flatMap(({ ids }) => ids),
		),
	);
} catch (error) {
	if (!(error instanceof Refusal)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = error.exitCode;
}
