import type { ModelSummary } from '../program.js';
import type { Choice, Command } from './command.js';

export const model: Command = {
	name: 'model',
	aliases: [],
	purpose: 'go on with another model; one that is not here is fetched behind',
	argumentHint: '[name or path]',
	async run(args, host) {
		const { program } = host;
		const id = args || (await host.pick('Which model?', (await program.models()).map(choiceOf)));
		if (id === undefined) return;
		if (host.arriving() === id) return host.note(`${id} is on its way already.`);
		const stopped = host.stopFetching();
		const { name } = program.conversation.engine.model;
		if ((await program.models()).some(({ id: known, current }) => current && known === id))
			return stopped ? undefined : host.note(`${name} is in use already.`);
		// biome-ignore lint/correctness/useHookAtTopLevel: no hook, in spite of its name.
		const next = await program.useModel(id);
		if ('absent' in next) return host.fetch(next);
		host.replaced(next);
		host.note(`The model is being changed to ${id}. It reads the conversation again first.`);
	},
};

function choiceOf({ id, installed, bytes, why, current }: ModelSummary): Choice {
	const size = bytes > 0 && `${(bytes / 1e9).toFixed(1)} GB`;
	const state = current ? 'in use' : !installed ? 'to be fetched' : bytes > 0 && 'on this machine';
	return { label: id, detail: [state, size, why].filter(Boolean).join(' · '), value: id };
}
