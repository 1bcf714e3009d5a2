import { Refusal } from '../../src/types.js';
import { openChat, paste, promptSeen } from './chat.js';
import type { Row } from './figures.js';
import { newHome } from './home.js';
import { treePeak } from './machine.js';
import type { Bench } from './measures.js';
import { fixedPrompt, type Weights } from './model.js';
import { inPairs } from './pairs.js';
import { oneshot, qwill, runToEnd, type Started } from './program.js';
import { programOf } from './reference.js';
import { startServer } from './server.js';
import { asked, askServer, send } from './turns.js';

/** P8 and P9: what a whole run costs, in time and in memory. */

/** 18 tokens. What is written is short and the same each time. */
const shortQuestion = 'Name the months of the year from January to December in one line with commas between.';
const chatTurns = 10;

/** Milliseconds that a program takes. Throws `Refusal` when it fails. */
async function timed(what: Started): Promise<number> {
	const { ms, code, stderr } = await runToEnd(what);
	if (code !== 0) throw new Refusal(`${what.program ?? 'qwill'} ended with ${code}: ${stderr.slice(-500)}`);
	return ms;
}

/** Takes a file out of the system's cache (posix_fadvise, which GNU dd offers). */
const evict = (path: string) => timed({ program: 'dd', args: [`if=${path}`, 'iflag=nocache', 'count=0', 'status=none'] });

/** P8: one question from the start of the process to its end, with the model's file in the system's cache and out of it. */
export async function wholeRun({ weights, effort, beside }: Bench): Promise<Row[]> {
	const home = newHome();
	const { path, threads } = weights;
	const plain = { text: shortQuestion, model: path, home };
	try {
		await oneshot(plain); // As after any first use: the file is hashed, the fixed prompt kept.
		const { output, contextSize } = await oneshot(plain);
		const cwd = home.folder();
		const ours = () => timed({ args: [qwill, '-p', shortQuestion, '-m', path, '--seed', '1', '--offline'], env: home.env, cwd });
		const frame = `<|im_start|>user\n${shortQuestion}<|im_end|>\n<|im_start|>assistant\n`;
		const size = ['-t', String(threads), '-c', String(contextSize), '-n', String(output)];
		const rest = ['--temp', '0', '--ignore-eos', '-no-cnv', '--no-display-prompt'];
		const theirs =
			'missing' in beside
				? undefined
				: () => timed({ program: programOf(beside.reference, 'llama-completion'), args: ['-m', path, ...size, ...rest, '-p', frame] });
		const row = {
			id: 'P8',
			unit: 'ms',
			against: 'missing' in beside ? beside.missing : `llama-completion ${[...size, ...rest].join(' ')}`,
			goal: { of: 'ratio', better: 'less', reach: 1.3, stretch: 1.1 } as const,
			note: `both write ${output} tokens; ours has its fixed prompt before the question, the reference nothing`,
		};
		const afterEvicting = (work: () => Promise<number>) => async () => {
			await evict(path);
			return work();
		};
		return [
			{ ...row, what: 'one-shot, file cached', ...(await inPairs(effort, ours, theirs)) },
			{ ...row, what: 'one-shot, file evicted', ...(await inPairs(effort, afterEvicting(ours), theirs && afterEvicting(theirs))) },
		];
	} finally {
		home.remove();
	}
}

/** P9: memory of all processes at their peak, after ten turns of the chat. */
export async function memory({ weights, effort, beside }: Bench): Promise<Row[]> {
	const missing = 'missing' in beside;
	const measured = await inPairs(effort, () => chatPeak(weights), missing ? undefined : () => serverPeak(weights, beside.reference));
	return [
		{
			id: 'P9',
			what: `peak memory after ${chatTurns} turns`,
			unit: 'MB',
			...measured,
			against: missing ? beside.missing : `llama-server -c ${weights.planned} -np 1, the same messages`,
			goal: { of: 'difference', better: 'less', reach: 200, stretch: 120 },
			note: `the resident peaks of all processes, added; both with a context of ${weights.planned} tokens, which the program plans for this machine`,
		},
	];
}

async function chatPeak(weights: Weights): Promise<number> {
	const home = newHome();
	const chat = openChat(home, ['-m', weights.path, '--seed', '1', '--offline']);
	try {
		await chat.until(promptSeen, 'the prompt');
		for (let turn = 0; turn < chatTurns; turn++) {
			paste(chat, asked[turn % asked.length]!);
			await send(chat, 50);
		}
		return treePeak(chat.pid);
	} finally {
		await chat.close();
		home.remove();
	}
}

async function serverPeak(weights: Weights, reference: Parameters<typeof startServer>[0]): Promise<number> {
	const server = await startServer(reference, weights, weights.planned);
	try {
		const sides = { server, turns: [{ role: 'system' as const, text: fixedPrompt(weights.tier).system }] };
		for (let turn = 0; turn < chatTurns; turn++) await askServer(sides, asked[turn % asked.length]!);
		return treePeak(server.pid);
	} finally {
		await server.close();
	}
}
