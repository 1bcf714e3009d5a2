import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createJournal } from '../../src/agent/journal.js';
import { openConversation } from '../../src/agent/open.js';
import { readJournal } from '../../src/agent/past.js';
import { recall } from '../../src/agent/recall.js';
import { dialects } from '../../src/engine/dialects/all.js';
import { ahead, approach } from '../../src/jobs/route.js';
import type { AgentEvent, Ending } from '../../src/types.js';
import { openWorkspace } from '../../src/workspace/open.js';
import { tinyEngine } from './engines.js';
import { engineProcesses, holds } from './processes.js';

// Whatever happens to the process that holds the model: one sentence, nothing lost, and the next message works.

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-faults-')));
const { XDG_STATE_HOME } = process.env;
process.env.XDG_STATE_HOME = join(folder, 'state');
after(() => {
	rmSync(folder, { recursive: true, force: true });
	if (XDG_STATE_HOME === undefined) delete process.env.XDG_STATE_HOME;
	else process.env.XDG_STATE_HOME = XDG_STATE_HOME;
});

const faults = {
	'is killed': 'SIGKILL',
	crashes: 'SIGSEGV',
	hangs: 'SIGSTOP',
	ends: 'SIGHUP',
	'talks nonsense': 'SIGUSR2',
} as const;
const phases = ['loading', 'reading', 'text', 'saving'] as const;
/** Each fault once; `FAULT_ROUNDS=3` makes it 60 faults. */
const times = Array.from({ length: Number(process.env.FAULT_ROUNDS ?? 1) }, (_, i) => i + 1);
const silentMs = 5000;

async function open(name: string) {
	const engine = tinyEngine({
		program: join(import.meta.dirname, 'faulty-child.ts'),
		silentMs,
		dialect: dialects.fenced,
		contextSize: 16_384,
		states: { folder: join(folder, 'states', name), model: 'tiny', budget: 1e9, conversations: true },
	});
	const journal = createJournal({ root: folder, model: 'tiny', mode: 'default', warn: assert.fail });
	const conversation = openConversation({
		workspace: await openWorkspace({ root: folder, state: join(folder, 'workspace'), conversation: journal.id }),
		journal,
		engine,
		past: [],
		messages: [],
		mode: 'default',
		tools: [],
		seed: 1,
		system: { replace: 'Be brief.', append: undefined },
		instructions: [],
		limits: { turns: 1, calls: 1, seconds: undefined },
		testCommand: undefined,
		testable: async () => false,
		approve: () => async () => ({ yes: true }),
		approach,
		ahead,
		about: async () => ({ paths: [], facts: [] }),
	});
	return { conversation, journal };
}

type Open = Awaited<ReturnType<typeof open>>;

/** Asks, and does `at` once when the first event of `phase` comes. Gives the ending and how long it took from there. */
async function ask({ conversation }: Open, text: string, phase: string, at: () => void): Promise<{ ending: Ending; ms: number }> {
	let since = 0;
	const running = conversation.ask({ text, material: 'const a = 1;\n'.repeat(150) }, AbortSignal.timeout(60_000));
	for (;;) {
		const step = await running.next();
		if (step.done) return { ending: step.value, ms: performance.now() - since };
		if (since > 0 || step.value.type !== phase) continue;
		since = performance.now();
		at();
	}
}

const strike = (signal: NodeJS.Signals) => () => {
	for (const pid of engineProcesses()) process.kill(pid, signal);
};
const asked = (events: readonly AgentEvent[]) => events.flatMap(event => (event.type === 'asked' ? [event.text] : []));

describe('the process that holds the model', { skip: process.platform === 'linux' ? false : 'needs /proc' }, () => {
	for (const [what, signal] of Object.entries(faults))
		for (const phase of phases)
			for (const time of times)
				test(`${what} at ${phase}, ${time}`, async () => {
					const opened = await open(`${signal}${phase}${time}`);
					const limit = signal === 'SIGSTOP' ? silentMs + 5000 : 2000;
					if (phase === 'saving') {
						const first = ask(opened, 'Hello', 'turn', () => {});
						// The tiny model may write for ever: it is stopped as a person would.
						await first;
						const closing = opened.conversation.close();
						await pause(time - 1);
						strike(signal)();
						const started = performance.now();
						await closing;
						assert.ok(performance.now() - started < 2000);
					} else {
						const { ending, ms } = await ask(opened, 'Hello', phase, strike(signal));
						assert.equal(ending.reason, 'engine-lost');
						assert.match('detail' in ending ? ending.detail : '', /^The engine .*\. The next message (starts|tries) (it )?again\.$/);
						assert.ok(ms < limit, `${ms} ms`);
						const next = await ask(opened, 'Again', 'turn', () => {});
						assert.notEqual(next.ending.reason, 'engine-lost');
						await opened.conversation.close();
					}
					const kept = readJournal(opened.journal.path!);
					assert.deepEqual(asked(kept.events), phase === 'saving' ? ['Hello'] : ['Hello', 'Again']);
					assert.equal(recall(kept.events).interrupted, false);
					const later = await open(`${signal}${phase}${time}`);
					assert.notEqual((await ask(later, 'Hello', 'turn', () => {})).ending.reason, 'engine-lost');
					await later.conversation.close();
					assert.ok(await holds(() => engineProcesses().length === 0, 2000));
				});
});
