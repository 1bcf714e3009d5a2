import { Template } from '@huggingface/jinja';
import type { LlamaModel, Token } from 'node-llama-cpp';
import type { Turn } from '../dialects/dialect.js';
import { beginning, type Frame } from './frame.js';
import type { Tokens } from './tokens.js';

// The template never sees what is said, only stand-ins for it (private-use characters): so nothing that is said can be
// taken for the template's own special tokens, and every text keeps the ids it had.
const standIn = (index: number) => `\uE000${index}\uE001`;
const standIns = /\uE000(\d+)\uE001/;

/** The frame that a model file brings along as a Jinja chat template; undefined when it cannot be used. */
export function jinjaFrame(source: string, model: LlamaModel, tokens: Tokens): Frame | undefined {
	const render = renderer(source, model);
	if (!render) return undefined;
	const ids = (text: string, turns: readonly Turn[]): Token[] => {
		const parts = text.split(standIns);
		const all = parts.flatMap((part, i) => (i % 2 === 0 ? (part ? tokens.frame(part) : []) : said(turns[Number(part)], tokens)));
		const start = beginning(model);
		return start.length > 0 && all[0] !== start[0] ? [...start, ...all] : all;
	};
	return {
		prompt: (turns, begin) => [...ids(render(turns, true), turns), ...tokens.words(begin)],
		ahead(turns) {
			if (turns.at(-1)?.role !== 'user') return [];
			const text = render(turns, false);
			return ids(text.slice(0, text.lastIndexOf('\uE001') + 1), turns);
		},
		stops: [],
	};
}

const said = (turn: Turn | undefined, tokens: Tokens): Token[] => {
	if (!turn) return [];
	return turn.role === 'user' ? tokens.quoted(turn.text) : tokens.words(turn.text);
};

type Render = (turns: readonly Turn[], reply: boolean) => string;
type Shape = (turns: readonly Turn[]) => { role: string; content: string }[];

/** Tries the template on a small conversation: some know no system turn, some move it to the end. */
function renderer(source: string, model: LlamaModel): Render | undefined {
	const template = parsed(source);
	if (!template) return undefined;
	const { bosString, eosString } = model.tokens;
	const sample: Turn[] = (['system', 'user', 'assistant', 'user'] as const).map(role => ({ role, text: role }));
	for (const shape of [asTheyAre, systemInFirstUser]) {
		const render: Render = (turns, reply) =>
			template.render({ messages: shape(turns), add_generation_prompt: reply, bos_token: bosString ?? '', eos_token: eosString ?? '' });
		if (keepsOrder(render, sample)) return render;
	}
	return undefined;
}

function parsed(source: string): Template | undefined {
	try {
		return new Template(source);
	} catch {
		return undefined; // A template that cannot be read is as good as none: the frame with plain headings is used.
	}
}

function keepsOrder(render: Render, sample: readonly Turn[]): boolean {
	try {
		const found = render(sample, true)
			.split(standIns)
			.filter((_part, i) => i % 2 === 1);
		return found.join() === sample.map((_turn, i) => i).join();
	} catch {
		return false; // Templates raise errors on purpose, to refuse roles they do not know.
	}
}

const asTheyAre: Shape = turns => turns.map((turn, i) => ({ role: turn.role, content: standIn(i) }));

const systemInFirstUser: Shape = turns => {
	if (turns[0]?.role !== 'system') return asTheyAre(turns);
	if (turns.length === 1) return [{ role: 'user', content: standIn(0) }];
	const [system, first, ...others] = asTheyAre(turns);
	return [{ role: 'user', content: `${system?.content}\n\n${first?.content}` }, ...others];
};
