import { z } from 'zod';
import { say } from '../prompts.js';
import { aliases, looseObject } from './arguments.js';
import { clip } from './clip.js';
import { existingFolder } from './lookup.js';
import { defineTool } from './tool.js';

export const listDirectory = defineTool({
	name: 'list_directory',
	risk: 'reads',
	args: looseObject({ path: z.string() }, aliases, { path: '.' }),
	title: ({ path }) => `list ${path}`,
	async run({ path }, { workspace, outputTokens }) {
		const folder = await existingFolder(workspace.files, path || '.');
		const paths = await workspace.files.entries(folder || '.');
		const text =
			paths.length === 0 ? say('tools/list_directory#empty', { path: folder || '.' }) : clip(paths.join('\n'), outputTokens, 'head');
		return { ok: true, text, show: { kind: 'paths', paths } };
	},
});
