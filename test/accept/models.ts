import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { damaged } from '../model/damaged.js';
import { seeded } from '../seeded.js';
import { counting, crashed } from './count.js';
import { openAll } from './open-all.js';
import { makeWorld, program, removeWorld, run, type Surface } from './play.js';

const models = 300;
/** Files that the program is given: of those that are refused by their header, and of those that reach the native library. */
const whole = { refused: 4, read: 8 };

const oneSentence = /^[^\n\x00-\x1f]{10,600}[.)]$/;

/** Damaged model files: each works, or is refused with a sentence. */
export async function damagedModels(): Promise<Surface> {
	const { surface, hostile, benign } = counting('models');
	const world = makeWorld();
	const folder = join(world.base, 'models');
	const random = seeded(300);
	try {
		mkdirSync(folder);
		for (let number = 0; number < models; number++) writeFileSync(join(folder, `${String(number).padStart(3, '0')}.gguf`), damaged(random));
		const { told, stderr } = await openAll(world, { what: 'models', folder, place: join(world.base, 'model.gguf'), script: '' });
		const read = (name: string) => told.get(name)?.includes('"text":"sound"') === true;
		for (const name of readdirSync(folder)) {
			const { bug, text = '', code } = JSON.parse(told.get(name) ?? '{}');
			const said = `${name}: ${bug ?? text}`;
			hostile(
				told.has(name) ? said : `${said}${stderr.slice(-400)}`,
				!told.has(name) && 'ended the process',
				bug !== undefined && 'a bug',
				!read(name) && (code !== 41 || !oneSentence.test(text)) && 'no sentence',
			);
		}
		const names = readdirSync(folder);
		const [sound, unsound] = [names.filter(read), names.filter(name => !read(name))];
		benign('some are refused, and some are not', sound.length >= whole.read && unsound.length >= 100);
		for (const name of [...unsound.slice(0, whole.refused), ...sound.slice(0, whole.read)]) {
			const ran = await run(world, [program, '-m', join(folder, name), '-p', 'hello'], { millisecondsMost: 60_000 });
			// On stdout there is what random weights write, which may look like anything.
			const last = ran.stderr.trimEnd().split('\n').at(-1) ?? '';
			hostile(
				`${name} by the program: ${ran.code} ${ran.stderr.slice(-300)}`,
				crashed({ ...ran, stdout: '' }),
				ran.code !== 0 && !oneSentence.test(last) && 'no sentence',
			);
		}
	} finally {
		removeWorld(world);
	}
	return surface;
}
