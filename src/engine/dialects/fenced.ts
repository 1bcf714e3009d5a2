import { say } from '../../prompts.js';
import type { Call, ToolMessage } from '../../types.js';
import { isObject } from './arguments.js';
import type { Dialect } from './dialect.js';
import { writeEdit } from './edits.js';
import { fenced as fence } from './fence.js';
import { jsonForm } from './hermes.js';
import { readsBack } from './read-back.js';
import { tolerantReader } from './reader.js';
import { turnsOf } from './turns.js';

/**
 * Prose with fenced blocks, for small Qwen2.5-Coder and any unknown model: a block headed by a path changes that file, a
 * `sh` block is a command, any other call is a `json` block. The system page teaches the form; nothing is added to it.
 */
export const fenced: Dialect = {
	name: 'fenced',
	render: prompt => turnsOf(prompt, { tools: '', result, write }),
	write,
	reader,
};

function reader(...[tools, idPrefix]: Parameters<Dialect['reader']>): ReturnType<Dialect['reader']> {
	return tolerantReader({ tools, idPrefix, blocks: true, form: say('dialects/fenced#form') });
}

const result = ({ tool, text }: ToolMessage): string => `[${tool}]\n${text}`;

/** The block of the call's own kind where that says it exactly; else JSON. */
function write(call: Call): string {
	const block = ownForm(call);
	return block !== undefined && readsBack(reader, block, call) ? block : fence('json', `${jsonForm(call)}\n`);
}

function ownForm({ tool, args }: Call): string | undefined {
	if (!isObject(args)) return undefined;
	const { file_path: path, content, old_string: old, new_string: fresh, command } = args;
	if (tool === 'write_file' && typeof path === 'string' && typeof content === 'string') return `${path}\n${fence('', content)}`;
	if (tool === 'edit' && typeof path === 'string' && typeof old === 'string' && typeof fresh === 'string')
		return `${path}\n${fence('', writeEdit({ old, new: fresh }))}`;
	return tool === 'run_shell_command' && typeof command === 'string' ? fence('sh', command) : undefined;
}
