import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { counting, crashed, type Wrong } from './count.js';
import { bash, type Came, digest, inMemory, type Made, makeWorld, play, removeWorld, type Surface, type World } from './play.js';

const text = 'one\nold\nother\n';

/** What another program does in the folder of `f.txt` between its reading and its edit; `told` is what the edit is refused with, else it is made. */
type Case = { by: string; told?: RegExp };
const difference = /^\S+ changed since you read it; nothing changed by you\. The lines now:\n[\s\S]*theirs/;
const cases: Record<string, Case> = {
	'another line, in place': { by: 'printf "one\\nold\\ntheirs\\n" >f.txt', told: difference },
	'the same length, its time put back': {
		by: 'touch -r f.txt t; printf "theirs\\nold\\n12\\n" >f.txt; touch -r t f.txt',
		told: difference,
	},
	'the word itself': { by: 'printf "one\\ntheirs\\nother\\n" >f.txt', told: difference },
	'an editor: a temporary file over it': { by: 'sed s/other/theirs/ f.txt >.f.swp; mv .f.swp f.txt', told: difference },
	'an editor: the old one is the backup': { by: 'mv f.txt f.txt~; sed s/other/theirs/ f.txt~ >f.txt', told: difference },
	'other line ends': { by: 'printf "one\\r\\nold\\r\\ntheirs\\r\\n" >f.txt', told: difference },
	'more at the end': { by: 'seq 9999 >>f.txt', told: /changed since you read it/ },
	'no text any more': { by: 'printf "old\\377\\n" >f.txt', told: /is not UTF-8 text/ },
	emptied: { by: ': >f.txt', told: /^old_string is not in/ },
	removed: { by: 'rm f.txt', told: /^There is no case/ },
	'a folder in its place': { by: 'rm f.txt; mkdir f.txt', told: /is a folder/ },
	'a pipe in its place': { by: 'rm f.txt; mkfifo f.txt', told: /is not a regular file but a pipe/ },
	'a link to a file outside': { by: 'mv f.txt "$W/outside"; ln -s "$W/outside/f.txt" f.txt', told: /leads outside/ },
	'a link to a file beside it': { by: 'sed s/other/theirs/ f.txt >g.txt; ln -sf g.txt f.txt', told: /^You have not read[\s\S]*theirs/ },
	'its folder, for a link outside': { by: 'mv "$PWD" "$W/outside/here"; ln -s "$W/outside/here" "$PWD"', told: /leads outside/ },
	'its mode': { by: 'chmod 640 f.txt' },
	'its time': { by: 'touch -d 2001-01-01 f.txt' },
	'the same bytes, renamed over it': { by: 'cp f.txt t; chmod 600 t; mv t f.txt' },
	'a second name': { by: 'ln f.txt twin.txt' },
};

/** A second writer between reading and editing, and two programs at once: nothing of the other is lost, and it is said. */
export async function meanwhile(): Promise<Surface> {
	const count = counting('meanwhile');
	await between(count);
	await together(count);
	return count.surface;
}

type Counting = ReturnType<typeof counting>;

const edit = (path: string, old: string, fresh: string): Made => ({
	tool: 'edit',
	args: { file_path: path, old_string: old, new_string: fresh },
});
const read = (path: string): Made => ({ tool: 'read_file', args: { file_path: path } });

