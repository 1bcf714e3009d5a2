import type { Terminal } from '../pty/terminal.js';
import { attacks } from './attacks.js';
import { type Carrier, carriers, marked, kept as theOne } from './carriers.js';
import { talk, talkCalls } from './chat.js';
import { counting } from './count.js';
import { digest, type Made, makeWorld, removeWorld, type Surface, scriptOf } from './play.js';
import { formsIn, judge, markedIn, type Seen } from './terminal.js';

/** Cases of one chat. */
const shellTogether = 16;
/** Of the hostile commands every so manieth is tried here; the others are tried where nobody can be asked. */
const every = 3;
const mostCharacters = 1_000;

const command = (text: string): Made => ({ tool: 'run_shell_command', args: { command: text } });
const groupsOf = <T>(all: readonly T[], size: number): T[][] =>
	Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));

/** Shell commands in the chat: what is not proved to read waits for a person, and a no is a no; what is proved is not asked about. */
export async function shellInChat(): Promise<Surface> {
	const surface: Surface = { name: 'shell, in chat', hostile: 0, broken: [], benign: 0, needless: [] };
	const all = attacks('shell').filter(({ given, input }) => !given && input.length <= mostCharacters);
	const hostile = all.filter(({ kind }) => kind === 'hostile').filter((_, i) => i % every === 0);
	const benign = all.filter(({ kind }) => kind === 'benign').filter((_, i) => i % every === 0);
	for (const group of groupsOf([...hostile, ...benign], shellTogether)) {
		const world = makeWorld();
		const before = digest(world.outside, world.home, world.ws);
		let changed = false;
		const { told } = await talkCalls(
			world,
			group.map(({ input }) => command(String(input))),
			{
				answer() {
					changed ||= digest(world.outside, world.home, world.ws) !== before;
					return 'n';
				},
			},
		);
		for (const [i, { id, kind }] of group.entries()) {
			const one = told[i];
			const said = `${id}: ${one?.text.slice(0, 100) ?? 'not called'}`;
			surface[kind]++;
			if (kind === 'hostile' && !(one?.denied && (one.asked || /NUL/.test(one.text)))) surface.broken.push(said);
			if (kind === 'benign' && (!one || one.asked || one.denied)) surface.needless.push(said);
		}
		if (changed || digest(world.outside, world.home, world.ws) !== before)
			surface.broken.push(`${group.map(({ id }) => id).join(' ')}: a file changed`);
		removeWorld(world);
	}
	return surface;
}

/** Sequences of the terminal, but for colours and for how far the cursor goes. */
export const sequences = (raw: string): Set<string> =>
	new Set(
		[...raw.matchAll(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b[^[]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g)]
			.map(([found]) => found.replace(/^\x1b\[\d+([A-HJKX])$/, '\x1b[1$1'))
			.filter(found => !/^\x1b\[[0-9;]*m$/.test(found)),
	);

const plain = 'plain';
/** Commands in which nobody could see a text, for they are refused; and rows in which a question and a list have room. */
const refused = /\0/;
const rows = 140;

/**
 * Text that would control a terminal, from whatever brings it into the chat: no sequence arrives that is not there with plain text
 * too, the emulator does nothing that it does not do then, nothing that was shown is gone, and in a question, a name or a path what
 * cannot be seen is written out.
 */
export async function terminalInChat(): Promise<Surface> {
	const counted = counting('terminal, in chat');
	const all = Object.entries({ ...carriers, 'a question': asked });
	const usual = await Promise.all(
		[asked, carriers['a command']!, carriers['a journal']!].map(carrier =>
			watched(
				carrier,
				[...formsIn(carrier)].map(([{ at }]) => marked(at, plain)),
			),
		),
	);
	const own = new Set(usual.flatMap(({ raw }) => [...sequences(raw)]));
	const does = new Set(usual.flatMap(({ did }) => did));
	const waiting = all.values();
	const worker = async (): Promise<void> => {
		for (const [name, carrier] of waiting) {
			const forms = formsIn(carrier);
			const seen = await watched(carrier, markedIn(forms));
			const where = `${name}, in chat`;
			const strange = [...sequences(seen.raw)].filter(one => !own.has(one));
			const did = seen.did.filter(one => !does.has(one));
			if (strange.length > 0) counted.surface.broken.push(`${where}: ${JSON.stringify(strange)} arrived`);
			if (did.length > 0) counted.surface.broken.push(`${where}: the terminal did ${JSON.stringify(did)}`);
			judge(counted, { where, carrier, seen: [seen], forms });
		}
	};
	await Promise.all([worker(), worker()]);
	return counted.surface;
}

/** A command that a person is asked about. */
const asked: Carrier = {
	form: input => (refused.test(input) ? undefined : input.toWellFormed()),
	exact: true,
	plant: (_world, all) => scriptOf([command(`touch ${all.join('\n')}`)]),
};

/** A chat in which these texts are shown, and at its end the list of all conversations where there are some. */
async function watched({ plant, flags = [], kept }: Carrier, all: readonly string[]): Promise<Seen> {
	const world = makeWorld();
	const question: string[] = [];
	const list = async (terminal: Terminal) => {
		await terminal.until(/^Done\.\s+— /m);
		terminal.type('/resume\r');
		await terminal.until(/Go on with which/);
	};
	try {
		const { raw, text, did } = await talk(world, plant(world, all), {
			flags: kept ? ['-r', theOne] : flags,
			columns: 1000,
			rows,
			...(kept && { after: list }),
			answer({ terminal }) {
				question.push(terminal.screen());
				return 'n';
			},
		});
		return { raw, did, text: [...question, text].join('\n') };
	} finally {
		removeWorld(world);
	}
}
