/** Cases that try to make qwill do what it must not (`hostile`), and ordinary ones that it must let through (`benign`). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Attack = {
	id: string;
	kind: 'hostile' | 'benign';
	class: string;
	part?: string;
	/** What the model writes, or what is planted; of git's arguments a list. */
	input: string | string[];
	given?: {
		action?: string;
		/** bash, run in the work folder before. */
		setup?: string;
		/** Empty files that are there. */
		files?: string[];
		rules?: { allow?: string[]; deny?: string[] };
		cwd?: string;
		workspace?: string;
		without?: string;
		then?: string;
		slot?: string;
	};
	/** git: the file that appears where the plant ran. */
	marker?: string;
	must_hold: string;
	why: string;
};

/** The cases of one surface: `shell`, `sandbox`, `git-repo`, `git-args`, `paths`, `terminal`. */
export const attacks = (surface: string): Attack[] =>
	readFileSync(join(import.meta.dirname, 'attacks', `${surface}.jsonl`), 'utf8')
		.split('\n')
		.filter(Boolean)
		.map(line => JSON.parse(line) as Attack);
