import { z } from 'zod';
import { say } from '../prompts.js';
import { Refusal } from '../types.js';
import { aliases, looseObject } from './arguments.js';
import { made } from './checked.js';
import { findElision, isProse } from './elision.js';
import { kindOf } from './lookup.js';
import { newSyntaxError, type Rewrite } from './syntax.js';
import { type Done, defineTool, type Workbench } from './tool.js';
import { unified } from './wordings.js';

type Args = { file_path: string; content: string };

export const writeFile = defineTool({
	name: 'write_file',
	risk: 'writes',
	args: looseObject({ file_path: z.string().min(1), content: z.string() }, aliases),
	title: ({ file_path }) => `write ${file_path}`,
	async preview(args, bench) {
		const { path, before, after } = await planned(args, bench);
		return { kind: 'diff', path, before, after };
	},
	async run(args, bench): Promise<Done> {
		const { path, before, after, remark } = await planned(args, bench);
		if (before === after) return { ok: true, text: say('tools/write_file#already', { path }) };
		const values = { path, lines: after.replace(/\n$/, '').split('\n').length };
		const text = say(before === null ? 'tools/write_file#created' : 'tools/write_file#written', values);
		const change = () => bench.workspace.files.write(path, after);
		return made(path, { change, text: [text, remark].filter(Boolean).join('\n'), sound: remark === '' }, bench);
	},
});

/** The file as it is to be. Refuses what the model has not seen as it is now, and what is not the whole file. */
async function planned({ file_path, content }: Args, bench: Workbench): Promise<Rewrite & { remark: string }> {
	const { files } = bench.workspace;
	const kind = await kindOf(files, file_path);
	if (kind === 'folder') throw new Refusal(say('tools/paths#folder', { path: file_path }));
	const path = await files.inside(file_path);
	const before = kind === 'absent' ? null : await seenText(path, bench);
	const after = withLastLineEnd(unified(content), before);
	if (before === after) return { path, before, after, remark: '' };
	const line = findElision(after, { known: before ?? '', prose: isProse(path) });
	if (line !== undefined) throw new Refusal(say('tools/write_file#elided', { line }));
	const [old, fresh] = [countLines(before ?? ''), countLines(after)];
	if (old > 20 && fresh < old / 2) throw new Refusal(say('tools/write_file#shrunk', { path, old, fresh }));
	return { path, before, after, remark: await newSyntaxError({ path, before, after }, bench) };
}

async function seenText(path: string, { workspace }: Workbench): Promise<string> {
	const sight = await workspace.files.sight(path);
	if (sight === 'unseen') throw new Refusal(say('tools/write_file#unseen', { path }));
	if (sight === 'stale') throw new Refusal(say('tools/write_file#stale', { path }));
	return (await workspace.files.read(path)).text;
}

/** The last line ends as it did in the file; in a new file it ends. */
function withLastLineEnd(text: string, before: string | null): string {
	if (text.trim() === '' && before === null) return text;
	const ends = before === null || before === '' || before.endsWith('\n');
	return ends ? (text.endsWith('\n') ? text : `${text}\n`) : text.replace(/\n$/, '');
}

const countLines = (text: string): number => text.replace(/\n$/, '').split('\n').length;
