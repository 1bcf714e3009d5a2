import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from '../pty/terminal.js';
import { allBetween, type Carrier, carriers, marked, type Text, texts } from './carriers.js';
import { counting } from './count.js';
import { environmentOf, makeWorld, program, removeWorld, run, type Surface, type World, wordsFor } from './play.js';

/** Columns that no line of it fills. */
export const columns = 4000;

/** Lines, and colours of our own, are what may stand on a terminal; the others are what is looked for. */
const ours = /\r?\n|\t|\x1b\[[0-9;]*m/g;
const controls = /[\x00-\x1f\x7f-\x9f]/;
/** What is not seen; one that is is among them by its category. */
const hidden = /(?!\u0602)\p{Cf}|[\u115f\u3164\u2800\u2028\u2029]|\p{Variation_Selector}/u;
/** A character that is not seen, as it is written out. */
const written = /<U\+[0-9A-F]{4,6}>/;

/** What came of a run: every byte, what can be read of it, and what an emulator did besides drawing. */
export type Seen = { raw: string; text: string; did: readonly string[] };
export type Counted = ReturnType<typeof counting>;
/** Where a carrier was looked at, and what of it. */
export type Looked = { where: string; carrier: Carrier; seen: readonly Seen[]; forms: ReadonlyMap<Text, string> };

/** The texts that can stand in a carrier, as they stand there. */
export const formsIn = ({ form }: Carrier): Map<Text, string> =>
	new Map(
		texts.flatMap(text => {
			const found = form(text.input);
			return found === undefined ? [] : [[text, found] as const];
		}),
	);
export const markedIn = (forms: ReadonlyMap<Text, string>): string[] => [...forms].map(([{ at }, form]) => marked(at, form));

/** A one-shot on a terminal, or below two pipes. */
const faces: Record<string, (world: World, words: readonly string[]) => Promise<Seen>> = {
	async 'on a terminal'(world, words) {
		const terminal = open({ args: [program, ...words], env: environmentOf(world), cwd: world.ws, cols: columns, rows: 60 });
		await terminal.ended;
		const seen = { did: await terminal.did(), raw: terminal.raw(), text: terminal.text() };
		terminal.close();
		return seen;
	},
	async 'into pipes'(world, words) {
		const { stdout, stderr } = await run(world, [program, ...words]);
		return { raw: `${stdout}\n${stderr}`, text: `${stdout}\n${stderr}`, did: [] };
	},
};

/**
 * Text that would control a terminal, from whatever brings it there: in one-shots and in what verbs print, on a terminal and into
 * pipes. Nothing arrives but what can be seen, the emulator does nothing but draw, and nothing that was shown is gone. What a model
 * answers is for programs where it goes into a pipe, and comes there byte for byte.
 */
export async function terminal(): Promise<Surface> {
	const counted = counting('terminal');
	await Promise.all(
		Object.entries(faces).map(async ([face, look]) => {
			for (const [name, carrier] of Object.entries(carriers)) {
				const piped = face === 'into pipes' && name === 'a model';
				await (piped ? answered(counted, carrier) : looked(counted, `${name}, ${face}`, { carrier, look }));
			}
		}),
	);
	return counted.surface;
}

type Looking = { carrier: Carrier; look: (world: World, words: readonly string[]) => Promise<Seen> };

async function looked(counted: Counted, where: string, { carrier, look }: Looking): Promise<void> {
	const forms = formsIn(carrier);
	const all = markedIn(forms);
	const world = makeWorld();
	try {
		const replies = carrier.plant(world, all);
		const seen = carrier.kept ? [] : [await look(world, asked(world, replies, carrier.flags).slice(1))];
		for (const words of carrier.verbs?.(all) ?? []) seen.push(await look(world, words));
		judge(counted, { where, carrier, seen, forms });
	} finally {
		removeWorld(world);
	}
}

function asked({ base }: World, replies: readonly string[], flags: readonly string[] = []): string[] {
	const script = join(base, 'script.md');
	writeFileSync(script, replies.join('---\n'));
	return wordsFor(script, flags);
}

async function answered({ hostile }: Counted, carrier: Carrier): Promise<void> {
	const world = makeWorld();
	const [reply = ''] = carrier.plant(world, markedIn(formsIn(carrier)));
	const { stdout, stderr } = await run(world, asked(world, [reply], []));
	for (const { at, attack } of texts) {
		const [own, came] = [reply, stdout].map(one => allBetween(one.toWellFormed(), at)[0]);
		hostile(
			`${attack.id} (a model, into pipes)`,
			came !== own && `came as ${JSON.stringify(came)}`,
			controls.test(stderr.replace(ours, '')) && 'on stderr',
		);
	}
	removeWorld(world);
}

/** Counts each text in a carrier: whether it can be seen, and nothing of it acts. */
export function judge({ surface, hostile, benign }: Counted, { where, carrier, seen, forms }: Looked): void {
	const inChat = where.endsWith(', in chat');
	const shown = inChat || !carrier.chatOnly;
	for (const [{ at, attack }, form] of forms) {
		const found = seen.flatMap(({ text }) => allBetween(text, at));
		// Of a line that writes over itself the last state is shown, and so its end alone.
		const isSeen =
			found.length > 0 || (/\r(?!\n)/.test(form) && seen.some(({ text }) => text.includes(marked(at, '').slice(-3 - String(at).length))));
		const said = `${attack.id} (${where})`;
		const wrong = [
			shown && !isSeen && 'not shown',
			found.some(one => controls.test(one.replace(ours, ''))) && 'a control is on the screen',
			shown && carrier.exact && hidden.test(form) && !found.some(one => written.test(one)) && `not written out: ${JSON.stringify(found)}`,
		];
		// Of a file the lines have numbers.
		const unchanged = carrier.unchanged === 'everywhere' || (carrier.unchanged === 'in chat' && inChat && !form.includes('\n'));
		if (attack.kind === 'hostile') hostile(said, ...wrong);
		else benign(`${said}: ${JSON.stringify(found)}`, !shown || (unchanged ? found.some(one => plainly(one) === plainly(form)) : isSeen));
	}
	if (!inChat) for (const one of seen) nothingActs(surface, where, one);
}

export function nothingActs(surface: Surface, where: string, { raw, did }: Seen): void {
	const left = raw.replace(ours, '');
	const at = controls.exec(left)?.index;
	if (at !== undefined) surface.broken.push(`${where}: ${JSON.stringify(left.slice(Math.max(0, at - 60), at + 60))} arrived`);
	if (did.length > 0) surface.broken.push(`${where}: the terminal did ${JSON.stringify(did)}`);
}

/** Text but for line ends, and blanks at both ends of lines. */
const plainly = (text: string): string =>
	text
		.replaceAll('\r\n', '\n')
		.split('\n')
		.map(line => line.trim())
		.join('\n')
		.trim();
