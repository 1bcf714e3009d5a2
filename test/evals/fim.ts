import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { dialects } from '../../src/engine/dialects/all.js';
import type { Engine } from '../../src/engine/engine.js';
import { localEngine } from '../../src/engine/local/local.js';
import { greedy } from '../../src/engine/sampling.js';
import { fillHole } from '../../src/jobs/fill.js';
import { places } from '../../src/places.js';
import { Refusal } from '../../src/types.js';
import { passes } from './python.js';
import { startLlamaServer } from './reference.js';

/**
 * `npm run eval:fim`: how many holes of one line are filled so that the item's own test passes, and how many llama-server's
 * /infill fills on the same weights, where QWILL_LLAMA_SERVER names one. The items are read where they lie and never kept.
 */

const usage = `npm run eval:fim -- [options]

  --model PATH   the GGUF file that both sides run (default: the installed 0.5B)
  --items A-B    which items, from 1 (default: 1-60)
  --data FILE    lines of JSON with prompt, suffix, canonical_solution, test and entry_point
                 (default: ../shared/evals/fim-singleline-100.jsonl)
  --threads N    default: all
  --json PATH    where the single results go (default: .tmp/eval-fim.json)
`;

const checkout = join(import.meta.dirname, '..', '..');
const itemShape = z.object({
	task_id: z.string(),
	prompt: z.string(),
	suffix: z.string(),
	canonical_solution: z.string(),
	test: z.string(),
	entry_point: z.string(),
});
type Item = z.infer<typeof itemShape>;
/** `exact`: the very line of the original. `firstMs`: until the first token, all read anew. */
type Judged = { text: string; right: boolean; exact: boolean; firstMs: number };
type Result = { id: string; qwill: Judged; reference?: Judged };

/** Tokens that the reference may write: more than any line has. */
const referenceTokens = 64;

async function evaluate(): Promise<number> {
	const { model, data, threads, json, from, to } = options();
	const items = readFileSync(data, 'utf8')
		.split('\n')
		.filter(Boolean)
		.map(line => itemShape.parse(JSON.parse(line)))
		.slice(from - 1, to);
	const engine = engineOn(model, threads);
	const program = process.env.QWILL_LLAMA_SERVER;
	const reference = program ? await startLlamaServer(program, model, threads) : undefined;
	const results: Result[] = [];
	try {
		for (const item of items) {
			const result: Result = { id: item.task_id, qwill: await judge(item, await ours(item, engine)) };
			if (reference) result.reference = await judge(item, await theirs(item, reference.engine));
			results.push(result);
			const sign = (judged: Judged | undefined) => (judged === undefined ? '' : judged.right ? ' right' : ' wrong');
			process.stderr.write(
				`${results.length} of ${items.length}: qwill${sign(result.qwill)}${reference ? `, /infill${sign(result.reference)}` : ''}\n`,
			);
		}
	} finally {
		await Promise.all([engine.close(), reference?.close()]);
	}
	mkdirSync(dirname(json), { recursive: true });
	writeFileSync(json, `${JSON.stringify({ model: basename(model), from, to, results }, undefined, '\t')}\n`);
	process.stdout.write(`${basename(model)}, items ${from} to ${from + results.length - 1}\n`);
	process.stdout.write(
		row(
			'qwill',
			results.map(({ qwill }) => qwill),
		),
	);
	const theirsJudged = results.flatMap(({ reference: judged }) => judged ?? []);
	process.stdout.write(
		theirsJudged.length > 0 ? row('llama-server /infill', theirsJudged) : 'no reference on this machine (QWILL_LLAMA_SERVER)\n',
	);
	const ratios = results.flatMap(({ qwill, reference: other }) => (other ? qwill.firstMs / other.firstMs : [])).sort((a, b) => a - b);
	if (ratios.length > 0) process.stdout.write(`first token, ours to theirs, ${spread(ratios)}\n`);
	process.stdout.write(`The single results are in ${json}\n`);
	return 0;
}

function row(name: string, judged: readonly Judged[]): string {
	const count = (holds: (one: Judged) => boolean) => judged.filter(holds).length;
	return `${name.padEnd(22)}${count(one => one.right)} of ${judged.length} right, ${count(one => one.exact)} as in the original\n`;
}

const spread = (sorted: readonly number[]): string =>
	`median ${sorted[sorted.length >> 1]?.toFixed(2)} (${sorted[0]?.toFixed(2)} to ${sorted.at(-1)?.toFixed(2)}, n ${sorted.length})`;

type Filled = { texts: string[]; firstMs: number };

async function ours({ prompt: before, suffix: after }: Item, engine: Engine): Promise<Filled> {
	const started = performance.now();
	let firstMs: number | undefined;
	const timed: Pick<Engine, 'fill'> = {
		fill: (hole, signal, see) =>
			engine.fill(hole, signal, text => {
				firstMs ??= performance.now() - started;
				see?.(text);
			}),
	};
	const text = (await fillHole({ before, after }, timed, new AbortController().signal)) ?? '';
	return { texts: [text], firstMs: firstMs ?? performance.now() - started };
}

/** It does not stop at the line's end: its whole text counts, and its first line. The first token is asked for alone. */
async function theirs({ prompt: before, suffix: after }: Item, engine: Engine): Promise<Filled> {
	const { signal } = new AbortController();
	const hole = { before, after, maxTokens: referenceTokens, sampling: greedy };
	const started = performance.now();
	await engine.fill({ ...hole, maxTokens: 1 }, signal);
	const firstMs = performance.now() - started;
	const text = (await engine.fill(hole, signal)) ?? '';
	return { texts: [`${text.split('\n')[0] ?? ''}\n`, text], firstMs };
}

/** The first of the texts that is right, else the first. */
async function judge(item: Item, { texts, firstMs }: Filled): Promise<Judged> {
	for (const text of texts) {
		const program = `${item.prompt}${text}${item.suffix}\n${item.test}\ncheck(${item.entry_point})\n`;
		if (await passes(program)) return { text, right: true, exact: isExact(text, item), firstMs };
	}
	const [text = ''] = texts;
	return { text, right: false, exact: isExact(text, item), firstMs };
}

const isExact = (text: string, item: Item): boolean => text.trimEnd() === item.canonical_solution.trimEnd();

const engineOn = (modelPath: string, threads: number): Engine =>
	localEngine({
		modelPath,
		name: basename(modelPath),
		tier: 'T0',
		dialect: dialects.fenced,
		contextSize: 4096,
		threads,
		batchSize: 128,
		useMmap: true,
		gpu: false,
	});

function options() {
	const text = { type: 'string' } as const;
	const { values } = parseArgs({ options: { model: text, items: text, data: text, threads: text, json: text } });
	const [, from = '1', to = '60'] = /^(\d+)-(\d+)$/.exec(values.items ?? '1-60') ?? [];
	return {
		model: values.model ?? join(places.models(), 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf'),
		data: values.data ?? join(checkout, '..', 'shared', 'evals', 'fim-singleline-100.jsonl'),
		json: values.json ?? join(checkout, '.tmp', 'eval-fim.json'),
		threads: Number(values.threads ?? availableParallelism()),
		from: Number(from),
		to: Number(to),
	};
}

try {
	process.exitCode = await evaluate();
} catch (error) {
	process.stderr.write(error instanceof Refusal ? `${error.message}\n` : `${String(error)}\n\n${usage}`);
	process.exitCode = 1;
}
