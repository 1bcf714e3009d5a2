/** Which commit each line of a file came with, read from git's porcelain form (git-blame(1)). */
import { Refusal } from '../types.js';
import type { Repo } from './git-repository.js';
import { shown } from './names.js';
import type { Blamed } from './workspace.js';

/** Every line of the file `path`. Throws `Refusal` when git does not know the file. */
export async function blamed({ git }: Repo, path: string): Promise<Blamed[]> {
	if ((await git({ args: ['ls-files', '-z', '--cached', '--', path] })) === '')
		throw new Refusal(`${shown(path)} is not tracked by git, so no commit says who wrote it; git add tracks it.`);
	return parsed(await git({ args: ['blame', '--line-porcelain', '--no-textconv', '--', path] }));
}

function parsed(output: string): Blamed[] {
	const lines: Blamed[] = [];
	let now: Blamed | undefined;
	// A carriage return belongs to the text of a line.
	for (const line of output.split('\n')) {
		const head = now ? undefined : /^([0-9a-f]{40,64}) (\d+) \d+/.exec(line);
		if (head) now = { commit: /^0+$/.test(head[1]!) ? undefined : head[1]!, line: Number(head[2]), author: '', name: '', text: '' };
		else if (!now) continue;
		else if (line.startsWith('\t')) {
			lines.push({ ...now, text: line.slice(1) });
			now = undefined;
		} else if (line.startsWith('author ')) now.author = line.slice('author '.length);
		else if (line.startsWith('filename ')) now.name = line.slice('filename '.length);
	}
	return lines;
}
