import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { places } from '../../src/places.js';
import type { AgentEvent } from '../../src/types.js';
import { runGroup } from './group.js';
import { changed, newRepository, readFiles, writeFiles } from './repository.js';
import type { RepositoryItem, Said } from './suites/suite.js';
import { trailOf } from './trail.js';

/** What an arm makes of an item, before it is judged. */
export type Attempt<Made> = { made: Made; said?: Said; seconds: number; read: number; written: number; why: string };

export type Running = {
	model: string;
	seed: number;
	seconds: number;
	/** Whether it finds the other models of this machine, as a person's would. */
	cascade: boolean;
	/** A folder for what the program said, to be read. */
	keep: string | undefined;
};

const program = join(import.meta.dirname, '..', '..', 'bin', 'qwill.js');
/** Seconds over its own limit after which the program is ended: it may be in the middle of a test run. */
const grace = 30;

/** The built program, started once for each item as a person starts it. What it keeps on its machine is kept until `close`. */
export function openProgram(running: Running) {
	const cache = mkdtempSync(join(tmpdir(), 'qwill-eval-cache-'));
	if (running.cascade) {
		mkdirSync(join(cache, 'qwill'));
		symlinkSync(places.models(), join(cache, 'qwill', 'models'));
	}
	return {
		attempt: (item: RepositoryItem) => attempt(item, cache, running),
		close: () => rmSync(cache, { recursive: true, force: true }),
	};
}

async function attempt(item: RepositoryItem, cache: string, running: Running): Promise<Attempt<RepositoryItem['files']>> {
	const { model, seed, seconds, keep } = running;
	const place = newRepository(item.files, cache);
	writeFiles(place.root, item.changed ?? {});
	try {
		const options = ['-m', model, '-o', 'stream-json', '--approval-mode', 'yolo', '--seed', String(seed), '--offline'];
		const { stdout, stderr, ms, late } = await runGroup({
			program: process.execPath,
			args: [program, '-p', item.task, ...options, '--max-wall-time', String(seconds)],
			cwd: place.root,
			env: place.env,
			seconds: seconds + grace,
		});
		const made = readFiles(place.root);
		const events = journalIn(place.state);
		if (keep !== undefined) keepIn(keep, item.id, { 'stream.jsonl': stdout, stderr, 'events.jsonl': events.map(toLine).join('') });
		const { read, written, why, said } = trailOf(stdout, events);
		const paths = changed({ ...item.files, ...item.changed }, made);
		const notes = [late ? 'ended from outside' : '', why, paths.length > 0 ? `changed ${paths.join(', ')}` : 'changed nothing'];
		const attempt = { made, seconds: ms / 1000, read, written, why: notes.filter(Boolean).join('; ') };
		return said ? { ...attempt, said } : attempt;
	} finally {
		place.remove();
	}
}

function journalIn(state: string): AgentEvent[] {
	const paths = readdirSync(state, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.jsonl'));
	return paths.flatMap(path =>
		readFileSync(join(state, path), 'utf8')
			.split('\n')
			.filter(Boolean)
			.map(line => JSON.parse(line) as AgentEvent),
	);
}

const toLine = (event: AgentEvent): string => `${JSON.stringify(event)}\n`;

function keepIn(folder: string, id: string, texts: Readonly<Record<string, string>>): void {
	const at = join(folder, id.replace(/[^\w.+-]+/g, '-'));
	mkdirSync(at, { recursive: true });
	for (const [name, text] of Object.entries(texts)) writeFileSync(join(at, name), text);
}