/** All cases in one run of the program, which waits in a command while the other one writes. */
async function between({ hostile, benign }: Counting): Promise<void> {
	const world = makeWorld();
	const all = Object.entries(cases).map(([name, one], at) => ({ name, ...one, folder: `case${at}`, path: `case${at}/f.txt` }));
	for (const { folder, path } of all) {
		mkdirSync(join(world.ws, folder));
		writeFileSync(join(world.ws, path), text);
	}
	const wait: Made = { tool: 'run_shell_command', args: { command: 'touch ready; until test -e go; do sleep 0.02; done' } };
	const made = { tool: 'write_file', args: { file_path: 'made.txt', content: 'ours\n' } };
	const calls = [...all.map(({ path }) => read(path)), wait, ...all.map(({ path }) => edit(path, 'old', 'new')), made];
	try {
		let over = false;
		const playing = play(world, [calls], { flags: ['--approval-mode', 'yolo'] }).finally(() => {
			over = true;
		});
		while (!over && !existsSync(join(world.ws, 'ready'))) await pause(20);
		for (const { folder, by } of all) bash(world, `cd ${folder} && { ${by}; }`);
		writeFileSync(join(world.ws, 'made.txt'), 'theirs\n');
		const left = all.map(({ folder, told }) => leftIn(world, folder, told === undefined));
		writeFileSync(join(world.ws, 'go'), '');
		const { came, ...ran } = await playing;
		const answers = came.slice(all.length + 1);
		for (const [at, { name, told, folder }] of all.entries()) {
			const { error, text: answer = ran.stderr } = answers[at] ?? {};
			const said = `${name}: ${answer.slice(0, 200)}`;
			hostile(
				said,
				leftIn(world, folder, false) !== left[at] && 'something is lost, or another change',
				told !== undefined && (error !== true || !told.test(answer)) && 'not said',
			);
			if (told === undefined) benign(said, error === false);
		}
		const last = answers.at(-1);
		hostile(
			`a new file: ${last?.text}`,
			readFileSync(join(world.ws, 'made.txt'), 'utf8') !== 'theirs\n' && 'lost',
			last?.error !== true && 'not said',
			crashed({ ...ran, stdout: '' }),
		);
	} finally {
		removeWorld(world);
	}
}

/** All that is in the folder and outside; `edited` as it will be with the edit made. */
function leftIn({ ws, outside }: World, folder: string, edited: boolean): string {
	const path = join(ws, folder, 'f.txt');
	const stat = lstatSync(path, { throwIfNoEntry: false });
	const content = stat?.isFile() ? readFileSync(path, 'latin1') : '';
	const others = digest(outside, ...['f.txt~', 'g.txt', 't', 'twin.txt'].map(name => join(ws, folder, name)));
	return JSON.stringify([others, stat?.mode, edited ? content.replace('old', 'new') : content]);
}

const writes = 500;
const programs = ['a', 'b'];

/** Two programs that write into files of their own and into one of both: whatever either was told is done is there at the end. */
async function together({ hostile, benign }: Counting): Promise<void> {
	const world = makeWorld(inMemory);
	const inOrder = (path: string) => readFileSync(join(world.ws, path), 'utf8').split('\n');
	const lineOf = (name: string, number: number) => `${name} ${number}`;
	// Ten times the one, ten times the other, so that the two meet in the same file.
	const target = (name: string, number: number) => (number % 20 < 10 ? `${name}.txt` : 'both.txt');
	try {
		writeFileSync(join(world.ws, 'both.txt'), programs.map(name => `end ${name}\n`).join(''));
		for (const name of programs) writeFileSync(join(world.ws, `${name}.txt`), `end ${name}\n`);
		const played = programs.map(async name => {
			const edits = Array.from({ length: writes }, (_, number) =>
				edit(target(name, number), `end ${name}`, `${lineOf(name, number)}\nend ${name}`),
			);
			const calls = [read('both.txt'), read(`${name}.txt`), ...edits];
			const { came, ...ran } = await play(world, [calls], { flags: ['--approval-mode', 'auto-edit'], script: `${name}.md` });
			return { name, ran, edits: came.slice(2) };
		});
		for (const { name, ran, edits } of await Promise.all(played)) {
			const done = (path: string) =>
				edits.flatMap(({ error }, number) => (!error && target(name, number) === path ? [lineOf(name, number)] : []));
			for (const [number, one] of Array.from({ length: writes }, (_, number) => [number, edits[number]] as const)) {
				const path = target(name, number);
				hostile(
					`${lineOf(name, number)} in ${path}: ${one?.text.slice(0, 200) ?? ran.stderr.slice(-200)}`,
					...wrongs(one, path === 'both.txt'),
				);
			}
			for (const path of ['both.txt', `${name}.txt`])
				hostile(
					`${name} in ${path}`,
					String(inOrder(path).filter(line => line.startsWith(`${name} `))) !== String(done(path)) && 'not what was said to be done',
				);
			hostile(`${name}: the end`, crashed({ ...ran, stdout: '' }));
			benign(`${name} comes through in the file of both`, done('both.txt').length > 0);
		}
	} finally {
		removeWorld(world);
	}
}

/** An edit of a file that nobody else writes is made; one of the other's is made, or refused as stale. */
const wrongs = (one: Came | undefined, shared: boolean): Wrong[] => [
	!one && 'no answer',
	one?.error && (!shared || !/changed since (?:it was|you) read/.test(one.text)) && 'not made, and not said',
];
