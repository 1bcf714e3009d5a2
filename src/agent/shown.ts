import type { Call } from '../types.js';
import { standingAt } from '../workspace/standing.js';
import { membersDeep, programOf } from './members.js';
import { shellCall } from './shell-rules.js';

/** What a command acts on, by name, as it was when the person was asked. */
export type Shown = ReadonlyMap<string, string>;

/** Words of a command that are looked up. */
const mostWords = 200;

/** The folder that a command would run in, and the files and folders that its words name. Nothing for other calls. */
export async function shownWith(call: Call, root: string): Promise<Shown> {
	const shell = call.tool === 'run_shell_command' ? shellCall(call) : undefined;
	const shown = new Map<string, string>();
	if (!shell) return shown;
	const members = membersDeep(shell.command);
	const words = members?.flatMap(member => [...member.words, ...member.sources, ...member.redirects.map(({ target }) => target)]);
	// What stands behind `=`, quotes and signs of the shell may be a file as well.
	const names = [...(words ?? []), ...shell.command.split(/[\s"'`$(){}<>|&;=]+/)].filter(word => word !== '');
	const folders = (members ?? []).filter(({ words }) => programOf(words) === 'cd').flatMap(({ words }) => words.slice(1, 2));
	for (const from of ['.', ...folders]) {
		const folder = from.startsWith('/') ? from : `${shell.directory}/${from}`;
		shown.set(folder, await standingAt(root, '.', folder));
		for (const name of [...new Set(names)].slice(0, mostWords)) shown.set(`${folder}/${name}`, await standingAt(root, folder, name));
	}
	return shown;
}

/** What has changed between two looks, as a path of the folder; undefined when nothing has. */
export function changedBetween(before: Shown, after: Shown): string | undefined {
	const name = [...after].find(([name, standing]) => before.get(name) !== standing)?.[0];
	return name?.replace(/^(?:\.\/)+(?=.)/, '');
}
