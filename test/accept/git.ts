import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Attack, attacks } from './attacks.js';
import { talkCalls } from './chat.js';
import { counting, crashed, type Wrong } from './count.js';
import { counterparts, operations } from './git-operations.js';
import { eachClass, eachPlant, makeRepository, plant } from './planted.js';
import { bash, digest, type Made, makeWorld, play, program, type Ran, removeWorld, run, type Surface, task, type World } from './play.js';

const git = (args: object): Made => ({ tool: 'git', args });
/** All that the git tool does, and a change that it commits: in one reply, since what was changed may be talked about before the next. */
const everything: (Made | Made[])[] = [
	git({ action: 'status' }),
	git({ action: 'diff' }),
	git({ action: 'diff', rev: 'HEAD~1' }),
	git({ action: 'diff', path: 'f.txt' }),
	git({ action: 'log' }),
	git({ action: 'log', path: 'f.txt' }),
	git({ action: 'blame', path: 'f.txt' }),
	git({ action: 'blame', path: 'f.filt' }),
	{ tool: 'read_file', args: { file_path: 'f.txt' } },
	[
		{ tool: 'write_file', args: { file_path: 'f.txt', content: 'four\n' } },
		git({ action: 'commit', message: 'm', path: 'f.txt' }),
		git({ action: 'commit', message: 'm', path: 'f.bin' }),
	],
];
const callsMade = everything.flat().length;

/** What the program does with git by itself, and another task of the same conversation: as the words behind its name. */
const verbs: readonly (readonly string[])[] = [
	['review', 'HEAD~1'],
	['review', 'HEAD~2..HEAD~1'],
	['blame', 'f.txt'],
	['-c', '-p', task],
	['fix', '-y'],
	['undo'],
];
/** Something to commit, whatever the repository makes of it; what is planted may run here, and leaves no marker. */
const staging = 'echo new > new.txt; GIT_DIR=.git GIT_WORK_TREE=. git add new.txt; rm -rf $W/pwn/*';

/** Repositories with code of their own planted in them: the program runs none of it, by its git tool, its verbs, nor in its chat. */
export async function repositories(): Promise<Surface> {
	const { surface, hostile } = counting('git, what is planted, through the program');
	const classes = new Set(eachClass);
	const waiting = [...new Set([...eachClass, ...eachPlant])].values();
	const worker = async () => {
		const world = makeRepository();
		for (const plants of waiting) {
			plant(world, plants);
			const before = digest(world.outside, world.home);
			const note = (what: string, ...wrong: Wrong[]) => {
				const ran = readdirSync(world.markers);
				const touched = digest(world.outside, world.home) !== before;
				hostile(`${plants.name}, ${what}`, ran.length > 0 && `ran ${ran.join(', ')}`, touched && 'changed outside', ...wrong);
				bash(world, 'rm -rf $W/pwn/*');
			};
			const { came, ...ended } = await play(world, everything, { flags: ['--approval-mode', 'yolo'] });
			note('the git tool', crashed({ ...ended, stdout: '' }), came.length < callsMade && `made only ${came.length} calls`);
			bash(world, staging);
			for (const words of [['commit'], ...(classes.has(plants) ? verbs : [])]) note(words.join(' '), crashed(await say(world, words)));
			if (classes.has(plants)) {
				// Its journal is the only one.
				bash(world, 'rm -rf $W/state; mkdir $W/state');
				const { told, text } = await talkCalls(world, everything, { answer: () => 'y' });
				note('the chat', told.length < callsMade && 'did not make all calls', !/\bmain\b/.test(text) && 'shows no branch');
			}
		}
		removeWorld(world);
	};
	await Promise.all([worker(), worker()]);
	return surface;
}

/** Runs the program with these words, and a model that says a few words each time. */
function say(world: World, words: readonly string[]): Promise<Ran> {
	const script = join(world.base, 'words.md');
	writeFileSync(script, Array.from({ length: 60 }, () => 'Add new text.\n').join('---\n'));
	return run(world, [program, ...words, '-m', `replies:${script}`]);
}

/** The same for each function of our own factory that the program has for git, beside the operations of the cases. */
export async function factory(): Promise<Surface> {
	const named = attacks('git-repo').filter(({ part }) => part === 'operation');
	const counterpart = (one: Attack) => counterparts[String(one.input).split(':')[0]!];
	const without = named.flatMap(one => {
		const ours = counterpart(one);
		return ours && 'none' in ours ? [String(one.input).split(':')[0]!] : [];
	});
	const { surface, hostile } = counting(
		`git, what is planted, through the factory (${named.length - without.length} of ${named.length} operations; not ours: ${without.join(', ')})`,
	);
	for (const one of named.filter(one => counterpart(one) === undefined)) surface.broken.push(`${one.id}: nobody says what of ours it is`);
	const world = makeWorld();
	const script = join(import.meta.dirname, 'git-factory.ts');
	const { stdout, stderr, code } = await run(world, ['--import', import.meta.resolve('tsx'), script], { millisecondsMost: 600_000 });
	for (const line of stdout.split('\n').filter(Boolean)) {
		const [plants, operation, wrong] = JSON.parse(line) as [string, string, string];
		hostile(`${plants}, ${operation}`, wrong);
	}
	const all = Object.keys(operations).length * (eachPlant.length + 1);
	if (surface.hostile !== all || code !== 0) surface.broken.push(`${surface.hostile} of ${all} were tried: ${stderr.slice(-500)}`);
	removeWorld(world);
	return surface;
}
