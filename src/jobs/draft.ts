import type { Task, Work } from '../agent/loop.js';
import { showFile } from '../agent/material.js';
import { say } from '../prompts.js';
import type { AgentEvent } from '../types.js';
import { wholeText } from './begun.js';
import { type Part, withPart } from './part.js';
import { type Stub, stubIn } from './stub.js';
import type { Target } from './targets.js';

/** What is asked: `target` is the file to write, of which `part` is meant if it is a long one; `others` were named with it. */
export type Order = { task: Task; target: Target; part?: Part | undefined; others: readonly Target[] };

/** `tests` are shown to the model; `repair` is a text that came close, and what is wrong with it. `round` counts from 1. */
export type Drafting = { order: Order; tests: string; round: number; repair: { text: string; failure: string } | undefined };

/** One whole text for the file. The conversation is not touched, and no failed text is before the model's eyes but in a repair. */
export async function* draft(
	{ order, tests, round, repair }: Drafting,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, string | undefined> {
	const { task, target, others } = order;
	const { path, text } = target;
	if (repair) {
		const asked = say('jobs/fix', { file: showFile(path, repair.text), failure: repair.failure, path });
		return yield* wholeText({ file: target, asked, round }, work, signal);
	}
	if (order.part && text !== null) return yield* pieceOf({ order, part: order.part, text, tests, round }, work, signal);
	const shown = others.flatMap(other => (hasText(other) ? [showFile(other.path, other.text)] : []));
	const unseen = shown.filter(one => !task.material.includes(one));
	const stub = text === null ? undefined : stubIn(text);
	// The two ways lead to different texts, and the first try of each is the model's best guess.
	const [way, turn] = [round % 2, Math.ceil(round / 2)];
	if (stub && way === 1) return yield* completed({ order, stub, shown: [...unseen, tests], turn }, work, signal);
	const file = hasText(target) && !task.material.includes(showFile(path, target.text)) ? [showFile(path, target.text)] : [];
	const words = say(text === null || stub || way === 1 ? 'jobs/change#create' : 'jobs/change', { path });
	const asked = [task.material, ...unseen, ...file, tests, task.text, words].filter(Boolean).join('\n\n');
	return yield* wholeText({ file: target, asked, round: turn }, work, signal);
}

const hasText = (target: Target): target is Target & { text: string } => target.text !== null && target.text.trim() !== '';

/** Of a long file the piece that is meant is written, with the names of the others before the eyes. */
async function* pieceOf(
	{ order, part, text, tests, round }: { order: Order; part: Part; text: string; tests: string; round: number },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, string | undefined> {
	const { task, target, others } = order;
	const { path } = target;
	const piece = part.isNew
		? ''
		: `${text
				.split('\n')
				.slice(part.from - 1, part.to)
				.join('\n')}\n`;
	const outline = part.outline === '' ? '' : say('jobs/change#outline', { path, lines: part.outline });
	const words = part.isNew
		? say('jobs/change#new', { path, task: task.text })
		: say('jobs/change#part', { path, file: showFile(path, piece), task: task.text });
	const shown = others.flatMap(other => (hasText(other) ? [showFile(other.path, other.text)] : []));
	const asked = [...shown, outline, tests, words].filter(Boolean).join('\n\n');
	const written = yield* wholeText({ file: { path, text: piece }, asked, round }, work, signal);
	return written === undefined ? undefined : withPart(text, part, written);
}

/** Only what a stub leaves open is written. One that is described needs no tests before the eyes: small models copy from them. */
async function* completed(
	{ order, stub, shown, turn }: { order: Order; stub: Stub; shown: readonly string[]; turn: number },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, string | undefined> {
	const { task, target, others } = order;
	const material = others.length > 0 || !stub.described ? [task.material, ...shown] : [];
	const asked = [...material, showFile(target.path, stub.head.trimEnd()), say('jobs/change#complete', { path: target.path })];
	return yield* wholeText({ file: target, asked: asked.filter(Boolean).join('\n\n'), round: turn, head: stub.head }, work, signal);
}
