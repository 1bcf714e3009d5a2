import type { Work } from '../agent/loop.js';
import { showFile } from '../agent/material.js';
import { withImports } from '../checks/syntax/unbound.js';
import { say } from '../prompts.js';
import type { AgentEvent } from '../types.js';
import { wholeText } from './begun.js';
import { blockAt, blocksOf } from './blocks.js';
import type { Candidate } from './candidate.js';
import type { Suspect } from './locate.js';

/** Lines of a file that a small model writes again as a whole; of a longer one it is asked for the piece with the fault. */
const short = 60;

/**
 * The file, or the function with the most suspicious line, as the model would correct it with the failure before its eyes. The
 * conversation is not touched. Nothing when the model wrote something else, or not to the end.
 */
export async function* rewritten(
	{ suspect, failure, round }: { suspect: Suspect; failure: string; round: number },
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Candidate | undefined> {
	const { path, text } = suspect;
	const lines = text.split('\n');
	const block = lines.length > short ? blockAt(blocksOf(text), suspect.lines[0] ?? 1) : undefined;
	const part = block ? `${lines.slice(block.from - 1, block.to).join('\n')}\n` : text;
	const words = say(block ? 'jobs/fix#part' : 'jobs/fix', { file: showFile(path, part), failure, path });
	const written = yield* wholeText({ file: { path, text: part }, asked: words, round }, work, signal);
	if (written === undefined) return undefined;
	const whole = block
		? [...lines.slice(0, block.from - 1), ...written.trimEnd().split('\n'), ...lines.slice(block.to)].join('\n')
		: written;
	const { text: after } = await withImports(path, { before: text, after: whole });
	return { path, text: after, what: `${path}  ${block?.name ?? ''}${block?.name ? ' ' : ''}written again`, byModel: true };
}
