import type { LlamaModel, Token } from 'node-llama-cpp';
import type { Turn } from '../dialects/dialect.js';
import { jinjaFrame } from './jinja.js';
import type { Tokens } from './tokens.js';

/** How a model family marks who is speaking. */
export type Frame = {
	/** The turns, up to the point where the reply begins; `begin` are its first words. */
	prompt(turns: readonly Turn[], begin: string): Token[];
	/** As much of `prompt` as stays the same when turns are appended, or the last one of the person grows. */
	ahead(turns: readonly Turn[]): Token[];
	/** Texts by which a model without tokens of its own for it begins somebody else's turn. */
	stops: readonly string[];
};

/** ChatML where the vocabulary has its tokens, else the file's own template, else plain headings. */
export function frameOf(model: LlamaModel, tokens: Tokens): Frame {
	const template: unknown = model.fileInfo.metadata.tokenizer?.chat_template;
	if (isToken(model, '<|im_start|>') && isToken(model, '<|im_end|>')) return chatMl(model, tokens);
	if (typeof template !== 'string') return plain(model, tokens);
	return jinjaFrame(template, model, tokens) ?? plain(model, tokens);
}

/** The begin-of-text token, for the models that expect one. */
export const beginning = (model: LlamaModel): Token[] =>
	model.tokens.shouldPrependBosToken && model.tokens.bos !== null ? [model.tokens.bos] : [];

const isToken = (model: LlamaModel, text: string) => model.tokenize(text, true).length === 1;

// https://github.com/openai/openai-python/blob/release-v0.28.0/chatml.md, as Qwen's templates write it.
function chatMl(model: LlamaModel, tokens: Tokens): Frame {
	const opened = (role: string) => [...tokens.frame('<|im_start|>'), ...tokens.words(`${role}\n`)];
	const closed = [...tokens.frame('<|im_end|>'), ...tokens.words('\n')];
	const body = ({ role, text }: Turn): Token[] => {
		if (role === 'assistant') return [...opened(role), ...tokens.words(text)];
		const ids = role === 'user' ? tokens.quoted(`${role}\n${text}`) : tokens.words(`${role}\n${text}`);
		return [...tokens.frame('<|im_start|>'), ...ids];
	};
	const whole = (turns: readonly Turn[]) => [...beginning(model), ...turns.flatMap(turn => [...body(turn), ...closed])];
	return {
		prompt: (turns, begin) => [...whole(turns), ...opened('assistant'), ...tokens.words(begin)],
		ahead: turns => (turns.at(-1)?.role === 'user' ? whole(turns).slice(0, -closed.length) : whole(turns)),
		stops: [],
	};
}

const headings = { system: '### System:', user: '### User:', assistant: '### Assistant:' };

function plain(model: LlamaModel, tokens: Tokens): Frame {
	const body = ({ role, text }: Turn): Token[] => [
		...tokens.words(`${headings[role]}\n`),
		...(role === 'user' ? tokens.quoted(text) : tokens.words(text)),
	];
	const gap = tokens.words('\n\n');
	const whole = (turns: readonly Turn[]) => [...beginning(model), ...turns.flatMap(turn => [...body(turn), ...gap])];
	return {
		prompt: (turns, begin) => [...whole(turns), ...tokens.words(`${headings.assistant}\n`), ...tokens.words(begin)],
		ahead: turns => (turns.at(-1)?.role === 'user' ? whole(turns).slice(0, -gap.length) : whole(turns)),
		stops: [`\n${headings.user}`, `\n${headings.system}`],
	};
}
