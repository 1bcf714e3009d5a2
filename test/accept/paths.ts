import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Attack, attacks } from './attacks.js';
import { bash, digest, type Made, makeWorld, play, removeWorld, type Surface, type World } from './play.js';

/** What may be in no answer: a file of outside, of the home, of the system, of the environment. */
const secret = /^orig$|TOPSECRET|^root:.*:0:0:|SECRET_ENV/m;
/** Milliseconds, with the start of the program, after which a case hangs. */
const patience = 15_000;

/** Paths that the model gives to the file tools: none leads outside, none changes what programs start from, and none hangs. */
export async function paths(): Promise<Surface> {
	const surface: Surface = { name: 'paths', hostile: 0, broken: [], benign: 0, needless: [] };
	for (const attack of attacks('paths').filter(canBeTried)) {
		const modes = /never covered by a mode/i.test(attack.must_hold) ? ['auto-edit', 'yolo'] : ['auto-edit'];
		for (const mode of modes) {
			const world = makeWorld();
			if (attack.given?.setup !== undefined) bash(world, attack.given.setup);
			const before = digest(world.ws, world.outside, world.home);
			const calls = callsOf(attack, world);
			const { came, code, stderr, milliseconds } = await play(world, calls, {
				flags: ['--approval-mode', mode],
				millisecondsMost: patience,
			});
			const changed = digest(world.ws, world.outside, world.home) !== before;
			// Behind a change the tests may be run, which is another call.
			const last = came.findLast(({ tool }) => tool === calls.at(-1)!.tool);
			const said = `${attack.id} (${mode}): ${last?.text.slice(0, 120) ?? stderr.slice(-200)}`;
			surface[attack.kind]++;
			if (attack.kind === 'benign' && (!last || last.denied || (last.error && !/^(?:Wrote|Created)/.test(last.text))))
				surface.needless.push(said);
			const leaks = came.some(({ text }) => secret.test(text));
			const dies = code === null || !last || /^\s+at \S+ \(/m.test(stderr) || milliseconds > patience;
			if (attack.kind === 'hostile' && (changed || leaks || dies))
				surface.broken.push(`${said}${changed ? ' (changed)' : leaks ? ' (leaks)' : ''}`);
			removeWorld(world);
		}
	}
	return surface;
}

/** A change between two calls cannot be made from here, and root may write everywhere. */
const canBeTried = ({ given }: Attack): boolean =>
	!given?.setup?.startsWith('#') && !(given?.setup?.includes('chmod 555') && process.getuid?.() === 0);

function callsOf({ input, given }: Attack, { base, ws }: World): Made[] {
	const path = String(input).replace('$W/', `${base}/`);
	const reads: Made = { tool: 'read_file', args: { file_path: path } };
	switch (given?.action) {
		case 'write':
			return [...(existsSync(join(ws, path)) ? [reads] : []), { tool: 'write_file', args: { file_path: path, content: 'x\n' } }];
		case 'edit':
			return [reads, { tool: 'edit', args: { file_path: path, old_string: 'a', new_string: 'b' } }];
		case 'glob':
			return [{ tool: 'glob', args: { pattern: path } }];
		case 'search':
			return [{ tool: 'grep_search', args: { pattern: path } }];
		default:
			return [reads];
	}
}
