import type { Task, Work } from '../agent/loop.js';
import { showFile } from '../agent/material.js';
import { say } from '../prompts.js';
import type { AgentEvent } from '../types.js';
import { wholeText } from './begun.js';
import { type Part, withPart } from './part.js';
import type { Asked } from './pull.js';
import { type Stub, stubIn } from './stub.js';
import type { Target } from './targets.js';

/** What is asked: `target` is the file to write, of which `part` is meant if it is a long one; `others` were named with it. */
export type Order = { task: Task; target: Target; part?: Part | undefined; others: readonly Target[] };

/**
 * `tests` are shown to the model; `repair` is a text that came close, and what is wrong with it; `begin` is what is written already
 * of what `asking` asks for. `round` counts from 1.
 */
export type Drafting = {
	order: Order;
	tests: string;
	round: number;
	repair?: { text: string; failure: string } | undefined;
	begin?: string | undefined;
	/** How many texts of one way to ask are written at once. */
	together?: number | undefined;
	/** Whether there is only time for one. */
	hurried?: boolean | undefined;
};

/** One whole text for the file. The conversation is not touched, and no failed text is before the model's eyes but in a repair. */
export async function* draft(drafting: Drafting, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, string | undefined> {
	const { order, tests, round, repair, begin } = drafting;
	const together = drafting.together && drafting.hurried ? 1 : drafting.together;
	const { path, text } = order.target;
	const stub = text === null || order.part ? undefined : stubIn(text);
	if (repair) {
		const words = say('jobs/fix', { file: showFile(path, repair.text), failure: repair.failure, path });
		const asked = [...(stub?.described ? [] : materialOf(order, tests)), words].join('\n\n');
		return yield* wholeText({ file: order.target, asked, round, ...(together && { together: 1 }) }, work, signal);
	}
	const { way, turn } = order.part ? { way: 1, turn: round } : turnOf(round, drafting.together);
	if (stub && way === 1) return yield* completed({ order, stub, tests, turn, together }, work, signal);
	const { file, asked } = asking({ order, tests }, stub ? 'create' : way === 1 ? 'change' : 'whole');
	const written = yield* wholeText({ file, asked, round: turn, head: begin, together }, work, signal);
	return written !== undefined && order.part && text !== null ? withPart(text, order.part, written) : written;
}

/**
 * In which of two ways the file is asked for in this round, from 1, and for which time, when `together` texts are written at once; and
 * whether those begin here. The ways lead to different texts, and the first of each is the model's best guess. A, B, B, A: what one way
 * has read serves the next.
 */
export function turnOf(round: number, together = 1): { way: 0 | 1; turn: number; begins: boolean } {
	const behind = round - 3;
	const [block, at] = behind < 0 ? [round - 1, 0] : [2 + Math.floor(behind / together), behind % together];
	const before = Math.floor(block / 2);
	const way = Math.floor(((block + 1) % 4) / 2) === 0 ? 1 : 0;
	return { way, turn: before === 0 ? 1 : 2 + (before - 1) * together + at, begins: at === 0 };
}

/** What is asked about the file, or about the part of it that is meant, in one of the ways to say that the whole of it is wanted. */
export function asking({ order, tests }: Pick<Drafting, 'order' | 'tests'>, way: 'create' | 'change' | 'whole'): Asked {
	const { task, target, part } = order;
	if (part && target.text !== null) return askingPart({ order, part, text: target.text, tests });
	const { path } = target;
	const file = hasText(target) && !task.material.includes(showFile(path, target.text)) ? [showFile(path, target.text)] : [];
	const words = say(pages[target.text === null ? 'create' : way], { path });
	const asked = (text: string) => [...materialOf(order, tests), ...file, text, words].filter(Boolean).join('\n\n');
	return { file: target, asked: asked(task.text), idle: asked('') };
}

const pages = { create: 'jobs/change#create', change: 'jobs/change', whole: 'jobs/change#whole' } as const;

const hasText = (target: Target): target is Target & { text: string } => target.text !== null && target.text.trim() !== '';

const shownOf = ({ others }: Order): string[] => others.flatMap(other => (hasText(other) ? [showFile(other.path, other.text)] : []));

/** What every way to ask begins with, so that it is read once. */
const materialOf = (order: Order, tests: string): string[] => [order.task.material, ...unseen(order), tests].filter(Boolean);

/** The other files, without those that the task shows already. */
const unseen = (order: Order): string[] => shownOf(order).filter(one => !order.task.material.includes(one));

/** Of a long file the piece that is meant is written, with the names of the others before the eyes. */
function askingPart({ order, part, text, tests }: { order: Order; part: Part; text: string; tests: string }): Asked {
	const { path } = order.target;
	const lines = text.split('\n').slice(part.from - 1, part.to);
	const piece = part.isNew ? '' : `${lines.join('\n')}\n`;
	const outline = part.outline === '' ? '' : say('jobs/change#outline', { path, lines: part.outline });
	const words = (task: string) =>
		part.isNew ? say('jobs/change#new', { path, task }) : say('jobs/change#part', { path, file: showFile(path, piece), task });
	const asked = (task: string) => [...shownOf(order), outline, tests, words(task)].filter(Boolean).join('\n\n');
	return { file: { path, text: piece }, asked: asked(order.task.text), idle: asked('') };
}

/** Only what a stub leaves open is written. One that is described needs no tests before the eyes: small models copy from them. */
async function* completed(
	{ order, stub, tests, turn, together }: Pick<Drafting, 'order' | 'tests' | 'together'> & { stub: Stub; turn: number },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, string | undefined> {
	const { target, others } = order;
	const material = others.length > 0 || !stub.described ? materialOf(order, tests) : [];
	const asked = [...material, showFile(target.path, stub.head.trimEnd()), say('jobs/change#complete', { path: target.path })];
	const words = asked.filter(Boolean).join('\n\n');
	return yield* wholeText({ file: target, asked: words, round: turn, head: stub.head, together }, work, signal);
}
