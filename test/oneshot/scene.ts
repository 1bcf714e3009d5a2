import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import type { Conversation } from '../../src/agent/conversation.js';
import type { Task } from '../../src/agent/loop.js';
import type { TokenScore } from '../../src/engine/engine.js';
import type { Opened } from '../../src/oneshot/face.js';
import { type Io, oneshot, type Wanted } from '../../src/oneshot/oneshot.js';
import { type Line, type ResultLine, wireLine } from '../../src/oneshot/schema.js';
import type { AgentEvent, AssistantMessage, Call, Ending, EngineEvent, Usage } from '../../src/types.js';

/** What a made-up conversation does when it is asked. */
export type Script = (task: Task, signal: AbortSignal) => AsyncGenerator<AgentEvent, Ending>;

export const usage: Usage = { prompt: 100, reused: 60, output: 10, readMs: 20, writeMs: 500 };
export const reply = (
	text: string,
	calls: Call[] = [],
	stop: AssistantMessage['stop'] = calls.length > 0 ? 'calls' : 'end',
): AgentEvent => ({
	type: 'replied',
	message: { role: 'assistant', text, calls, stop, raw: text },
	usage,
});
export const readCall: Call = { id: 'c1', tool: 'read_file', args: { file_path: 'sum.js' } };

/** Recites events and ends. */
export function recite(events: readonly AgentEvent[], ending: Ending): Script {
	return async function* () {
		yield* events;
		yield { type: 'done', ending };
		return ending;
	};
}

/** A task of two turns with one tool call. */
export const twoTurns: readonly AgentEvent[] = [
	{ type: 'asked', text: 'q', material: '' },
	{ type: 'turn', number: 1 },
	{ type: 'reading', done: 100, total: 100, reused: 60 },
	{ type: 'text', text: 'I read ' },
	{ type: 'text', text: 'it.' },
	{ type: 'writing-call', tool: 'read_file', chars: 3 },
	reply('I read it.', [readCall]),
	{ type: 'call', call: readCall, title: 'read sum.js' },
	{ type: 'output', callId: 'c1', text: 'line\n' },
	{ type: 'result', callId: 'c1', outcome: { ok: true, text: '1  const sum' } },
	{ type: 'turn', number: 2 },
	{ type: 'text', text: 'No: it throws.\n' },
	reply('No: it throws.\n'),
];

export type Scene = {
	script?: Script;
	wanted?: Partial<Wanted>;
	/** Bytes piped in; undefined: a terminal; `silent`: a pipe nobody writes to. */
	stdin?: string | Buffer | 'silent';
	terminal?: boolean;
	open?: (signal: AbortSignal) => Promise<Opened>;
	stdout?: Writable;
	contextSize?: number;
	scores?: TokenScore[];
	/** Done as soon as stdout holds this text. */
	when?: { text: string; run(signals: EventEmitter): void };
};
export type Played = { code: number; stdout: string; stderr: string; lines: Line[]; asked: Task[]; closed: number };

export const sessionId = '0b9de9c9-6d4c-4b36-9d2b-6a0f6f5f7a11';

/** Plays a one-shot without a process: streams, signals and conversation are made up. Lines are parsed for the JSON formats. */
export async function play(scene: Scene): Promise<Played> {
	const asked: Task[] = [];
	let closed = 0;
	const signals = new EventEmitter();
	const stdout = collector(text => {
		if (scene.when && text.includes(scene.when.text)) {
			const { run } = scene.when;
			delete scene.when;
			run(signals);
		}
	});
	const stderr = collector();
	const opened = openedOn(madeUp(scene, { asked, onClose: () => (closed += 1) }));
	const io: Io = {
		stdin: stdinOf(scene.stdin),
		stdout: Object.assign(scene.stdout ?? stdout.stream, { isTTY: scene.terminal ?? false }),
		stderr: stderr.stream,
		on: (name, listener) => signals.on(name, listener),
		off: (name, listener) => signals.off(name, listener),
	};
	const wanted: Wanted = {
		text: 'q',
		output: 'text',
		partialMessages: false,
		verbose: false,
		firstByteMs: 20,
		patienceMs: 200,
		...scene.wanted,
	};
	const code = await oneshot(scene.open ?? (async () => opened), io, wanted);
	const json = wanted.output === 'json' || wanted.output === 'stream-json';
	return { code, stdout: stdout.text(), stderr: stderr.text(), lines: json ? linesOf(stdout.text()) : [], asked, closed };
}

export const openedOn = (conversation: Conversation): Opened => ({
	conversation,
	material: '',
	notes: [],
	tools: ['read_file'],
	slashCommands: ['commit'],
	version: '0.1.0',
	seed: 42,
});

/** Every line, checked against the schema of the wire. Throws at the first that does not fit. */
export const linesOf = (text: string): Line[] =>
	text
		.split('\n')
		.filter(line => line !== '')
		.map(line => wireLine.parse(JSON.parse(line)));

/** The last line, which must be the only result. */
export function onlyResult(lines: readonly Line[]): ResultLine {
	const last = lines.at(-1);
	const results = lines.filter(line => line.type === 'result');
	if (last?.type !== 'result' || results.length !== 1) throw new Error(`${results.length} results, last line ${last?.type}`);
	return last;
}

/** A conversation that follows a script, with nothing behind it. */
export function madeUp(
	scene: Pick<Scene, 'script' | 'contextSize' | 'scores'>,
	{ asked, onClose }: { asked: Task[]; onClose(): void },
): Conversation {
	const unused = (): never => {
		throw new Error('A one-shot does not need this.');
	};
	return {
		id: sessionId,
		workspace: { root: '/w/app', files: {}, git: {}, processes: {} } as unknown as Conversation['workspace'],
		engine: {
			model: { name: 'tiny', tier: 'T0', contextSize: scene.contextSize ?? 8192, device: 'CPU', sha256: 'cc32' },
			measure: async prompt => Math.ceil(prompt.messages.reduce((sum, message) => sum + message.text.length, 0) / 4),
			warm: unused,
			reply: unused,
			fill: unused,
			score: unused,
			close: unused,
		},
		events: [],
		mode: 'default',
		ask(task, signal) {
			asked.push(task);
			return (scene.script ?? recite(twoTurns, { reason: 'answered' }))(task, signal);
		},
		async *warm(): AsyncGenerator<EngineEvent, undefined> {
			yield { type: 'loading', fraction: 0.5 };
			return undefined;
		},
		readAhead: unused,
		instruct: unused,
		compact: unused,
		note: text => ({ type: 'note', text }),
		scores: async () => scene.scores,
		rename: unused,
		rewind: unused,
		async close() {
			onClose();
		},
	} as Conversation;
}

/** A stream that remembers what was written to it. */
export function collector(see: (text: string) => void = () => {}): { stream: Writable & { isTTY?: boolean }; text(): string } {
	let text = '';
	const stream = new Writable({
		decodeStrings: false,
		write(chunk: string | Buffer, _encoding, done) {
			text += chunk.toString();
			see(text);
			done();
		},
	});
	return { stream, text: () => text };
}

function stdinOf(content: Scene['stdin']): Io['stdin'] {
	const stream = new PassThrough();
	if (content === undefined) return Object.assign(stream, { isTTY: true });
	if (content !== 'silent') stream.end(content);
	return stream;
}
