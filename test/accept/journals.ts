import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { toLine } from '../../src/agent/records.js';
import { places } from '../../src/places.js';
import { all, mutated } from '../agent/mutated-journals.js';
import { seeded } from '../seeded.js';
import { counting, crashed } from './count.js';
import { openAll } from './open-all.js';
import { makeWorld, program, removeWorld, run, type Surface, type World } from './play.js';

const journals = 1000;
const configs = 200;
/** Of each, how many are opened by the program itself. */
const whole = 20;

const id = '0b9de9c9-6d4c-4b36-9d2b-6a0f6f5f7a11';
const head = { type: 'conversation', version: 1, id, cwd: '/', model: 'm', mode: 'default', started: '2026-01-01T00:00:00.000Z' };
const config = {
	model: 'qwen2.5-coder-0.5b',
	approvalMode: 'default',
	permissions: { allow: ['Bash(npm test)', 'Edit(/src/**)'], ask: ['Bash(git *)'], deny: ['Read(.env)'] },
	sandbox: true,
	testCommand: 'npm test',
	theme: 'dark',
	attribution: { commit: 'none' },
	cleanupPeriodDays: 30,
	seed: 7,
};

/** A second task, whose calls are others. */
const again = all
	.map(toLine)
	.join('')
	.replaceAll(/"(id|callId)":"(\w)"/g, '"$1":"$2$2"');

type Kind = { what: 'journals' | 'configs'; count: number; sound: Buffer; place: string; words: string[]; codes: number[] };

/** Conversations and settings that something has been at: each opens and goes on, or is refused with a sentence. */
export async function damaged(): Promise<Surface> {
	const world = makeWorld();
	const count = counting('journals');
	try {
		const script = join(world.base, 'hello.md');
		writeFileSync(script, 'Hello.\n');
		const asks = [program, '-m', `replies:${script}`, '-p', 'hi'];
		const project = join(world.base, 'state', 'qwill', 'projects', basename(places.project(world.ws)));
		const kinds: Kind[] = [
			{
				what: 'journals',
				count: journals,
				sound: Buffer.from([head, ...all].map(toLine).join('') + again),
				place: join(project, `${id}.jsonl`),
				words: [...asks, '-c'],
				codes: [0, 42],
			},
			{
				what: 'configs',
				count: configs,
				sound: Buffer.from(JSON.stringify(config, null, '\t')),
				place: join(world.base, 'config', 'qwill', 'config.json'),
				words: asks,
				codes: [0, 52],
			},
		];
		for (const kind of kinds) await opened(count, world, kind);
		return count.surface;
	} finally {
		removeWorld(world);
	}
}

async function opened({ hostile, benign }: ReturnType<typeof counting>, world: World, kind: Kind): Promise<void> {
	const { what, place, words, codes } = kind;
	const folder = join(world.base, what);
	const random = seeded(12);
	for (const path of [folder, join(place, '..')]) mkdirSync(path, { recursive: true });
	for (let number = 0; number < kind.count; number++)
		writeFileSync(join(folder, String(number).padStart(4, '0')), mutated(kind.sound, random));
	const { told, stderr } = await openAll(world, { what, folder, place, script: join(world.base, 'hello.md') });
	for (const name of readdirSync(folder)) {
		const line = told.get(name) ?? '';
		hostile(
			`${what} ${name}: ${line.slice(0, 400) || stderr.slice(-400)}`,
			line === '' && 'ended the process',
			line.includes('"bug"') && 'a bug',
		);
	}
	benign(`${what}: some open`, [...told.values()].filter(line => !line.includes('"code"')).length > 20);
	for (const name of readdirSync(folder).slice(0, whole)) {
		copyFileSync(join(folder, name), place);
		const ran = await run(world, words);
		const said = `${what} ${name} by the program: ${ran.code} ${ran.stderr.trim().slice(0, 300)}`;
		hostile(
			said,
			crashed(ran),
			!codes.includes(ran.code ?? -1) && 'another end',
			ran.code !== 0 && !/^[^\n]+[^\n:]\n$/.test(ran.stderr) && 'no sentence',
		);
	}
}
