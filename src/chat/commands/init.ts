import { showFiles } from '../../agent/material.js';
import { say } from '../../prompts.js';
import type { Command } from './command.js';

/** What tells most about how a project is worked on. */
const telling = [
	'AGENTS.md',
	'QWEN.md',
	'CLAUDE.md',
	'README.md',
	'CONTRIBUTING.md',
	'package.json',
	'pyproject.toml',
	'Cargo.toml',
	'go.mod',
	'Makefile',
	'justfile',
];
const mostPaths = 120;

export const init: Command = {
	name: 'init',
	aliases: [],
	purpose: 'write AGENTS.md, which tells agents about this project',
	async run(_args, host) {
		const { conversation } = host.program;
		const { files } = conversation.workspace;
		const { paths } = await files.list({ limit: mostPaths });
		// A fifth of the context: room has to be left for the file that is to be written.
		const tokens = Math.floor((conversation.engine.model.contextSize || 8192) / 5);
		const shown = await showFiles(
			telling.filter(path => paths.includes(path)),
			conversation.workspace,
			{ tokens },
		);
		for (const note of shown.notes) host.note(note);
		const material = [`${paths.join('\n')}`, shown.text].filter(part => part !== '').join('\n\n');
		const text = say(paths.includes('AGENTS.md') ? 'jobs/init#update' : 'jobs/init');
		host.run(signal => conversation.ask({ text, material }, signal));
	},
};
