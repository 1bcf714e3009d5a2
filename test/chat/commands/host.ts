import type { Conversation } from '../../../src/agent/conversation.js';
import type { CommandHost } from '../../../src/chat/commands/command.js';
import { commands } from '../../../src/chat/commands/commands.js';
import type { Program } from '../../../src/chat/program.js';
import { type AgentEvent, Refusal } from '../../../src/types.js';
import type { Workspace } from '../../../src/workspace/workspace.js';
import { fakeProgram } from '../fake-program.js';

type Options = {
	program?: Partial<Program>;
	conversation?: Partial<Conversation>;
	files?: Partial<Workspace['files']>;
	git?: Partial<Workspace['git']>;
	processes?: Workspace['processes'];
	events?: AgentEvent[];
	/** The model that is being fetched. */
	arriving?: string;
	/** What the person chooses in each list, in order. */
	picks?: (string | undefined)[];
};

/** A chat in which one command is carried out; everything it did is a line of `said`. */
export async function carryOut(
	name: string,
	args = '',
	options: Options = {},
): Promise<{ said: string[]; events: AgentEvent[]; offered: string[][] }> {
	const said: string[] = [];
	const events: AgentEvent[] = [];
	const offered: string[][] = [];
	const { program } = fakeProgram({ past: options.events ?? [] });
	const { conversation } = program;
	Object.assign(conversation, options.conversation);
	Object.assign(conversation.workspace.files, options.files);
	Object.assign(conversation.workspace.git, options.git);
	Object.assign(conversation.workspace.processes, options.processes);
	Object.assign(program, options.program);
	const picks = [...(options.picks ?? [])];
	const tasks: Promise<void>[] = [];
	const drain = async (running: AsyncGenerator<AgentEvent, unknown>) => {
		for await (const event of running) {
			events.push(event);
			if (event.type === 'note') said.push(event.text);
		}
	};
	const host: CommandHost = {
		program,
		dispatch: event => void events.push(event),
		note: text => void said.push(text),
		show: (display, title, exact) =>
			void said.push(
				`${exact ? 'exactly: ' : ''}${title} | ${display.kind === 'text' ? display.text : display.kind === 'diff' ? `diff ${display.path}` : display.kind}`,
			),
		clearScreen: () => void said.push('cleared'),
		replaced: other => void said.push(`went on with ${other.id}`),
		drawAnew: () => void said.push('drawn anew'),
		draft: text => void said.push(`draft: ${text}`),
		fetch: model => void said.push(`fetching ${model.absent}`),
		stopFetching: () => options.arriving !== undefined && said.push(`stopped ${options.arriving}`) > 0,
		arriving: () => options.arriving,
		quit: () => void said.push('quit'),
		run: work => void tasks.push(drain(work(new AbortController().signal))),
		async pick(title, choices) {
			offered.push([title, ...choices.map(choice => `${choice.label} | ${choice.detail}`)]);
			return picks.shift();
		},
		setMode: mode => void said.push(`mode ${mode}`),
	};
	try {
		await commands.find(command => command.name === name)!.run(args, host);
		await Promise.all(tasks);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		said.push(`refused: ${error.message}`);
	}
	return { said, events, offered };
}
