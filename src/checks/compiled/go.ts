import { posix } from 'node:path';
import { statementsOf } from '../steps.js';
import { type Compiler, eachRun } from './compiler.js';

/** A test file of the package itself: it sees what the package keeps to itself. */
export const go: Compiler = {
	saying: {
		mark: place => `qwillRan[${place}] = true; `,
		mutant: (number, body, gives) => `if qwillMutant == ${number} ${gives ? body : `{ ${body}; return }`}`,
	},
	caller: 'probe.go',
	files({ path, text, caller, calls, marks }) {
		const driver = posix.join(posix.dirname(path), 'qwill_probe_test.go');
		const name = /^package\s+(\w+)/m.exec(text)?.[1] ?? 'main';
		const [head = '', end = ''] = caller.replace('package PACKAGE', `package ${name}`).replace('[MARKS]', `[${marks}]`).split('CALLS\n');
		const lines = calls.map(call => `\tfunc() []any { ${inSteps(call)} },\n`);
		const files = new Map([
			[path, text],
			[driver, `${head}${lines.join('')}${end}`],
		]);
		return { files, driver, first: head.split('\n').length };
	},
	build: 'go test -c -gcflags=-e -o /tmp/qwill-probe .',
	run: eachRun('/tmp/qwill-probe -test.run ^TestQwillProbe$'),
	parses: call => `package a\nfunc a() []any { ${inSteps(call)} }\n`,
	fault: /^(?:\.\/)?([^\s:]+\.go):(\d+):\d+: /gm,
	world: [
		[/\btime\.(?:Now|Since|Until|After|Tick)\b/, 'the time'],
		[/\brand\./, 'chance'],
		[/\b(?:net|http|dial)\./, 'the network'],
		[/\bexec\./, 'other programs'],
		[/\b(?:os|ioutil|user|runtime)\.|\bfilepath\.(?:Walk|WalkDir|Glob|Abs|EvalSymlinks)\b/, 'the system'],
	],
};

const inSteps = (call: string): string => statementsOf(call, last => `return qwillAll(${last})`);
