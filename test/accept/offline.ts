import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { counting, crashed } from './count.js';
import { makeWorld, program, removeWorld, run, type Surface } from './play.js';

const away = 'exec unshare --net -- "$@"';

/** What people do with the program: verbs, answers, jobs. Each as the words behind its name. */
const deeds: readonly (readonly string[])[] = [
	['--version'],
	['--help'],
	['doctor'],
	['models'],
	['config'],
	['sessions'],
	['cache'],
	['undo'],
	['-p', 'hello'],
	['-p', 'hello', '-o', 'json'],
	['-p', 'hello', '-o', 'stream-json'],
	['-c', '-p', 'and then?'],
	['explain', 'src/a.js', '-o', 'text'],
	['review', '-o', 'sarif'],
	['fix', '-y', '-o', 'text'],
	['tests', 'src/a.js', '-o', 'text'],
	['docs', 'src/a.js', '-o', 'text'],
	['translate', 'de', 'notes.md', '-o', 'text'],
];

/** Everything that needs no network, done where there is none, with `--offline`: it ends as it does elsewhere, and says no more. */
export async function offline(): Promise<Surface> {
	const tried = spawnSync('unshare', ['--net', 'true']).status === 0;
	const { surface, hostile } = counting(tried ? 'no network' : 'no network (not tried here)');
	if (!tried) return surface;
	const world = makeWorld();
	try {
		const script = join(world.base, 'script.md');
		writeFileSync(script, Array.from({ length: 60 }, () => 'Hello.\n').join('---\n'));
		writeFileSync(join(world.ws, 'notes.md'), '# Notes\n\nA word.\n');
		for (const deed of deeds) {
			const words = [program, ...deed, '-m', `replies:${script}`, '--offline'];
			const usual = await run(world, words);
			const alone = await run(world, words, { shell: away });
			hostile(deed.join(' '), crashed(alone), alone.code !== usual.code && `exit code ${alone.code}, elsewhere ${usual.code}`);
		}
	} finally {
		removeWorld(world);
	}
	return surface;
}
