import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readJournal } from '../../src/agent/past.js';
import { places } from '../../src/places.js';
import { killedAfter } from '../agent/killing.js';
import { bundled } from '../bundle.js';
import { seeded } from '../seeded.js';
import { counting, crashed, type Wrong } from './count.js';
import { openAll } from './open-all.js';
import { environmentOf, inMemory, makeWorld, program, removeWorld, run, type Surface, scriptOf, type World, wordsFor } from './play.js';

const kills = 200;
/** Kills of the program itself, and journals of the writer that it goes on with. */
const whole = 10;

/** Killed at any instant, a conversation has all that was said to be kept, and can be gone on with. */
export async function killed(): Promise<Surface> {
	const count = counting('kills');
	const world = makeWorld(inMemory);
	const hello = join(world.base, 'hello.md');
	writeFileSync(hello, 'Hello.\n');
	try {
		await writers(count, world, hello);
		for (let at = 0; at < whole; at++) await killedProgram(count, world, { at, hello });
	} finally {
		removeWorld(world);
	}
	return count.surface;
}

type Counting = ReturnType<typeof counting>;

/** Writers of journals, killed; each journal is gone on with in one process, some by the program. */
async function writers({ hostile }: Counting, world: World, hello: string): Promise<void> {
	const writer = bundled(join(import.meta.dirname, '..', 'agent', 'journal-writer.ts'), world.base);
	const random = seeded(20);
	const folder = join(world.base, 'killed');
	mkdirSync(folder);
	const acknowledgedOf = new Map<string, number>();
	const kill = async (): Promise<void> => {
		const { path, acknowledged } = await killedAfter(random(25), [writer, world.ws, '100000'], environmentOf(world));
		acknowledgedOf.set(basename(path), acknowledged);
		copyFileSync(path, join(folder, basename(path)));
		rmSync(path);
	};
	for (let done = 0; done < kills; done += 2) await Promise.all([kill(), kill()]);
	const project = join(world.base, 'state', 'qwill', 'projects', basename(places.project(world.ws)));
	const { told, stderr } = await openAll(world, { what: 'journals', folder, place: join(project, 'killed.jsonl'), script: hello });
	for (const [name, acknowledged] of acknowledgedOf) {
		const { events, skipped } = readJournal(join(folder, name));
		const numbers = events.map(event => (event.type === 'note' ? Number.parseInt(event.text, 10) : -1));
		hostile(
			`${acknowledged} acknowledged, ${events.length} kept: ${told.get(name) ?? stderr.slice(-300)}`,
			events.length < acknowledged && 'lost',
			(skipped > 0 || numbers.some((number, at) => number !== at)) && 'damaged',
			!told.get(name)?.includes('"text":"answered"') && 'not gone on with',
		);
	}
	rmSync(join(project, 'killed.jsonl'));
	for (const name of readdirSync(folder).slice(0, whole)) {
		copyFileSync(join(folder, name), join(project, name));
		hostile(`${name} by the program`, ...(await goesOn(world, join(project, name), hello)));
		rmSync(join(project, name));
	}
}

/** The program goes on with the only conversation there is, which keeps all it had. */
async function goesOn(world: World, path: string, hello: string): Promise<Wrong[]> {
	const before = readJournal(path).events;
	const ran = await run(world, [program, '-m', `replies:${hello}`, '-c', '-p', 'hi']);
	const { events } = readJournal(path);
	return [
		crashed(ran),
		ran.code !== 0 && `ends with ${ran.code}: ${ran.stderr.slice(-200)}`,
		JSON.stringify(events.slice(0, before.length)) !== JSON.stringify(before) && 'other events than before',
		events.at(-1)?.type !== 'done' && 'nothing added',
	];
}

/** The program, killed when it has told of so many lines: what it told is in its journal. */
async function killedProgram({ hostile }: Counting, world: World, { at, hello }: { at: number; hello: string }): Promise<void> {
	const script = join(world.base, 'script.md');
	const reads = Array.from({ length: 40 }, (_, number) => ({ tool: 'read_file', args: { file_path: 'src/a.js', limit: number + 1 } }));
	writeFileSync(script, [...scriptOf(reads), 'Done.\n'].join('---\n'));
	const child = spawn(process.execPath, wordsFor(script, ['-o', 'stream-json']), {
		cwd: world.ws,
		env: environmentOf(world),
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const ended = once(child, 'close');
	let out = '';
	for await (const chunk of child.stdout.setEncoding('utf8')) {
		out += chunk;
		if (out.split('\n').length > 3 + 7 * at) child.kill('SIGKILL');
	}
	await ended;
	const told = (type: string) => out.split('\n').filter(line => line.startsWith(`{"type":"${type}"`) && line.endsWith('}')).length;
	const project = join(world.base, 'state', 'qwill', 'projects', basename(places.project(world.ws)));
	const name = readdirSync(project).find(one => one.endsWith('.jsonl')) ?? '';
	const { events } = readJournal(join(project, name));
	const kept = (type: string) => events.filter(event => event.type === type).length;
	hostile(
		`the program, killed after ${told('assistant')} replies and ${told('user')} results`,
		kept('replied') < told('assistant') && `${kept('replied')} replies are kept`,
		kept('result') < told('user') && `${kept('result')} results are kept`,
		...(await goesOn(world, join(project, name), hello)),
	);
	rmSync(join(project, name));
}
