import { type Acting, actingForUser, actingIn, type Found, type Kind, withoutComments } from './acting.js';
import type { Instruction } from './agent/instructions.js';
import { type OwnCommand, ownCommand } from './own-commands.js';
import { exactLine } from './sanitise.js';

/** What the person and, as far as it is trusted, the project want of every conversation. `notes` are for the person. */
export type Guidance = { instructions: Instruction[]; commands: OwnCommand[]; notes: string[] };

/** `bare`: nothing. `trustNow`: the project is trusted for this run. `how`: what a person does who wants to trust it. */
export type Asking = { bare: boolean; trustNow: boolean; how: string };

/** Reads the guidance for the project folder `root` (a real path). Of a file that is not trusted only a note says that it is there. */
export async function guidanceIn(root: string, { bare, trustNow, how }: Asking): Promise<Guidance> {
	if (bare) return { instructions: [], commands: [], notes: [] };
	const [own, project] = await Promise.all([actingForUser(), actingIn(root, { trustNow })]);
	const counting = [...own.files, ...project.files].filter(file => file.state === 'trusted');
	return {
		instructions: instructionsIn(counting),
		commands: commandsIn(counting),
		notes: [...own.notes, ...project.notes, ...inert(project, how)],
	};
}

/** The instructions among these files, as the model reads them. */
export const instructionsIn = (files: readonly Acting[]): Instruction[] =>
	files
		.filter(({ kind }) => kind === 'instructions')
		.map(({ path, text }) => ({ path, text: withoutComments(text).trim() }))
		.filter(({ text }) => text !== '');

/** The commands among these files; a later one of the same name takes the place of an earlier one. */
export function commandsIn(files: readonly Acting[]): OwnCommand[] {
	const commands = files
		.filter(({ kind }) => kind === 'command')
		.map(({ path, text }) => ownCommand(path.replace(/^.*?qwill\/commands\//, ''), text))
		.filter(command => command !== undefined);
	return [...new Map(commands.map(command => [command.name, command])).values()];
}

/** What is there and does not count, in a sentence or two. */
export function inert({ files, unopened }: Pick<Found, 'files' | 'unopened'>, how: string): string[] {
	const changed = files.filter(({ state }) => state === 'changed');
	const fresh = [...unopened, ...files.filter(({ state }) => state === 'new').map(file => ({ ...file, size: file.bytes.length }))];
	const one = changed.length === 1;
	return [
		...(fresh.length > 0 ? [`This folder has ${kindsOf(fresh)} (${listOf(fresh)}). Inert until you trust them: ${how}`] : []),
		...(changed.length > 0
			? [
					`${namesOf(changed)} ${one ? 'has' : 'have'} changed since you trusted ${one ? 'it' : 'them'}. Inert until you trust ${one ? 'it' : 'them'} again: ${how}`,
				]
			: []),
	];
}

type Seen = { path: string; kind: Kind; size: number };

const words: Record<Kind, string> = { settings: 'settings', instructions: 'instructions', command: 'commands' };

const kindsOf = (files: readonly Seen[]): string => {
	const kinds = (['settings', 'instructions', 'command'] as const)
		.filter(kind => files.some(file => file.kind === kind))
		.map(kind => words[kind]);
	return kinds.length < 2 ? kinds.join('') : `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)}`;
};

const mostNamed = 4;
const bytesPerToken = 4;

/** A token of English prose has about four letters. */
const listOf = (files: readonly Seen[]): string =>
	namesOf(
		files.map(({ path, kind, size }) => ({
			path:
				kind === 'instructions' ? `${path}, about ${Math.max(1, Math.round(size / bytesPerToken)).toLocaleString('en-US')} tokens` : path,
		})),
		'; ',
	);

function namesOf(files: readonly { path: string }[], between = ', '): string {
	const named = files.slice(0, mostNamed).map(({ path }) => exactLine(path));
	return [...named, ...(files.length > mostNamed ? [`${files.length - mostNamed} more`] : [])].join(between);
}
