import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusRuns } from '../../src/chat/StatusLine.js';
import { createSession } from '../../src/chat/session/session.js';
import { textOf } from '../../src/chat/text/wrap.js';
import { fakeProgram } from './fake-program.js';

test('the status line counts claims once something was checked, loudly when one is wrong', () => {
	const screen = createSession({ program: fakeProgram().program, commands: [], clear: () => {}, now: () => 0 }).screen();
	const line = (claims?: { checked: number; wrong: number }) =>
		statusRuns({ ...screen, chat: { ...screen.chat, ...(claims && { claims }) } }, 100, '');
	assert.doesNotMatch(textOf(line()), /claims/);
	assert.match(textOf(line({ checked: 5, wrong: 1 })), / · claims 5\/1 · /);
	const colourOf = (wrong: number) => line({ checked: 5, wrong }).find(({ text }) => text.startsWith('claims'))?.style.colour;
	assert.deepEqual([colourOf(0), colourOf(1)], [undefined, 'yellow']);
});
