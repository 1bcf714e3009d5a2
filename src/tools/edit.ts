import { z } from 'zod';
import { say } from '../prompts.js';
import { Refusal } from '../types.js';
import type { Splice } from '../workspace/workspace.js';
import { type Applied, applyEdit } from './apply.js';
import { aliases, looseObject, truth } from './arguments.js';
import { made } from './checked.js';
import { isProse } from './elision.js';
import { existingFile, kindOf } from './lookup.js';
import { numbered } from './numbered.js';
import type { Way } from './place.js';
import { closestLines, type Region } from './similarity.js';
import { newSyntaxError } from './syntax.js';
import { type Done, defineTool, type Workbench } from './tool.js';
import { unified } from './wordings.js';

type Args = { file_path: string; old_string: string; new_string: string; replace_all?: boolean | undefined };

/** An edit that can be made: on a file that is there (`edits`), or as a new or empty file's text. */
type Plan = { path: string; before: string | null; after: string; edits?: Splice[]; text: string; remark: string };

export const edit = defineTool({
	name: 'edit',
	risk: 'writes',
	args: looseObject(
		{ file_path: z.string().min(1), old_string: z.string(), new_string: z.string(), replace_all: truth.optional() },
		aliases,
		{
			old_string: '',
		},
	),
	title: ({ file_path }) => `edit ${file_path}`,
	async preview(args, bench) {
		const { path, before, after } = await planned(args, bench);
		return { kind: 'diff', path, before, after };
	},
	async run(args, bench): Promise<Done> {
		const { path, before, after, edits, text, remark } = await planned(args, bench);
		if (before === after) return { ok: true, text };
		const { files } = bench.workspace;
		const change = () => (edits ? files.splice(path, edits) : files.write(path, after));
		return made(path, { change, text: [text, remark].filter(Boolean).join('\n'), sound: remark === '' }, bench);
	},
});

async function planned(args: Args, bench: Workbench): Promise<Plan> {
	const { files } = bench.workspace;
	if (args.old_string === '' && (await kindOf(files, args.file_path)) === 'absent') return creation(args, bench);
	const path = await existingFile(files, args.file_path);
	const before = await seenText(path, args, bench);
	if (args.old_string === '') {
		if (before.trim() !== '') throw new Refusal(say('tools/edit#no-old', { path }));
		return filled({ path, before }, args, bench);
	}
	const applied = applyEdit(before, { old: args.old_string, fresh: args.new_string, all: args.replace_all ?? false, prose: isProse(path) });
	return plan({ path, before, applied }, bench);
}

async function creation(args: Args, bench: Workbench): Promise<Plan> {
	return filled({ path: await bench.workspace.files.inside(args.file_path), before: null }, args, bench);
}

async function filled({ path, before }: { path: string; before: string | null }, args: Args, bench: Workbench): Promise<Plan> {
	const after = unified(args.new_string);
	const text = say('tools/edit#created', { path, lines: after.replace(/\n$/, '').split('\n').length });
	return { path, before, after, text, remark: await newSyntaxError({ path, before, after }, bench) };
}

/** The text of a file as the model knows it; otherwise a refusal that shows the lines it most likely means. */
async function seenText(path: string, args: Args, { workspace }: Workbench): Promise<string> {
	const sight = await workspace.files.sight(path);
	const { text } = await workspace.files.read(path);
	if (sight === 'fresh' || text.trim() === '') return text;
	const lines = text.split('\n');
	const region = closestLines(lines, args.old_string.split('\n')) ?? { from: 0, lines: lines.slice(0, 15) };
	throw new Refusal(say(`tools/edit#${sight === 'stale' ? 'stale' : 'unseen'}`, { path, lines: shown(region) }));
}

async function plan({ path, before, applied }: { path: string; before: string; applied: Applied }, bench: Workbench): Promise<Plan> {
	switch (applied.kind) {
		case 'edits': {
			const { after, edits } = applied;
			const remark = await newSyntaxError({ path, before, after }, bench);
			return { path, before, after, edits, text: report(path, applied), remark };
		}
		case 'already':
			return { path, before, after: before, text: say('tools/edit#already', { path, line: applied.line }), remark: '' };
		case 'ambiguous':
			throw new Refusal(say('tools/edit#ambiguous', { path, count: applied.lines.length, lines: listed(applied.lines) }));
		case 'elided':
			throw new Refusal(say('tools/edit#elided', { line: applied.line }));
		case 'same':
			throw new Refusal(say('tools/edit#same'));
		case 'missing':
			throw new Refusal(
				applied.closest ? say('tools/edit#missing', { path, lines: shown(applied.closest) }) : say('tools/edit#nothing-like-it', { path }),
			);
		default:
			return applied satisfies never;
	}
}

/** Where, how, and the lines there now, so that they need not be read again. */
function report(path: string, { after, lines, way, edits }: Extract<Applied, { kind: 'edits' }>): string {
	const head =
		lines.length === 1
			? say('tools/edit#edited', { path })
			: say('tools/edit#edited-all', { path, count: lines.length, lines: listed(lines) });
	const note = way === 'exact' ? '' : ` ${say('tools/edit#inexact', { way: wayInWords(way) })}`;
	const all = after.split('\n');
	const length = Math.max(1, edits[0]!.text.replace(/\n$/, '').split('\n').length);
	const from = Math.max(0, lines[0]! - 1 - (length <= 4 ? Math.floor((6 - length) / 2) : 1));
	return `${head}${note}\n${numbered(all.slice(from, from + 6), from + 1)}`;
}

const wayInWords = (way: Exclude<Way, 'exact'>): string => say(`tools/edit#way-${way}`);
const shown = ({ from, lines }: Region): string => numbered(lines, from + 1);
const listed = (lines: readonly number[]): string => (lines.length <= 12 ? lines.join(', ') : `${lines.slice(0, 12).join(', ')}, …`);
