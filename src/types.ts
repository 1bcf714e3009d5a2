/** The vocabulary of the program. Everything here is plain data: it can be printed, logged and compared. */

export type Message = UserMessage | AssistantMessage | ToolMessage;
export type UserMessage = { role: 'user'; text: string };
/**
 * `raw` is what the model wrote, byte for byte; `text` is the part of it that people read, `calls` the part that acts. `raw` is
 * empty where a server tells only these parts.
 */
export type AssistantMessage = { role: 'assistant'; text: string; calls: Call[]; stop: Stop; raw: string };
export type ToolMessage = { role: 'tool'; callId: string; tool: string; ok: boolean; text: string };

export type Call = { id: string; tool: string; args: unknown };
export type Stop = 'end' | 'calls' | 'length' | 'aborted' | 'lost';

/**
 * What a tool hands back: `text` is read by the model, `show` is looked at by the person. `refused` calls did nothing: they
 * were not allowed, or the task had ended before their turn came.
 */
export type Outcome = { ok: boolean; text: string; show?: Display; refused?: 'denied' | 'not-run' };

/** The closed set of things a person can be shown. No drawing code asks for a tool's name. */
export type Display =
	| { kind: 'text'; text: string }
	| { kind: 'diff'; path: string; before: string | null; after: string | null }
	/** `verdict` is what the output comes to, in a few lines, where that is known. */
	| { kind: 'terminal'; command: string; output: string; exitCode: number | null; verdict?: string }
	| { kind: 'paths'; paths: string[] };

/** What the model is told about a tool. `schema` is a JSON Schema of the arguments. */
export type ToolSpec = { name: string; purpose: string; schema: object };

/** By a model's size and measured reliability: how it is asked to work. T0 0.5–3B, T1 3–9B, T2 above and remote. */
export type Tier = 'T0' | 'T1' | 'T2';

export type EngineEvent =
	/** The model is being made ready; `fraction` rises from 0 to 1. `what` says so in words when it is more than loading. */
	| { type: 'loading'; fraction: number; what?: string }
	/** The prompt is being read: `done` of `total` tokens, `reused` of them without any work. */
	| { type: 'reading'; done: number; total: number; reused: number }
	| { type: 'text'; text: string }
	/** A call is being written, so nothing is added to `text`; `chars` so far. */
	| { type: 'writing-call'; tool: string; chars: number }
	/** One line for the person: a refusal, a cut, a retry, a fallback, each with a next step. */
	| { type: 'note'; text: string };

/** Every value is always set; `engine/sampling.ts` has the defaults by model family. Temperature 0 is greedy. */
export type Sampling = { temperature: number; topP: number; topK: number; minP: number; repeatPenalty: number; seed: number };
/** Which model writes, and how its words are drawn: what is needed to get them again. `sha256` is that of its file, where it has one. */
export type Writer = { model: string; sha256?: string; sampling: Sampling };

export type AgentEvent =
	/** The person's words, and the `material` (files, piped input, facts) that goes before them. Files know it by its `mark`. */
	| { type: 'asked'; text: string; material: string; mark?: string }
	/** What the model was told at the head of the conversation besides the program's own words: a resumed one tells the same. */
	| { type: 'instructed'; text: string }
	/** Who writes from here on: told with the first task of each run, and when it becomes another. */
	| { type: 'writer'; writer: Writer }
	| { type: 'turn'; number: number }
	| EngineEvent
	| { type: 'replied'; message: AssistantMessage; usage: Usage }
	/** What the plain answer before it says of the repository, word for word, and whether it holds; if not, what is `truth`. */
	| ({ type: 'claim' } & CheckedClaim)
	| { type: 'call'; call: Call; title: string }
	| { type: 'output'; callId: string; text: string }
	/** A search tries changes. Each that is `proposed` is rejected or verified later, by its number, and `why` says how it went. */
	| { type: 'candidate'; callId: string; number: number; what: string; state: 'proposed' | 'rejected' | 'verified'; why?: string }
	| { type: 'result'; callId: string; outcome: Outcome }
	/** Something about a line of a change, from 1: `verified` by a program, or a model's opinion. `rule` names what was looked for. */
	| ({ type: 'remark' } & Remark)
	/** What the program told the model on its own account: a repair, a failing test, a nudge. */
	| { type: 'told'; text: string }
	/** The conversation was shortened: from now on the model sees `messages`. Sizes in tokens. */
	| { type: 'compacted'; before: number; after: number; messages: Message[] }
	| { type: 'done'; ending: Ending };

export type ClaimKind = 'path' | 'line' | 'symbol' | 'command' | 'flag' | 'version';
export type CheckedClaim = { kind: ClaimKind; text: string; ok: boolean; truth?: string };
export type Remark = { path: string; line: number; rule: string; certainty: 'verified' | 'opinion'; text: string };

/** Tokens: `prompt` in all, `reused` of them from the cache, `output` written. `readMs` and `writeMs` are wall time. */
export type Usage = { prompt: number; reused: number; output: number; readMs: number; writeMs: number };

/** How a task came to its end. Each reason has one exit code (oneshot/exit.ts) and one sentence (agent/endings.ts). */
export type Ending =
	| { reason: 'answered' }
	/** Answered, and a program has found so many things wrong with what was looked at. */
	| { reason: 'remarked'; verified: number }
	/** `kept`: words or changes that the task has left behind. */
	| { reason: 'interrupted'; kept?: true }
	| { reason: 'denied'; tool: string }
	| { reason: 'turn-limit'; limit: number }
	| { reason: 'call-limit'; limit: number }
	| { reason: 'time-limit'; seconds: number }
	| { reason: 'context-full'; needed: number; available: number }
	| { reason: 'stuck'; detail: string }
	/** `changed`: files were, and can be taken back. */
	| { reason: 'checks-failed'; detail: string; changed?: true }
	| { reason: 'engine-lost'; detail: string }
	| { reason: 'no-model'; detail: string };

export type ApprovalMode = 'plan' | 'default' | 'auto-edit' | 'yolo';

/** A failure that is nobody's bug: its message is a sentence that says what is wrong and what to do next. */
export class Refusal extends Error {
	override name = 'Refusal';
	/** The exit code when this ends the program (conventions: 1 run failed, 41 no model, 42 bad input, 44 sandbox, 52 config). */
	readonly exitCode: 1 | 41 | 42 | 44 | 52;
	constructor(message: string, exitCode: 1 | 41 | 42 | 44 | 52 = 1) {
		super(message);
		this.exitCode = exitCode;
	}
}
