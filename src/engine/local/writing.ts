import type { LlamaModel, Token } from 'node-llama-cpp';
import type { Sampling } from '../engine.js';
import { tailOf } from '../tail.js';
import { characters } from './characters.js';
import type { Drafter } from './drafts.js';
import type { Heads } from './heads.js';
import type { Lane } from './lane.js';
import type { Pace } from './pace.js';
import { type Draw, step } from './steps.js';
import type { Piece } from './tokens.js';

export type Order = {
	/** The whole prompt; all but its last token are in the cache. */
	ids: readonly Token[];
	begin: string;
	stops: readonly string[];
	maxTokens: number;
	sampling: Sampling;
	/** How long each token takes is told to it. */
	pace: Pace;
	/** Guesses how the text goes on. */
	drafter?: Drafter | undefined;
	/** How the next tokens are found. By default freely; one that holds them to a grammar has its own. */
	step?: typeof step | undefined;
	/** Has a step of its own for some places, such as those where a call begins. */
	heads?: Pick<Heads, 'step' | 'wrote'> | undefined;
	/** Waited for before each step; false when the rest is not worth it. */
	turn?: (() => Promise<boolean>) | undefined;
	/** Whether this token ends the text, beyond the model's own end tokens. */
	ends(id: Token): boolean;
};

/** `text` joined is what was given to `say`; `pieces` are the tokens behind it, which may go on a little further. */
export type Written = { stop: 'end' | 'length' | 'aborted'; text: string; pieces: Piece[]; output: number };

const penaltyWindow = 256;

/** Writes until the model, a stop, a limit, a loop or `signal` ends it. Stops within one step. */
export async function write(lane: Lane, order: Order, say: (text: string) => void, signal: AbortSignal): Promise<Written> {
	const { sequence } = lane;
	const { model } = sequence;
	const tail = tailOf(order.stops, order.begin);
	const chars = characters(model, order.ids);
	const done: Written = { stop: 'length', text: '', pieces: [], output: 0 };
	// What a grammar asks for repeats itself rightly, as code does.
	const held = order.step !== undefined;
	const punished = held ? () => [] : unlessCode(model, order.begin, done);
	const draw: Draw = { sampling: order.sampling, drafter: order.drafter, punished };
	const written: Token[] = [];
	const give = (text: string) => {
		done.text += text;
		if (text) say(text);
	};
	const end = (stop: Written['stop']): Written => {
		give(tail.rest());
		return { ...done, stop };
	};
	for (;;) {
		const room = Math.min(order.maxTokens - done.output, sequence.contextSize - 2 - sequence.nextTokenIndex, lane.batchSize);
		if (room <= 0) return end('length');
		if (signal.aborted) return end('aborted');
		if (order.turn && !(await order.turn())) return end('length');
		const started = performance.now();
		const place = { last: written.at(-1) ?? order.ids.at(-1)!, written, room: room - 1 };
		const ids = await (order.heads?.step() ?? order.step ?? step)(sequence, place, draw);
		order.pace.took((performance.now() - started) / ids.length);
		for (const id of ids) {
			if (model.isEogToken(id) || order.ends(id)) return end('end');
			written.push(id);
			done.output++;
			const piece = chars.add(id);
			order.heads?.wrote(id, piece?.text ?? '');
			if (!piece) continue;
			done.pieces.push(piece);
			const seen = tail.add(piece.text);
			give(seen.text);
			if (seen.stopped) return { ...done, stop: 'end' };
			if (!held && tail.repeats()) return end('length');
		}
	}
}

/** The tokens that a repeat penalty counts: none in code, which repeats itself rightly and is damaged by a penalty. */
function unlessCode(model: LlamaModel, begin: string, { pieces }: Written): Draw['punished'] {
	let settled = { tokens: 0, pieces: 0, text: begin };
	return written => {
		for (const piece of pieces.slice(settled.pieces)) {
			settled = { tokens: settled.tokens + piece.ids.length, pieces: settled.pieces + 1, text: settled.text + piece.text };
		}
		const text = settled.text + model.detokenize(written.slice(settled.tokens));
		return inCode(text) ? [] : written.slice(-penaltyWindow);
	};
}

const inCode = (text: string): boolean => (text.match(/^ {0,3}(```|~~~)/gm)?.length ?? 0) % 2 === 1;
