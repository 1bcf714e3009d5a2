import { Socket } from 'node:net';
import { Refusal } from '../../types.js';
import { channelOn } from './channel.js';
import { type Desk, deskFor } from './desk.js';
import { channelAt, type FromChild, type Opening, type Request, type ToChild } from './messages.js';
import { bringIn } from './weights.js';

// The process that holds the model. Started by `process.ts`; everything it is told and tells is in `messages.ts`.

process.on('SIGINT', () => {}); // Ctrl-C reaches the whole terminal group; what it means is for the parent to say.
// process.exit() would wait for the batch under way, which may take many seconds.
const end = () => process.kill(process.pid, 'SIGKILL');

const pipe = new Socket({ fd: channelAt }).on('close', end);
const tell: (message: FromChild) => void = channelOn(pipe, { hear: message => heed(message as ToChild), garbage: end });

setInterval(() => tell({ type: 'alive' }), 2000).unref();

// Started ahead, it waits for its model with the library at hand. What is wrong with it is told when a model is opened.
import('node-llama-cpp').catch(() => {});

let desk: Desk | undefined;
let underWay = new AbortController();

function heed(message: ToChild): void {
	switch (message.type) {
		case 'open':
			void open(message.opening);
			break;
		case 'stop':
			underWay.abort();
			break;
		default:
			void carryOut(message);
	}
}

async function open(opening: Opening): Promise<void> {
	try {
		const weights = await bringIn(opening, fraction => tell({ type: 'loading', fraction }));
		desk = deskFor(weights, opening);
		if (weights.note !== undefined) tell({ type: 'note', text: weights.note });
		tell({ type: 'ready', device: weights.device, contextSize: weights.context.contextSize });
	} catch (error) {
		tell({ type: 'unusable', detail: error instanceof Refusal ? error.message : `The model cannot be loaded: ${String(error)}` });
	}
}

async function carryOut(request: Request): Promise<void> {
	underWay = new AbortController();
	try {
		if (!desk) throw new Error('no model has been opened');
		tell({ type: 'done', result: await desk(request, tell, underWay.signal) });
	} catch (error) {
		tell({ type: 'done', result: { kind: 'failed', detail: error instanceof Error ? error.message : String(error) } });
	}
}
