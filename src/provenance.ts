/** Which model wrote which lines of a commit, as a note on it that goes where the commit goes. */
import { z } from 'zod';
import type { Config } from './config.js';
import { jsonIn } from './json.js';
import { projectFolder } from './places.js';
import { Refusal } from './types.js';
import type { Workspace } from './workspace/workspace.js';
import { writerRecord } from './workspace/writer.js';
import { type Author, authorsIn, newLines, rangesOf } from './workspace/written.js';

const line = z.int().min(1);
const { seed, ...sampling } = writerRecord.shape.sampling.shape;

/** One file (its path from the top of the work tree) and the lines of it, from 1, that one model wrote in one conversation. */
const noted = z.object({
	path: z.string(),
	...writerRecord.shape,
	sampling: z.object(sampling),
	seed,
	conversation: z.string(),
	time: z.string().exactOptional(),
	lines: z.array(z.tuple([line, line])),
});
const note = z.object({ qwill: z.literal(1), files: z.array(noted) });
export type Noted = z.infer<typeof noted>;

/**
 * Notes on a commit (a full id), else the newest, which of the lines it brings were written by models, unless the settings want no `attribution`. Gives a
 * sentence for the person where that could not be done.
 */
export async function noteAuthors(
	{ root, git }: Pick<Workspace, 'root' | 'git'>,
	attribution: Config['attribution']['commit'],
	id?: string,
): Promise<string | undefined> {
	if (attribution === 'none') return undefined;
	try {
		const authors = authorsIn({ root, state: projectFolder(root) });
		const { commit, files } = await git.brought(authors.paths, id);
		const written = files.flatMap(({ path, name, before, after }) => {
			const fresh = newLines(before, after);
			return notedOf(
				name,
				authors.of(path, after).map((author, index) => (fresh.has(index + 1) ? author : undefined)),
			);
		});
		if (written.length > 0) await git.note(commit, JSON.stringify({ qwill: 1, files: written } satisfies z.infer<typeof note>));
		return undefined;
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return `Which lines a model wrote is not noted: ${error.message}`;
	}
}

/** One record for each model and conversation that wrote lines of this file. */
function notedOf(path: string, authors: readonly (Author | undefined)[]): Noted[] {
	const lines = new Map<string, number[]>();
	const last = new Map<string, Author>();
	for (const [index, author] of authors.entries()) {
		if (!author) continue;
		const key = JSON.stringify([author.writer, author.conversation]);
		lines.set(key, [...(lines.get(key) ?? []), index + 1]);
		if ((author.time ?? '') >= (last.get(key)?.time ?? '')) last.set(key, author);
	}
	return [...last].map(([key, { writer, conversation, time }]) => {
		const { seed, ...sampling } = writer.sampling;
		return { path, ...writer, sampling, seed, conversation, ...(time !== undefined && { time }), lines: rangesOf(lines.get(key) ?? []) };
	});
}

/** What a note says; undefined where it is not one of ours, or broken. */
export function readNote(text: string): readonly Noted[] | undefined {
	return note.safeParse(jsonIn(text)).data?.files;
}
