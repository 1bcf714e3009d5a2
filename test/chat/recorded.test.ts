import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import type { Question } from '../../src/agent/conversation.js';
import type { AgentEvent, Ending } from '../../src/types.js';
import { fakeProgram, type Script } from './fake-program.js';
import { golden } from './golden.js';
import { openScreen, type TestScreen } from './screen.js';

// What a person sees of a session that happened: recorded with the real 0.5B by test/smart/record-fix.ts.

type Recorded = AgentEvent | { type: 'question'; question: Question };
const session = readFileSync(join(import.meta.dirname, '..', 'golden', 'chat', 'fix.jsonl'), 'utf8')
	.split('\n')
	.filter(Boolean)
	.map(line => JSON.parse(line) as Recorded);

/** Plays the session, and keeps the screen after each step of it. */
function plays(screens: string[], screen: () => TestScreen): Script {
	return async function* (_task, signal, ask) {
		let ending: Ending = { reason: 'answered' };
		for (const step of session) {
			if (step.type === 'question') {
				const { kind } = await ask(step.question, signal);
				assert.equal(kind, 'yes');
				continue;
			}
			yield step;
			if (step.type === 'done') ending = step.ending;
			for (let i = 0; i < 5; i++) await settled();
			screens.push(screen().text());
		}
		return ending;
	};
}

test('"The test fails. Fix it." shows where it looks, what it tries and what was verified, live', async t => {
	// On a slow machine it takes seconds, which the screen would count.
	mock.timers.enable({ apis: ['setInterval'] });
	t.after(() => mock.timers.reset());
	const screens: string[] = [];
	let screen: TestScreen | undefined;
	const fake = fakeProgram({ script: plays(screens, () => screen!) });
	let clock = 0;
	screen = openScreen(fake, { rows: 40, now: () => clock });
	try {
		await screen.until(/^> /m);
		screen.type('The test fails. Fix it.', '\r');
		const questions: string[] = [];
		for (const _ of session.filter(step => step.type === 'question')) {
			questions.push(await screen.until(/› 1 Yes/));
			clock += 1000; // A key that comes at once is not meant for the question.
			screen.type('y');
			await screen.until(/^(?![\s\S]*› 1 Yes)/);
		}
		const last = await screen.until(/Fixed: /);
		const distinct = [...new Set(screens)].filter((one, i, all) => one !== all[i - 1]);
		golden('fix-80.txt', [...distinct, ...questions, last].join(`\n${'═'.repeat(80)}\n`));
	} finally {
		screen.close();
	}
});
