import type { ModelSummary } from '../program.js';
import type { Choice, Command } from './command.js';

export const model: Command = {
	name: 'model',
	aliases: [],
	purpose: 'go on with another model',
	argumentHint: '[name or path]',
	async run(args, host) {
		const id = args || (await host.pick('Which model?', (await host.program.models()).map(choiceOf)));
		if (id === undefined) return;
		// biome-ignore lint/correctness/useHookAtTopLevel: no hook, in spite of its name.
		host.replaced(await host.program.useModel(id));
		host.note(`The model is being changed to ${id}. It reads the conversation again first.`);
	},
};

function choiceOf({ id, installed, bytes, why, current }: ModelSummary): Choice {
	const size = bytes > 0 && `${(bytes / 1e9).toFixed(1)} GB`;
	const state = current ? 'in use' : !installed ? 'to be fetched' : bytes > 0 && 'on this machine';
	return { label: id, detail: [state, size, why].filter(Boolean).join(' · '), value: id };
}
