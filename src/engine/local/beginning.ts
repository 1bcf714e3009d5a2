import type { Turn } from '../dialects/dialect.js';
import type { Frame } from './frame.js';
import { holds, type Lane } from './lane.js';
import type { News } from './messages.js';
import type { Saved } from './saved.js';
import type { Reading } from './sequence.js';

type Means = { frame: Frame; lane: Lane; saved: Saved };

/**
 * Called before each prompt of the conversation is read. Before the first: brings back what an earlier process read of it.
 * Then reads and keeps the part that all conversations begin with. Gives the number of tokens that it had to read itself.
 */
export type Beginning = (turns: readonly Turn[], tell: (news: News) => void, signal: AbortSignal) => Promise<number>;

export function beginningOn({ frame, lane, saved }: Means): Beginning {
	let fresh = true;
	let kept = '';
	return async (turns, tell, signal) => {
		const [first] = turns;
		if (first?.role !== 'system') return 0;
		const say = (text: string | undefined) => text !== undefined && tell({ type: 'note', text });
		if (fresh) say(await saved.restore(lane, () => frame.prompt(turns, '')));
		fresh = false;
		if (kept === first.text) return 0;
		const prefix = frame.ahead([first]);
		const whole = frame.prompt(turns, '');
		if (prefix.length === 0 || prefix.some((id, i) => id !== whole[i])) return 0;
		let own = 0;
		if (!holds(lane, prefix)) {
			const report = (reading: Reading) => reading.done < reading.total && tell({ type: 'reading', ...reading, total: whole.length });
			const reused = await lane.read(whole.slice(0, prefix.length + 1), report, signal);
			own = lane.sequence.nextTokenIndex - reused;
			if (signal.aborted) return own;
			say(await saved.keep(lane, 'prefix'));
		}
		kept = first.text;
		return own;
	};
}

/** How far the reading of a prompt is, when `own` of the tokens that were there had been read just before. */
export const progress = (reading: Reading, own: number): News => ({
	type: 'reading',
	...reading,
	reused: Math.max(0, reading.reused - own),
});
