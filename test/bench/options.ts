import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Refusal } from '../../src/types.js';

export type BenchOptions = {
	/** Ids to measure; all when empty. `P4` means P4b and P4c too. */
	only: readonly string[];
	model: string | undefined;
	pairs: number;
	/** Neither wait for a quiet machine nor drop what others disturbed: to see that it works. */
	rough: boolean;
	json: string;
	buildReference: boolean;
};

/** Pairs below which a figure is not to be quoted. */
export const fewestPairs = 5;

export const usage = `npm run bench -- [options]

  --only P1,P4        these figures only (P4 means P4b and P4c too)
  --model PATH        the GGUF file that both sides run (default: the installed 0.5B)
  --pairs N           pairs of runs for each figure (default and least for a figure worth quoting: ${fewestPairs})
  --rough             do not wait for a quiet machine and drop no disturbed run: to see that it works
  --json PATH         where the figures go as JSON (default: .tmp/bench.json)
  --build-reference   build llama-bench, llama-server and llama-completion from the source inside node-llama-cpp, and end
`;

/** Reads the command line. Throws `Refusal` 42 for what it does not know. */
export function readOptions(argv: readonly string[], ids: readonly string[]): BenchOptions {
	const { values } = parsed(argv);
	const only = (values.only ?? '').split(',').flatMap(id => (id.trim() ? [id.trim()] : []));
	const stranger = only.find(id => !ids.some(known => selects(id, known)));
	if (stranger !== undefined) throw new Refusal(`There is no figure ${stranger}; there are ${ids.join(', ')}.`, 42);
	const pairs = Number(values.pairs ?? fewestPairs);
	if (!Number.isInteger(pairs) || pairs < 1) throw new Refusal(`--pairs is a whole number from 1, not "${values.pairs}".`, 42);
	return {
		only,
		model: values.model,
		pairs,
		rough: values.rough ?? false,
		json: values.json ?? join('.tmp', 'bench.json'),
		buildReference: values['build-reference'] ?? false,
	};
}

function parsed(argv: readonly string[]) {
	const text = { type: 'string' } as const;
	const flag = { type: 'boolean' } as const;
	try {
		return parseArgs({
			args: [...argv],
			options: { only: text, model: text, pairs: text, json: text, rough: flag, 'build-reference': flag },
		});
	} catch (error) {
		throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, 42);
	}
}

/** Whether `id` as written on the command line means this figure: its own name, or that of its family. */
export const selects = (id: string, figure: string): boolean => figure === id || (/^P\d+$/.test(id) && figure.replace(/[a-z]$/, '') === id);
