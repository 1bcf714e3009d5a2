import { Refusal } from '../types.js';
import type { Files, Workspace } from '../workspace/workspace.js';
import type { RuleBook } from './rules.js';

/**
 * The workspace without the files that a rule forbids the model to read: no mention, job or tool gets their text. What the
 * program reads for itself, for undo or a diff to the person, is not meant.
 */
export function withoutDenied(workspace: Workspace, rules: RuleBook): Workspace {
	const guarded = (files: Files): Files => ({
		...files,
		async read(path) {
			const ruled = await rules.decide({ id: '', tool: 'read_file', args: { file_path: path } });
			if (ruled?.effect === 'deny') throw new Refusal(`${path} may not be read: the rule ${ruled.rule} forbids it.`);
			return await files.read(path);
		},
		signed: writer => guarded(files.signed(writer)),
	});
	return { ...workspace, files: guarded(workspace.files) };
}
