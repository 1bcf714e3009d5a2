/**
 * The kernel sandbox: a program in it writes in one folder and a temporary one of its own, reads the system and what its tools
 * need, reaches no network and no other program, and is gone when its command has ended. Knows nothing of who asks or why.
 */
import { spawn } from 'node:child_process';
import { Refusal } from '../../types.js';
import { coverControls } from './control.js';
import { filterFor } from './filter.js';
import { type Limits, limited, usualLimits } from './limits.js';
import { placeOf, tooWide } from './place.js';
import { type Able, bash, bubblewrap, probe } from './probe.js';
import { type Ability, argumentsFor } from './profile.js';
import { privateIn } from './secrets.js';

/** What boxes are asked for: wherever they work, nowhere, or so that without one nothing is run. */
export type Wish = 'where it works' | 'never' | 'always';

/** Whether the programs of a folder are boxed; if not, `why` (the end of a sentence) and what to do about it. */
export type Boxed = { on: true; wish: Wish; box: Box } | { on: false; wish: Wish; why: string; fix?: string };

/** `links`: folders elsewhere that links in the root lead to. `thrownAway`: nothing that is made in the root is used by other programs. */
export type BoxOptions = { links?: readonly string[]; thrownAway?: boolean };

export type Box = {
	/** What to start, instead of the program itself, to run it boxed in `folder`, inside the root. Each is started once. */
	launch(words: readonly string[], folder: string, env: Readonly<Record<string, string>>): Launch;
};

/** `feeds` are what is handed over from descriptor 3 on: bytes to be read, or `'told'`, where bubblewrap tells its process. */
export type Launch = {
	program: string;
	args: string[];
	env: Record<string, string>;
	feeds: readonly (Uint8Array | 'told')[];
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
	if (machine.works) return { on: true, wish, box: openBox(root, machine.abilities, options) };
	const { works: _, ...reason } = machine;
	if (wish === 'always') throw new Refusal(`No sandbox: ${reason.why}.${reason.fix ? ` To have one: ${reason.fix}.` : ''}`, 44);
	return { on: false, wish, ...reason };
}

/** Of the descriptors, 0 to 2 are the command's own. */
const filterAt = 3;
const toldAt = 4;
const emptyFrom = 5;

function openBox(root: string, abilities: ReadonlySet<Ability>, { links = [], thrownAway = false }: BoxOptions): Box {
	const place = placeOf(root, links);
	const privateNow = privateIn(place.top);
	const filter = filterFor(process.arch === 'arm64' ? 'arm64' : 'x64');
	return {
		launch(words, folder, env) {
			const controls = thrownAway ? { paths: [], release: () => {} } : coverControls(root);
			const before = privateNow();
			const limits = usualLimits();
			const { args, empties } = argumentsFor({
				...{ place, private: before, controls: controls.paths, folder, abilities },
				...{ filter: filterAt, told: toldAt, empty: (index: number) => emptyFrom + index },
			});
			return {
				program: bubblewrap,
				args: [...args, bash(), '--norc', '--noprofile', '-c', limited(limits), 'box', ...words],
				env: { ...env, HOME: place.home, TMPDIR: '/tmp' },
				feeds: [filter, 'told', ...Array.from({ length: empties }, () => new Uint8Array())],
				limits,
				ended() {
					controls.release();
					return thrownAway ? [] : appeared(before.repositories, privateNow().repositories, root);
				},
			};
		},
	};
}

/** A repository starts programs for whoever uses git in it later. */
const appeared = (before: readonly string[], after: readonly string[], root: string): string[] =>
	after.filter(path => !before.includes(path)).map(path => `This command made a repository: ${path.slice(root.length + 1)}`);

/** Does nothing in a box, and gives what bubblewrap complains of. */
function tryIn(folder: string, abilities: ReadonlySet<Ability>): Promise<string> {
	const launch = openBox(folder, abilities, { thrownAway: true }).launch(['true'], folder, { PATH: '/usr/bin:/bin' });
	const { program, args, env, feeds } = launch;
	const child = spawn(program, args, {
		env,
		timeout: 10_000,
		killSignal: 'SIGKILL',
		stdio: ['ignore', 'ignore', 'pipe', ...feeds.map(() => 'pipe' as const)],
	});
	for (const [index, feed] of feeds.entries()) {
		const pipe = child.stdio[3 + index];
		pipe?.on('error', () => {}); // It ended before it read everything; it says why.
		if (feed === 'told') pipe?.on('data', () => {});
		else if (pipe && 'end' in pipe) pipe.end(feed);
	}
	let said = '';
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		said += text;
	});
	return new Promise(resolve => {
		child.once('error', error => resolve(error.message));
		child.once('close', code =>
			resolve(
				code === 0
					? ''
					: said
							.trim()
							.split('\n')
							.at(-1)
							?.replace(/^bwrap: /, '') || `exit code ${code}`,
			),
		);
	});
}
