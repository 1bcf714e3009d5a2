import { exactLine } from '../sanitise.js';
import { speedOf } from './entry.js';
import { Lines } from './Lines.js';
import type { Screen } from './session/session.js';
import { clip, width } from './text/width.js';
import { type Run, run } from './text/wrap.js';

/** The last line: model, context used, tokens a second, claims checked/wrong, approval mode, branch, a model on its way, and the lack of a sandbox. Or a hint. */
export function StatusLine({ screen, columns, sandboxed }: { screen: Screen; columns: number; sandboxed: boolean | undefined }) {
	if (screen.hint) return <Lines lines={[[run(clip(exactLine(screen.hint), columns), { colour: 'yellow' })]]} />;
	return <Lines lines={[statusRuns(screen, columns, sandboxed)]} />;
}

/** What does not fit is left off, the least important first; the mode always stays. */
export function statusRuns(screen: Screen, columns: number, sandboxed: boolean | undefined): Run[] {
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
		{ rank: 1, text: sandboxed === false ? 'no sandbox' : '', loud: true },
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

const number = (value: number) => value.toLocaleString('en-US');
