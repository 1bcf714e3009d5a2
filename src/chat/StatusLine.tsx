import { exactLine } from '../sanitise.js';
import type { Boxed } from '../workspace/sandbox/box.js';
import { openDoors } from '../workspace/sandbox/doors.js';
import { speedOf } from './entry.js';
import { Lines } from './Lines.js';
import type { Screen } from './session/session.js';
import { clip, width } from './text/width.js';
import { type Run, run } from './text/wrap.js';

/** The last line: model, context used, tokens a second, claims checked/wrong, mode, branch, a model on its way, what is not as usual of the sandbox. Or a hint. */
export function StatusLine({ screen, columns, sandbox }: { screen: Screen; columns: number; sandbox: string }) {
	if (screen.hint) return <Lines lines={[[run(clip(exactLine(screen.hint), columns), { colour: 'yellow' })]]} />;
	return <Lines lines={[statusRuns(screen, columns, sandbox)]} />;
}

/** What does not fit is left off, the least important first; the mode always stays. */
export function statusRuns(screen: Screen, columns: number, sandbox: string): Run[] {
	const { chat, model, mode, branch, pace } = screen;
	const speed = chat.last && speedOf(chat.last);
	const size = model.contextSize;
	const percent = size > 0 ? `${Math.round((chat.context / size) * 100)} %` : '';
	const parts = [
		{ rank: 4, text: exactLine(model.name) },
		{ rank: 2, text: size > 0 ? `${number(chat.context)}/${number(size)} ${percent}` : '' },
		{ rank: 5, text: pace !== undefined ? `~${pace.toFixed(0)} tokens/s` : speed !== undefined ? `${speed.toFixed(1)} tokens/s` : '' },
		{ rank: 2, text: chat.claims ? `claims ${chat.claims.checked}/${chat.claims.wrong}` : '', loud: (chat.claims?.wrong ?? 0) > 0 },
		{ rank: 0, text: mode, loud: mode === 'yolo' },
		{ rank: 3, text: branch === undefined ? '' : exactLine(branch) },
		{ rank: 1, text: exactLine(screen.arriving ?? '') },
		{ rank: 1, text: sandbox, loud: true },
	].filter(part => part.text !== '');
	while (parts.length > 1 && parts.reduce((sum, part) => sum + width(part.text) + 3, -3) > columns) {
		const least = Math.max(...parts.map(part => part.rank));
		parts.splice(
			parts.findIndex(part => part.rank === least),
			1,
		);
	}
	return parts.flatMap((part, index) => [
		...(index > 0 ? [run(' · ', { dim: true })] : []),
		run(clip(part.text, columns), part.loud ? { colour: 'yellow' } : { dim: true }),
	]);
}

/** What is not as usual of the sandbox: that there is none, or its open doors, of which only the number is told where room is short. */
export function sandboxSaid(boxed: Boxed, columns: number): string {
	if (!boxed.on) return 'no sandbox';
	const open = openDoors(boxed.doors) ?? '';
	const { length } = boxed.doors.names();
	return width(open) <= columns / 2 ? open : `${length} door${length > 1 ? 's' : ''}`;
}

const number = (value: number) => value.toLocaleString('en-US');
