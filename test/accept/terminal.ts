import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from '../pty/terminal.js';
import { type Attack, attacks } from './attacks.js';
import { environmentOf, type Made, makeWorld, removeWorld, type Surface, scriptOf, type World, wordsFor } from './play.js';

/** Cases of one run, and columns that no line of it fills. */
const together = 12;
const columns = 4000;

/** Lines, and colours of our own, are what may stand on a terminal; the others are what is looked for. */
const ours = /\r?\n|\t|\x1b\[[0-9;]*m/g;
const controls = /[\x00-\x1f\x7f-\x9f]/;
/** What is not seen; one that is is among them by its category. */
export const hidden = /(?!\u0602)\p{Cf}|[\u115f\u3164\u2800\u2028\u2029]|\p{Variation_Selector}/u;
/** A character that is not seen, as questions show it. */
export const marked = /<U\+[0-9A-F]{4,6}>/;

export const mark = (at: number) => ({ from: `begin${at}:`, to: `:end${at}` });
export const between = (raw: string, at: number): string | undefined => {
	const { from, to } = mark(at);
	const start = raw.indexOf(from);
	const end = raw.indexOf(to, start);
	return start < 0 || end < 0 ? undefined : raw.slice(start + from.length, end);
};

export const cases = (): Attack[] => attacks('terminal').filter(one => one.class !== 'approval');

/** The three ways onto a terminal. */
const ways = {
	'a reply': (texts: readonly string[]) => [
		`${texts.map(text => text.replace(/^(begin\d+:)/, '$1\n').replace(/(:end\d+)$/, '\n$1')).join('\n\n')}\n`,
	],
	'a command': (texts: readonly string[]) =>
		scriptOf(texts.map((text): Made => ({ tool: 'run_shell_command', args: { command: `touch ${text}` } }))),
	'a name': (texts: readonly string[]) =>
		scriptOf(texts.map((text): Made => ({ tool: 'write_file', args: { file_path: text, content: 'x\n' } }))),
};

/**
 * Text that would control a terminal, in the model's reply, in a command that it wants to run, and in the name of a file that it
 * wants to write: nothing arrives but what can be seen, and in a command what cannot be seen is named.
 */
export async function terminal(): Promise<Surface> {
	const surface: Surface = { name: 'terminal', hostile: 0, broken: [], benign: 0, needless: [] };
	const all = cases();
	for (let i = 0; i < all.length; i += together) {
		const group = all.slice(i, i + together);
		const texts = group.map(({ input }, at) => `${mark(at).from}${input}${mark(at).to}`);
		for (const [way, replies] of Object.entries(ways)) {
			const world = makeWorld();
			const raw = await shown(world, replies(texts));
			for (const [at, attack] of group.entries()) judge(surface, { attack, way, own: between(raw, at) });
			removeWorld(world);
		}
	}
	return surface;
}

function judge(surface: Surface, { attack, way, own }: { attack: Attack; way: string; own: string | undefined }): void {
	const input = String(attack.input);
	const said = `${attack.id} (${way}): ${own === undefined ? 'not shown' : own.slice(0, 120)}`;
	surface[attack.kind]++;
	const arrives = own !== undefined && controls.test(own.replace(ours, ''));
	const unmarked = way === 'a command' && hidden.test(input) && !(own && marked.test(own));
	if (attack.kind === 'hostile' && (own === undefined || arrives || unmarked)) surface.broken.push(said);
	const lines = (text: string | undefined) => text?.replaceAll('\r\n', '\n').trim();
	if (attack.kind === 'benign' && way === 'a reply' && lines(own) !== lines(input)) surface.needless.push(said);
}

/** Every byte that the program writes onto a terminal while the model says this. */
async function shown(world: World, replies: readonly string[]): Promise<string> {
	const script = join(world.base, 'script.md');
	writeFileSync(script, [...replies, 'Done.\n'].join('---\n'));
	const opened = open({ args: wordsFor(script, []), env: environmentOf(world), cwd: world.ws, cols: columns, rows: 60 });
	await opened.ended;
	const raw = opened.raw();
	opened.close();
	return raw;
}
