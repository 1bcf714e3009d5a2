import { Refusal } from '../../types.js';
import { type Desk, deskFor } from './desk.js';
import type { FromChild, Opening, Request, ToChild } from './messages.js';
import { bringIn } from './weights.js';

// The process that holds the model. Started by `process.ts`; everything it is told and tells is in `messages.ts`.

process.on('SIGINT', () => {}); // Ctrl-C reaches the whole terminal group; what it means is for the parent to say.
// process.exit() would wait for the batch under way, which may take many seconds.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

setInterval(() => tell({ type: 'alive' }), 2000).unref();

let desk: Desk | undefined;
let underWay = new AbortController();

process.on('message', (message: ToChild) => {
	switch (message.type) {
		case 'open':
			return void open(message.opening);
		case 'stop':
			return underWay.abort();
		default:
			return void carryOut(message);
	}
});

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

function tell(message: FromChild): void {
	if (process.connected) process.send?.(message);
}
