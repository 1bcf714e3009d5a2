import assert from 'node:assert/strict';
import { test } from 'node:test';
import chalk from 'chalk';
import { entryLines } from '../../src/chat/entry.js';
import { textOf } from '../../src/chat/text/wrap.js';
import type { OutputFormat } from '../../src/oneshot/face.js';
import type { AgentEvent, Ending, Remark } from '../../src/types.js';
import { onlyResult, play, recite, reply } from './scene.js';

chalk.level = 0;
const proven: Remark = { path: 'src/sum.js', line: 12, rule: 'undefined-name', certainty: 'verified', text: '`totla` is not defined' };
const thought: Remark = { path: 'a b/ü\u001b[31m.py', line: 3, rule: 'opinion', certainty: 'opinion', text: 'this may be zero' };
const line = 'src/sum.js:12  verified  `totla` is not defined';
const sum = '2 files checked: 1 verified remark, 1 opinion.';

const script = (remarks: readonly Remark[], ending: Ending) => {
	const events: AgentEvent[] = remarks.map(remark => ({ type: 'remark', ...remark }));
	return recite([...events, { type: 'text', text: sum }, reply([line, sum].join('\n'))], ending);
};
const both = script([proven, thought], { reason: 'remarked', verified: 1 });
const shown = (output: OutputFormat, terminal = false) => play({ script: both, wanted: { output }, terminal });

test('verified remarks are an answer, with exit code 1; opinions alone are not', async () => {
	const { code, stdout, stderr } = await shown('text');
	assert.deepEqual([code, stdout, stderr], [1, `${line}\n${sum}\n`, '']);
	assert.equal((await play({ script: script([thought], { reason: 'answered' }) })).code, 0);
});

test('a terminal shows each as it is found, safe, and then the last sentence', async () => {
	const { stdout } = await shown('text', true);
	assert.equal(stdout, `${line}\na b/ü<U+001B>[31m.py:3  opinion  this may be zero\n${sum}\n`);
});

test('the chat draws the same', () => {
	const drawn = (remark: Remark) => entryLines({ kind: 'remark', remark }, undefined, 80).map(textOf);
	assert.deepEqual(drawn(proven), [line]);
	assert.deepEqual(drawn(thought), ['a b/ü<U+001B>[31m.py:3  opinion  this may be zero']);
});

test('json and stream-json have them in the result, which is none of failure', async () => {
	for (const output of ['json', 'stream-json'] as const) {
		const result = onlyResult((await shown(output)).lines);
		assert.deepEqual([result.remarks, result.is_error, result.terminal_reason], [[proven, thought], false, 'completed']);
	}
	const none = onlyResult((await play({ wanted: { output: 'json' } })).lines);
	assert.ok(!('remarks' in none));
});

test('sarif is one log of version 2.1.0: each rule once, errors and notes, places as addresses', async () => {
	const { code, stdout } = await shown('sarif');
	assert.equal(code, 1);
	const log = JSON.parse(stdout);
	assert.equal(log.version, '2.1.0');
	assert.match(log.$schema, /sarif-2\.1\.0\.json$/);
	const [run, more] = log.runs;
	assert.equal(more, undefined);
	assert.deepEqual(
		run.tool.driver.rules.map(({ id, defaultConfiguration }: { id: string; defaultConfiguration: object }) => [id, defaultConfiguration]),
		[
			['undefined-name', { level: 'error' }],
			['opinion', { level: 'note' }],
		],
	);
	assert.deepEqual(run.invocations, [{ executionSuccessful: true }]);
	assert.deepEqual(run.results, [
		{
			ruleId: 'undefined-name',
			ruleIndex: 0,
			level: 'error',
			message: { text: '`totla` is not defined' },
			locations: [{ physicalLocation: { artifactLocation: { uri: 'src/sum.js' }, region: { startLine: 12 } } }],
		},
		{
			ruleId: 'opinion',
			ruleIndex: 1,
			level: 'note',
			message: { text: 'Opinion of a model: this may be zero' },
			locations: [{ physicalLocation: { artifactLocation: { uri: 'a%20b/%C3%BC%1B%5B31m.py' }, region: { startLine: 3 } } }],
		},
	]);
});

test('sarif of a run that failed says so, and has no results', async () => {
	const { code, stdout } = await play({ script: recite([], { reason: 'engine-lost', detail: 'x' }), wanted: { output: 'sarif' } });
	const [run] = JSON.parse(stdout).runs;
	assert.deepEqual([code, run.results, run.invocations[0].executionSuccessful], [1, [], false]);
	assert.match(run.invocations[0].toolExecutionNotifications[0].message.text, /stopped working/);
});

test('sarif holds no control character, also of those that JSON may hold', async () => {
	const remark = { ...proven, text: 'a\x9b2J\x7fb' };
	const { stdout } = await play({ script: script([remark], { reason: 'answered' }), wanted: { output: 'sarif' } });
	assert.doesNotMatch(stdout, /[\x7f-\x9f]/);
	assert.equal(JSON.parse(stdout).runs[0].results[0].message.text, remark.text);
});
