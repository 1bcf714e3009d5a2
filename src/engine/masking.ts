import { beginsName, mask, maskedName, withTexts } from '../secrets.js';
import type { Call, EngineEvent, Message } from '../types.js';
import type { Engine, Prompt, Reply } from './engine.js';

/**
 * The engine behind a wall that no secret passes: where a prompt holds one, the model sees a name for it (src/secrets.ts), and
 * where it writes that name, the secret stands in the text and in the calls again, so that files stay what they are. The first time each
 * is met, a note says so. `raw`, which the model is told it has written, keeps the names.
 */
export function masking(engine: Engine): Engine {
	const { hide, show, news } = names();
	const met = new WeakMap<Message, Message>();
	const hideIn = (message: Message): Message => {
		const hidden = met.get(message) ?? hiddenIn(message, hide);
		met.set(message, hidden);
		return hidden;
	};
	const safe = (prompt: Prompt): Prompt => ({
		...prompt,
		system: hide(prompt.system),
		messages: prompt.messages.map(hideIn),
		...(prompt.instructions !== undefined && { instructions: hide(prompt.instructions) }),
		...(prompt.begin !== undefined && { begin: hide(prompt.begin) }),
		...(prompt.until && { until: prompt.until.map(hide) }),
	});
	return {
		get model() {
			return engine.model;
		},
		async *warm(prompt, signal) {
			const hidden = prompt && safe(prompt);
			yield* news();
			return yield* engine.warm(hidden, signal);
		},
		async *reply(prompt, signal) {
			const hidden = safe(prompt);
			yield* news();
			const { message, ...rest } = yield* shown(engine.reply(hidden, signal), show);
			return { ...rest, message: { ...message, text: show(message.text), calls: callsWith(message.calls, show) } };
		},
		async fill(hole, signal, see) {
			const head = hole.head === undefined ? {} : { head: hide(hole.head) };
			const hidden = {
				...hole,
				...head,
				before: hide(hole.before),
				after: hide(hole.after),
				...(hole.until && { until: hole.until.map(hide) }),
			};
			const pieces = piecewise(show);
			const text = await engine.fill(hidden, signal, see && (text => tellSome(see, pieces.push(text))));
			if (see) tellSome(see, pieces.end());
			return text === undefined ? undefined : show(text);
		},
		score: (prompt, text, ...how) => engine.score(safe(prompt), hide(text), ...how),
		measure: prompt => engine.measure(safe(prompt)),
		close: () => engine.close(),
	};
}

/** Both ways between secrets and their names; `news` tells of those met since it was asked last. */
function names() {
	const known = new Map<string, string>();
	let met: string[] = [];
	return {
		hide(text: string): string {
			const { text: masked, secrets } = mask(text);
			for (const { kind, value, name } of secrets) {
				if (!known.has(name)) met.push(`The model sees ${name} in the place of a secret (${kind}).`);
				known.set(name, value);
			}
			return masked;
		},
		show: (text: string): string => (known.size === 0 ? text : text.replace(maskedName, name => known.get(name) ?? name)),
		*news(): Generator<EngineEvent, void> {
			const told = met;
			met = [];
			for (const text of told) yield { type: 'note', text };
		},
	};
}

/** What the model wrote as it wrote it, `raw`, holds names already. */
function hiddenIn(message: Message, hide: (text: string) => string): Message {
	if (message.role !== 'assistant') return { ...message, text: hide(message.text) };
	return { ...message, text: hide(message.text), calls: callsWith(message.calls, hide) };
}

const callsWith = (calls: readonly Call[], change: (text: string) => string): Call[] =>
	calls.map(call => ({ ...call, args: withTexts(call.args, change) }));

const tellSome = (see: (text: string) => void, text: string): void => {
	if (text !== '') see(text);
};

/** Hands the events on with the secrets in the text of the reply. */
async function* shown(running: AsyncGenerator<EngineEvent, Reply>, show: (text: string) => string): AsyncGenerator<EngineEvent, Reply> {
	const pieces = piecewise(show);
	for (;;) {
		const step = await running.next();
		if (step.done) {
			const text = pieces.end();
			if (text !== '') yield { type: 'text', text };
			return step.value;
		}
		const text = step.value.type === 'text' ? pieces.push(step.value.text) : undefined;
		if (text === undefined) yield step.value;
		else if (text !== '') yield { type: 'text', text };
	}
}

/** `show` for a text that comes in pieces: what may become a name waits for the rest of it. */
function piecewise(show: (text: string) => string) {
	let held = '';
	return {
		push(piece: string): string {
			const text = held + piece;
			const from = beginsName.exec(text)?.index ?? text.length;
			held = text.slice(from);
			return show(text.slice(0, from));
		},
		end(): string {
			const rest = held;
			held = '';
			return show(rest);
		},
	};
}
