import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Refusal } from '../../src/types.js';
import { type ArmName, armNames } from './arms.js';
import { suites } from './suites/all.js';
import type { Suite } from './suites/suite.js';

export const usage = `npm run eval -- [options]

  --suite A,B        ${suites.map(({ name }) => name).join(', ')} (default: all)
  --arm A,B          qwill (the built program), bare (one plain answer of the same model), llama-server (the same there,
                     where QWILL_LLAMA_SERVER names it), or canonical (the items' own solutions: is the judge sound here?)
                     (default: qwill, bare, and llama-server where there is one)
  --model M          an installed model's id, or a GGUF file (default: qwen2.5-coder-0.5b)
  --cascade          the program finds the other models of this machine too
  --limit N          items of each suite at the most (default: all)
  --offset N         items of each suite that are passed over (default: 0)
  --seed N           the program's seed (default: 1)
  --seconds N        what an item may take (default: the suite's own: 60, or 180)
  --minutes N        begins no further item after that time; --resume goes on
  --resume FILE      results as lines of JSON: what is in it is not run again, what is run is added
                     (default: a new file under .tmp/evals)
  --json FILE        where the report goes (default: beside the results)
  --keep FOLDER      keeps what the program said of each item
  --data FOLDER      the items (default: QWILL_EVALS, or ../shared/evals beside the checkout)
`;

export type Options = {
	suites: readonly Suite[];
	arms: readonly (ArmName | 'canonical')[];
	model: string;
	cascade: boolean;
	limit: number;
	offset: number;
	seed: number;
	seconds: number | undefined;
	minutes: number;
	log: string;
	json: string;
	keep: string | undefined;
	data: string;
};

const checkout = join(import.meta.dirname, '..', '..');

/** Reads the command line. Throws `Refusal` for what is no suite, arm or number. */
export function evalOptions(argv: readonly string[], env: NodeJS.ProcessEnv = process.env, now = new Date()): Options {
	const text = { type: 'string' } as const;
	const { values } = parseArgs({
		args: [...argv],
		options: {
			suite: text,
			arm: text,
			model: text,
			cascade: { type: 'boolean' },
			limit: text,
			offset: text,
			seed: text,
			seconds: text,
			minutes: text,
			resume: text,
			json: text,
			keep: text,
			data: text,
		},
	});
	const log = values.resume ?? join(checkout, '.tmp', 'evals', `${now.toISOString().slice(0, 19).replaceAll(':', '-')}.jsonl`);
	return {
		suites: chosen(
			values.suite,
			suites.map(({ name }) => name),
			'suite',
		).map(name => suites.find(suite => suite.name === name)!),
		arms: chosen(values.arm ?? `qwill,bare${env.QWILL_LLAMA_SERVER ? ',llama-server' : ''}`, [...armNames, 'canonical'] as const, 'arm'),
		model: values.model ?? 'qwen2.5-coder-0.5b',
		cascade: values.cascade ?? false,
		limit: number(values.limit, 'limit') ?? Number.POSITIVE_INFINITY,
		offset: number(values.offset, 'offset') ?? 0,
		seed: number(values.seed, 'seed') ?? 1,
		seconds: number(values.seconds, 'seconds'),
		minutes: number(values.minutes, 'minutes') ?? Number.POSITIVE_INFINITY,
		log,
		json: values.json ?? `${log.replace(/\.jsonl$/, '')}.report.json`,
		keep: values.keep,
		data: values.data ?? env.QWILL_EVALS ?? join(checkout, '..', 'shared', 'evals'),
	};
}

function chosen<Name extends string>(said: string | undefined, known: readonly Name[], what: string): Name[] {
	if (said === undefined) return [...known];
	return said.split(',').map(name => {
		const found = known.find(one => one === name.trim());
		if (found === undefined) throw new Refusal(`There is no ${what} "${name}". There are: ${known.join(', ')}.`, 42);
		return found;
	});
}

function number(said: string | undefined, what: string): number | undefined {
	if (said === undefined || /^\d+$/.test(said)) return said === undefined ? undefined : Number(said);
	throw new Refusal(`--${what} is a whole number, not "${said}".`, 42);
}
