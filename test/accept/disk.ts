import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readJournal } from '../../src/agent/past.js';
import { counting, crashed, type Wrong } from './count.js';
import { type Made, makeWorld, play, program, removeWorld, run, type Surface, type World } from './play.js';

const levels = 20;
const page = 4096;
/** Pages of each small disk. What is written takes about half of those that the levels leave free: some have room for it, some have not. */
const disks = { small: 32, state: 96, config: 32 };
const oldText = `old\n${'line\n'.repeat((10 * page) / 5)}`;
const newText = oldText.replace('old', 'new');
const made = 'x'.repeat(79).concat('\n').repeat(150);

type Counting = ReturnType<typeof counting>;

/** Disks that fill up under every writer: what was there stays whole, nothing is left lying about, and a sentence says it. */
export async function disk(): Promise<Surface> {
	const world = makeWorld();
	const mounted: string[] = [];
	const pages = Object.entries(disks);
	try {
		for (const [name, size] of pages) {
			const path = placeOf(world, name);
			mkdirSync(path, { recursive: true });
			execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size * page}`, 'tmpfs', path], { stdio: 'ignore' });
			mounted.push(path);
		}
		const count = counting('disk');
		for (let level = 0; level < levels; level++) {
			for (const edits of [true, false]) await files(count, world, { level, edits });
			await kept(count, world, level);
			await settings(count, world, level);
		}
		return count.surface;
	} catch (error) {
		if (mounted.length === pages.length) throw error;
		return counting('disk (not tried here: no right to mount)').surface;
	} finally {
		for (const path of mounted) execFileSync('umount', [path]);
		removeWorld(world);
	}
}

const placeOf = ({ ws, base }: World, name: string): string => (name === 'small' ? join(ws, name) : join(base, name));

/** The path of a small disk, with nothing on it but these files. */
function emptied(world: World, name: keyof typeof disks, files: Record<string, string> = {}): string {
	const path = placeOf(world, name);
	for (const old of readdirSync(path)) rmSync(join(path, old), { recursive: true });
	for (const [file, text] of Object.entries(files)) {
		mkdirSync(dirname(join(path, file)), { recursive: true });
		writeFileSync(join(path, file), text);
	}
	return path;
}

/** The same, with as few pages free as this level leaves. */
function filled(world: World, name: keyof typeof disks, { level, files = {} }: { level: number; files?: Record<string, string> }): string {
	const path = emptied(world, name, files);
	const taken = Object.values(files).reduce((sum, text) => sum + Math.ceil(text.length / page), 0);
	writeFileSync(join(path, 'fill'), Buffer.alloc((disks[name] - taken - levels + level) * page));
	return path;
}

const changing = (path: string): Made[] => [
	{ tool: 'read_file', args: { file_path: path, limit: 3 } },
	{ tool: 'edit', args: { file_path: path, old_string: 'old', new_string: 'new' } },
];

/** An edit, or a new file. */
async function files({ hostile, benign }: Counting, world: World, { level, edits }: { level: number; edits: boolean }): Promise<void> {
	const small = filled(world, 'small', { level, files: { 'a.txt': oldText } });
	emptied(world, 'state');
	const calls: Made[] = edits ? changing('small/a.txt') : [{ tool: 'write_file', args: { file_path: 'small/b.txt', content: made } }];
	const full = edits ? 'Disk full while writing small/a.txt; the old content is intact.' : 'Disk full while writing small/b.txt.';
	const { came, code, stderr } = await play(world, calls, { flags: ['--approval-mode', 'auto-edit'] });
	const one = came.at(-1);
	if (level === 0) benign(`room for ${one?.tool}: ${one?.text}`, one?.error === false);
	const left = readdirSync(small).filter(name => name !== 'a.txt' && name !== 'fill' && (name !== 'b.txt' || one?.error));
	hostile(
		`${edits ? 'edit' : 'new file'}, level ${level}: ${one?.text.slice(0, 120) ?? stderr}`,
		crashed({ code, stdout: '', stderr }),
		left.length > 0 && `left ${left}`,
		whole(join(small, 'a.txt'), edits && !one?.error ? newText : oldText),
		!edits && !one?.error && whole(join(small, 'b.txt'), made),
		one?.error !== false && !one?.text.includes(full) && 'not said',
	);
}

const whole = (path: string, text: string): Wrong =>
	(!existsSync(path) || readFileSync(path, 'utf8') !== text) && `${basename(path)} is torn`;

/** The journal and the undo data. What can be read of the journal is whole, and a change that was made can be taken back. */
async function kept({ hostile, benign }: Counting, world: World, level: number): Promise<void> {
	const state = filled(world, 'state', { level });
	const file = join(world.ws, 'a.txt');
	const [oldText, newText] = ['old\n'.padEnd(page, '#'), 'new\n'.padEnd(page, '#')];
	writeFileSync(file, oldText);
	const { came, code, stderr } = await play(world, changing('a.txt'), { flags: ['--approval-mode', 'auto-edit'] });
	const edited = came.find(({ tool }) => tool === 'edit');
	const changed = edited?.error === false;
	const said = `${edited?.text.slice(0, 120) ?? ''} ${stderr.trim()}`;
	if (level === 0) benign(`room for what is kept: ${said}`, changed && stderr.split('\n').every(line => /^(?:read|edit) |^$/.test(line)));
	const torn = whole(file, changed ? newText : oldText);
	rmSync(join(state, 'fill'));
	const left = readdirSync(state, { recursive: true }).filter(name => /\.tmp$|\.lock-/.test(String(name)));
	hostile(
		`journal, level ${level}: ${said}`,
		crashed({ code, stdout: '', stderr }),
		journalIn(state, stderr),
		left.length > 0 && `left ${left}`,
	);
	const undone = changed ? await run(world, [program, 'undo']) : undefined;
	hostile(
		`undo data, level ${level}: ${said}`,
		torn,
		undone && crashed(undone),
		undone && whole(file, oldText),
		!changed && !/Disk full|disk is full/.test(said) && 'not said',
	);
}

/** A journal that goes on to the end, or a word about the one that does not. */
function journalIn(state: string, stderr: string): Wrong {
	const name = readdirSync(state, { recursive: true }).find(path => /\.jsonl$/.test(String(path)) && !/log\.jsonl$/.test(String(path)));
	const said = /disk is full|no space left|No journal/i.test(stderr);
	if (name === undefined) return !said && 'no journal, and not said';
	if (readFileSync(join(state, String(name))).length === 0) return !said && 'an empty journal, and not said';
	const { skipped, torn, events } = readJournal(join(state, String(name)));
	if (skipped > 0) return `${skipped} broken lines`;
	return (torn || events.at(-1)?.type !== 'done') && !said && 'an unfinished journal, and not said';
}

/** A setting. */
async function settings({ hostile, benign }: Counting, world: World, level: number): Promise<void> {
	const rules = Array.from({ length: 1400 }, (_, n) => `Bash(a ${n})`);
	const old = `${JSON.stringify({ theme: 'dark', permissions: { allow: rules } }, null, '\t')}\n`;
	const folder = join(filled(world, 'config', { level, files: { 'qwill/config.json': old } }), 'qwill');
	const path = join(folder, 'config.json');
	const ran = await run(world, [program, 'config', 'theme=light']);
	if (level === 0) benign(`room for a setting: ${ran.stderr}`, ran.code === 0);
	const left = readdirSync(folder).filter(name => name !== 'config.json');
	hostile(
		`settings, level ${level}: ${ran.stderr.trim()}`,
		crashed(ran),
		whole(path, ran.code === 0 ? old.replace('dark', 'light') : old),
		left.length > 0 && `left ${left}`,
		ran.code !== 0 && !/full/i.test(ran.stderr) && 'not said',
	);
}
