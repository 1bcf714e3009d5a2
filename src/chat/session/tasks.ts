import { mentions } from '../../agent/mentions.js';
import type { AgentEvent } from '../../types.js';
import type { CommandHost } from '../commands/command.js';
import type { Submission } from '../input/submission.js';
import { atRest } from '../state.js';
import { takeArrived } from './arrival.js';
import { readSoon, stopReading } from './drafting.js';
import { lookAtBranch } from './opening.js';
import { personsCommand } from './shell.js';
import { arrived, guarded, isBusy, type Stage } from './stage.js';

export type Work = (signal: AbortSignal) => AsyncGenerator<AgentEvent, unknown>;

/** Sends at once, or queues behind what is running; `/quit` never waits. */
export function submit(stage: Stage, host: CommandHost, submission: Submission): void {
	const leaves = submission.kind === 'command' && (submission.name === 'quit' || submission.name === 'exit');
	if (isBusy(stage) && !leaves) stage.queue = [...stage.queue, submission];
	else send(stage, host, submission);
	stage.pacer.soon();
}

/** Carries one thing out, event by event, then goes on with what was typed ahead. Never rejects. */
export async function carryOut(stage: Stage, host: CommandHost, work: Work): Promise<void> {
	stopReading(stage);
	const stop = new AbortController();
	stage.running = stop;
	stage.detail = false;
	stage.pacer.soon();
	await guarded(stage, async () => {
		for await (const event of work(stop.signal)) arrived(stage, event);
	});
	if (stage.running === stop) stage.running = undefined;
	stage.chat = atRest(stage.chat);
	stage.pacer.soon();
	if (stage.over) return;
	void lookAtBranch(stage);
	next(stage, host);
}

/** A slash command by its name; while it works, what is typed waits. Never rejects. */
export async function command(stage: Stage, host: CommandHost, { name, args }: { name: string; args: string }): Promise<void> {
	const found = stage.commands.find(one => one.name === name || one.aliases.includes(name));
	stopReading(stage);
	const own = stage.program.ownCommands().find(one => one.name === name);
	if (!found && own) {
		await guarded(stage, async () => {
			const text = own.message(args);
			send(stage, host, { kind: 'message', text, shown: text, files: mentions(text) });
		});
		return next(stage, host);
	}
	if (!found) return arrived(stage, { type: 'note', text: `There is no command /${name}; /help lists them.` });
	stage.commanding = true;
	stage.pacer.soon();
	await guarded(stage, () => found.run(args, host));
	stage.commanding = false;
	stage.pacer.soon();
	next(stage, host);
}

/** Goes on with what was typed ahead; when there is nothing, with a model that has arrived meanwhile. */
export function next(stage: Stage, host: CommandHost): void {
	if (isBusy(stage) || stage.over) return;
	const [first, ...others] = stage.queue;
	if (!first) {
		const model = takeArrived(stage);
		if (model) void command(stage, host, { name: 'model', args: model.absent });
		else readSoon(stage);
		return;
	}
	stage.queue = others;
	send(stage, host, first);
}

function send(stage: Stage, host: CommandHost, submission: Submission): void {
	const { conversation } = stage;
	switch (submission.kind) {
		case 'message': {
			const material = stage.material.join('\n\n');
			stage.material = [];
			void carryOut(stage, host, signal => conversation.ask({ text: submission.text, material, files: submission.files }, signal));
			break;
		}
		case 'shell': {
			const keep = (text: string) => stage.material.push(text);
			void carryOut(stage, host, signal => personsCommand(submission.command, { workspace: conversation.workspace, keep }, signal));
			break;
		}
		case 'command':
			void command(stage, host, submission);
			break;
		default:
			submission satisfies never;
	}
}
