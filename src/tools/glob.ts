import { z } from 'zod';
import { say } from '../prompts.js';
import { aliases, looseObject } from './arguments.js';
import { clip } from './clip.js';
import { existingFolder } from './lookup.js';
import { defineTool } from './tool.js';

const most = 100;

export const glob = defineTool({
	name: 'glob',
	risk: 'reads',
	args: looseObject({ pattern: z.string().min(1), path: z.string().optional() }, aliases),
	title: ({ pattern, path }) => `glob ${pattern}${path ? ` in ${path}` : ''}`,
	async run({ pattern, path = '' }, { workspace, outputTokens }) {
		const under = path === '' ? '' : await existingFolder(workspace.files, path);
		const { paths, more } = await workspace.files.list({ under: under || '.', pattern: fromRoot(pattern, under), limit: most });
		if (paths.length === 0)
			return { ok: true, text: say(under === '' ? 'tools/glob#none' : 'tools/glob#none-under', { pattern, path: under }) };
		const text = `${paths.join('\n')}${more ? `\n${say('tools/glob#more', { count: paths.length })}` : ''}`;
		return { ok: true, text: clip(text, outputTokens, 'head'), show: { kind: 'paths', paths } };
	},
});

/** A pattern without `/` is of names, wherever they are; one with `/` begins at the folder. */
function fromRoot(pattern: string, under: string): string {
	const relative = pattern.replace(/^(\.?\/)+/, '');
	return under !== '' && relative.includes('/') && !relative.startsWith(`${under}/`) ? `${under}/${relative}` : relative;
}
