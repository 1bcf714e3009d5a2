import { attacks } from './attacks.js';
import { talk, talkCalls } from './chat.js';
import { digest, type Made, makeWorld, removeWorld, type Surface, scriptOf } from './play.js';
import { between, cases, hidden, mark, marked } from './terminal.js';

/** Cases of one chat. */
const shellTogether = 16;
const terminalTogether = 13;
/** Of the hostile commands every so manieth is tried here; the others are tried where nobody can be asked. */
const every = 3;
const mostCharacters = 1_000;
const columns = 1000;

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
const sequences = (raw: string): Set<string> =>
	new Set(
		[...raw.matchAll(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b[^[]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g)]
			.map(([found]) => found.replace(/^\x1b\[\d+([AG])$/, '\x1b[1$1'))
			.filter(found => !/^\x1b\[[0-9;]*m$/.test(found)),
	);

/**
 * Text that would control a terminal, in the chat: in a command that is asked about, in the title of a call and in a reply. No sequence
 * arrives that is not there with plain text too, nothing that was shown is gone, and in a question what cannot be seen is named.
 */
export async function terminalInChat(): Promise<Surface> {
	const surface: Surface = { name: 'terminal, in chat', hostile: 0, broken: [], benign: 0, needless: [] };
	const own = sequences((await say(Array.from({ length: terminalTogether }, () => 'plain'))).raw);
	for (const group of groupsOf(cases(), terminalTogether)) {
		const { raw, text, asked } = await say(group.map(({ input }) => String(input)));
		const strange = [...sequences(raw)].filter(one => !own.has(one));
		if (strange.length > 0) surface.broken.push(`${group.map(({ id }) => id).join(' ')}: ${JSON.stringify(strange)} arrived`);
		for (const [at, { id, kind, input }] of group.entries()) {
			const [inQuestion, inReply] = [between(asked, at), between(text.slice(text.lastIndexOf('The reply:')), at)];
			surface[kind] += 3;
			const refused = String(input).includes('\0');
			const unmarked = kind === 'hostile' && hidden.test(String(input)) && !marked.test(inQuestion ?? '');
			if ((inQuestion === undefined && !refused) || inReply === undefined || !text.includes(`read ${mark(at).from}`) || unmarked)
				surface[kind === 'hostile' ? 'broken' : 'needless'].push(
					`${id}: ${JSON.stringify({ inQuestion, inReply })}${unmarked ? ' (not marked)' : ''}`,
				);
		}
	}
	return surface;
}

/** One chat in which these texts are in a command, in paths and in a reply; `asked` is what the question showed. */
async function say(inputs: readonly string[]): Promise<{ raw: string; text: string; asked: string }> {
	const world = makeWorld();
	const texts = inputs.map((input, at) => `${mark(at).from}${input}${mark(at).to}`);
	// A command that holds a NUL is refused, and so never asked about.
	const calls = [
		command(`touch ${texts.filter(text => !text.includes('\0')).join('\n')}`),
		...texts.map((text): Made => ({ tool: 'read_file', args: { file_path: text } })),
	];
	const reply = `The reply:\n\n${inputs.map((input, at) => `${mark(at).from}\n${input}\n${mark(at).to}`).join('\n\n')}\n`;
	let asked = '';
	const { raw, text } = await talk(world, [...scriptOf(calls), reply], {
		columns,
		rows: 100,
		answer({ terminal }) {
			asked = terminal.screen();
			return 'n';
		},
	});
	removeWorld(world);
	return { raw, text, asked };
}
