import type { Token } from 'node-llama-cpp';
import type { Lane } from './lane.js';
import type { StatesPlace } from './messages.js';
import { type SavedState, type StateCard, stateFolder } from './state-files.js';
import type { Tokens } from './tokens.js';
import type { Weights } from './weights.js';

/**
 * What was read stays on disk, so that a fresh process does not read it again. Each gives a line for the person when
 * something was wrong; nothing here fails.
 */
export type Saved = {
	/** Brings the state that has most in common with the tokens of `prompt` into the fresh lane; of `kind`, if only such will do. */
	restore(lane: Lane, prompt: () => readonly Token[], kind?: StateCard['kind']): Promise<string | undefined>;
	/** Keeps what is in the lane, unless it is kept already. */
	keep(lane: Lane, kind: StateCard['kind']): Promise<string | undefined>;
};

/** Fewer tokens than this are read again faster than they are found. */
const fewest = 24;
/** A larger state takes longer to write than the program may take to end. */
const mostBytes = 400e6;

export function savedStates(place: StatesPlace, { model, context }: Weights, tokens: Tokens): Saved {
	const { llama } = model;
	// A state is only good for exactly what made it: the loader checks none of this and would give garbage.
	const key = JSON.stringify([
		place.model,
		llama.gpu,
		context.contextSize,
		context.kvCacheKeyType,
		context.kvCacheValueType,
		context.flashAttention,
	]);
	const folder = stateFolder(place.folder, key, place.budget, JSON.stringify(llama.llamaCppRelease));
	let bytesPerToken = 0;
	return {
		async restore(lane, prompt, kind) {
			const { states: all, damaged, foreign } = folder.list();
			const states = all.filter(state => kind === undefined || state.kind === kind);
			let bad = damaged;
			for (const { state, common } of byUse(states, prompt, tokens)) {
				if (common < fewest || lane.sequence.nextTokenIndex >= common) break;
				if (!(await state.verify())) {
					bad++;
					continue;
				}
				for (const { text, ids } of state.replies) tokens.remember(text, [{ text, ids: ids as Token[] }]);
				const loaded = await load(lane, state);
				if (loaded) break;
				state.remove();
				bad++;
			}
			if (bad > 0) return 'A saved reading was damaged and has been removed; it is read again.';
			return foreign > 0 ? 'A saved reading was of another version or model and has been removed; it is read again.' : undefined;
		},
		async keep(lane, kind) {
			const ids = lane.sequence.contextTokens;
			const tooLarge = ids.length * bytesPerToken > mostBytes;
			if (ids.length < fewest || tooLarge || lane.sequence.needsCheckpoints || (kind === 'conversation' && !place.conversations))
				return undefined;
			try {
				await folder.add({ kind, ids, replies: tokens.remembered() }, async path => {
					const { fileSize } = await lane.sequence.saveStateToFile(path);
					bytesPerToken = fileSize / ids.length;
					return fileSize;
				});
				return undefined;
			} catch (error) {
				return `What was read could not be saved (${error instanceof Error ? error.message : String(error)}); the next start reads it again.`;
			}
		},
	};
}

/** The states by how much of the prompt each saves, the most first. A reply counts with the tokens it was written with. */
function byUse(states: readonly SavedState[], prompt: () => readonly Token[], tokens: Tokens): { state: SavedState; common: number }[] {
	const rated = states.map(state => {
		for (const { text, ids } of state.replies) tokens.remember(text, [{ text, ids: ids as Token[] }]);
		const ids = prompt();
		const differs = state.ids.findIndex((id, i) => id !== ids[i]);
		return { state, common: differs < 0 ? state.ids.length : differs };
	});
	return rated.sort((a, b) => b.common - a.common);
}

/** A sequence that failed to load is dead: it is replaced. */
async function load(lane: Lane, state: SavedState): Promise<boolean> {
	try {
		await lane.sequence.loadStateFromFile(state.path, { acceptRisk: true });
		if (lane.sequence.nextTokenIndex === state.ids.length) return true;
	} catch {
		// The reason is of no use to anybody: the state is as good as absent.
	}
	await lane.renew();
	return false;
}
