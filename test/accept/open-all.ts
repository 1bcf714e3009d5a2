import { join } from 'node:path';
import { run, type World } from './play.js';

/** `place` is where each file of `folder` is put to be opened; `script` what the model says to who goes on. */
export type ToOpen = { what: 'journals' | 'configs' | 'models'; folder: string; place: string; script: string };

/** Opens all files of a folder as the program does, in one process of its own. `told` has a line of JSON for each that came to an end. */
export async function openAll(
	world: World,
	{ what, folder, place, script }: ToOpen,
): Promise<{ told: Map<string, string>; stderr: string }> {
	const opens = join(import.meta.dirname, 'opens.ts');
	const { stdout, stderr } = await run(world, ['--import', import.meta.resolve('tsx'), opens, what, folder, place, script]);
	const lines = stdout.split('\n').filter(Boolean);
	return { told: new Map(lines.map(line => [JSON.parse(line).name as string, line])), stderr };
}
