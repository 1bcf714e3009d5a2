/**
 * The kernel sandbox: a program in it writes in one folder and a temporary one of its own, reads the system and what its tools
 * need, reaches no network and no other program, and is gone when its command has ended. Knows nothing of who asks or why.
 */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import type { Duplex } from 'node:stream';
import { Refusal } from '../../types.js';
import { closedDoors, type Doors } from './doors.js';
import { type Engine, enclosing } from './engines.js';
import { type Kept, keptFor } from './kept.js';
import { type Limits, usualLimits } from './limits.js';
import { placeOf, tooWide } from './place.js';
import { type Able, probe, trial } from './probe.js';
import { type Private, privateIn } from './secrets.js';

/** What boxes are asked for: wherever they work, nowhere, or so that without one nothing is run. */
export type Wish = 'where it works' | 'never' | 'always';

/** Whether the programs of a folder are boxed; if not, `why` (the end of a sentence) and what to do about it. */
export type Boxed =
	| { on: true; wish: Wish; engine: Engine['name']; box: Box; doors: Doors }
	| { on: false; wish: Wish; why: string; fix?: string };

/**
 * `links`: folders elsewhere that links in the root lead to. `thrownAway`: nothing that is made in the root is used by other programs,
 * and nothing is made elsewhere; `copyOf` is the folder that it is a copy of. `doors` are looked at whenever a program is started; without
 * any, all stay closed.
 */
export type BoxOptions = { links?: readonly string[]; thrownAway?: boolean; copyOf?: string; doors?: Doors | undefined };

export type Box = {
	/** What to start, instead of the program itself, to run it boxed in `folder`, inside the root. Each is started once. */
	launch(words: readonly string[], folder: string, env: Readonly<Record<string, string>>): Launch;
};

/** What is handed over: bytes to be read, `'told'`, where bubblewrap tells its process, or a channel of which the other end is served. */
export type Feed = Uint8Array | 'told' | { serve(channel: Duplex): void };

/** `feeds` are numbered from descriptor 3 on. */
export type Launch = {
	program: string;
	args: string[];
	env: Record<string, string>;
	feeds: readonly Feed[];
	limits: Limits;
	/** The command has ended. Gives sentences about what it left that other programs act on. */
	ended(): string[];
};

let known: Promise<Able> | undefined;

/** Whether boxes work on this machine; found out once. */
export const able = (): Promise<Able> => (known ??= probe(tryIn));

/** The box of the folder `root`, a real path. Throws `Refusal` 44 where it has to be and cannot. */
export async function boxOf(root: string, wish: Wish, options: BoxOptions = {}): Promise<Boxed> {
	if (wish === 'never') return { on: false, wish, why: 'it is switched off' };
	const wideness = tooWide(root);
	const machine = wideness === undefined ? await able() : { works: false as const, why: wideness };
	const { doors = closedDoors(root), ...rest } = options;
	if (machine.works) {
		const box = openBox(root, machine.engine, { ...rest, doors, kept: keptFor(root, rest.copyOf) });
		return { on: true, wish, engine: machine.engine.name, box, doors };
	}
	const { works: _, ...reason } = machine;
	if (wish === 'always') throw new Refusal(`No sandbox: ${reason.why}.${reason.fix ? ` To have one: ${reason.fix}.` : ''}`, 44);
	return { on: false, wish, ...reason };
}

type Opened = BoxOptions & { doors: Doors; kept?: Kept | undefined };

function openBox(root: string, engine: Engine, { links = [], thrownAway = false, doors, kept }: Opened): Box {
	// As the disk spells it, where capitals make no difference.
	const place = { ...placeOf(realpathSync.native(root), links), kept: kept?.folder };
	const privateNow = privateInAll();
	const enclosed = enclosing(engine);
	return {
		launch(words, folder, given) {
			const env = { ...kept?.env, ...given };
			const open = { folders: doors.folders(), hosts: thrownAway ? [] : doors.hosts() };
			const tops = [place.top, ...open.folders];
			const before = privateNow(tops);
			const limits = usualLimits();
			const { release, ...start } = enclosed({ place, ...open, private: before, words, folder, env, limits, thrownAway });
			return {
				...start,
				limits,
				ended() {
					release();
					return thrownAway ? [] : appeared(before.repositories, privateNow(tops).repositories, place.root);
				},
			};
		},
	};
}

/** As `privateIn`, for several folders, which are other ones from time to time. */
function privateInAll(): (tops: readonly string[]) => Private {
	const looks = new Map<string, () => Private>();
	return tops => {
		for (const top of tops) if (!looks.has(top)) looks.set(top, privateIn(top));
		const found = tops.flatMap(top => looks.get(top)?.() ?? []);
		const all = (kind: keyof Private) => [...new Set(found.flatMap(one => one[kind]))];
		return { secrets: all('secrets'), repositories: all('repositories') };
	};
}

/** A repository starts programs for whoever uses git in it later. */
const appeared = (before: readonly string[], after: readonly string[], root: string): string[] =>
	after.filter(path => !before.includes(path)).map(path => `This command made a repository: ${relative(root, path)}`);

/** Tries a box out in `folder`, and gives what it complains of. */
async function tryIn(folder: string, engine: Engine): Promise<string> {
	const options = { thrownAway: engine.name === 'bubblewrap', doors: closedDoors(folder) };
	const launch = openBox(folder, engine, options).launch(trial(engine), folder, {
		PATH: '/usr/bin:/bin',
	});
	const { program, args, env, feeds } = launch;
	const child = spawn(program, args, {
		cwd: folder,
		env,
		timeout: 10_000,
		killSignal: 'SIGKILL',
		stdio: ['ignore', 'ignore', 'pipe', ...feeds.map(() => 'pipe' as const)],
	});
	for (const [index, feed] of feeds.entries()) {
		const pipe = child.stdio[3 + index];
		pipe?.on('error', () => {}); // It ended before it read everything; it says why.
		if (feed === 'told') pipe?.on('data', () => {});
		else if (feed instanceof Uint8Array && pipe && 'end' in pipe) pipe.end(feed);
	}
	let said = '';
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		said += text;
	});
	const complaint = await new Promise<string>(resolve => {
		child.once('error', error => resolve(error.message));
		child.once('close', code => resolve(code === 0 ? '' : lastLine(said) || `exit code ${code}`));
	});
	launch.ended();
	return complaint;
}

const lastLine = (said: string): string | undefined =>
	said
		.trim()
		.split('\n')
		.at(-1)
		?.replace(/^(?:bwrap|sandbox-exec): /, '');
