import assert from 'node:assert/strict';
import { test } from 'node:test';
import chalk from 'chalk';
import { diffLines, diffRows } from '../../src/chat/diff.js';
import { displayLines, wholeLines } from '../../src/chat/display.js';
import { entryLines } from '../../src/chat/entry.js';
import { pages, windowOf } from '../../src/chat/pages.js';
import type { Entry } from '../../src/chat/state.js';
import { type Line, lineWidth, run, textOf } from '../../src/chat/text/wrap.js';
import { golden } from './golden.js';

chalk.level = 0;
const shown = (lines: readonly Line[]) => lines.map(textOf).join('\n');
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`).join('\n');
const before = `${numbered(30)}\n`;
const after = before.replace('line 5\n', 'line five\n').replace('line 25\n', `line 25 ${'made much longer '.repeat(4)}\nand one more\n`);
const diff = { kind: 'diff', path: 'src/long.txt', before, after } as const;

for (const columns of [20, 40, 80]) {
	test(`a diff at ${columns} columns`, () => {
		const lines = diffLines(diff, columns);
		golden(`diff-${columns}.txt`, shown(lines));
		for (const line of lines) assert.ok(lineWidth(line) <= columns);
	});
}

test('a diff has three lines around a change, and the numbers of both files', () => {
	const { rows, added, removed } = diffRows(diff);
	assert.deepEqual([added, removed], [3, 2]);
	assert.deepEqual(
		rows.slice(0, 5).map(row => `${row.number}${row.sign}${row.text}`),
		['2 line 2', '3 line 3', '4 line 4', '5-line 5', '5+line five'],
	);
	assert.equal(rows.filter(row => row.sign === '⋮').length, 1);
});

test('new, removed and unchanged files say so', () => {
	assert.match(shown(diffLines({ kind: 'diff', path: 'a', before: null, after: 'x\n' }, 40)), /^a {2}new file, \+1 −0\n1 \+ x$/);
	assert.match(shown(diffLines({ kind: 'diff', path: 'a', before: 'x\n', after: null }, 40)), /^a {2}removed, \+0 −1\n1 - x$/);
	assert.match(shown(diffLines({ kind: 'diff', path: 'a', before: 'x', after: 'x' }, 40)), /no change/);
	assert.match(shown(diffLines({ kind: 'diff', path: 'a', before: 'x', after: 'x\n' }, 60)), /no line end at the end of the file/);
});

test('hidden characters in a diff are written out and counted', () => {
	const text = shown(diffLines({ kind: 'diff', path: 'a\u202e.js', before: '', after: 'if (\u200badmin) {\x1b[2J}\n' }, 80));
	assert.match(text, /a<U\+202E>\.js/);
	assert.match(text, /if \(<U\+200B>admin\) \{<U\+001B>\[2J\}/);
	assert.match(text, /! 3 hidden/);
});

test('two texts without anything in common are still a diff', () => {
	const one = Array.from({ length: 3000 }, (_, index) => `a${index * 7}`).join('\n');
	const other = Array.from({ length: 3000 }, (_, index) => `b${index * 13}`).join('\n');
	const { added, removed } = diffRows({ kind: 'diff', path: 'x', before: one, after: other });
	assert.deepEqual([added, removed], [3000, 3000]);
});

test('a long output shows its head, its tail and how much is between', () => {
	const lines = displayLines({ kind: 'terminal', command: 'x', output: numbered(100), exitCode: 1 }, { columns: 60, most: 10 });
	assert.equal(lines.length, 11);
	assert.match(shown(lines), /^line 1\n[\s\S]*… 91 more lines \(Ctrl-O shows them\)\nline 96\n[\s\S]*line 100\nexit code 1$/);
});

test('of failing tests the report is shown, and below it only the end of the log', () => {
	const verdict = '2 passed, 1 failed.\nadds two numbers (sum.test.js:6)\n3 !== 4';
	const display = { kind: 'terminal', command: 'npm test', output: numbered(100), exitCode: 1, verdict } as const;
	assert.equal(
		shown(displayLines(display, { columns: 60, most: 6 })),
		`${verdict}\n… 97 more lines (Ctrl-O shows them)\nline 98\nline 99\nline 100\nexit code 1`,
	);
	const whole = shown(displayLines(display, { columns: 60, most: 2000 }, ''));
	assert.equal(whole, `${verdict}\n${numbered(100)}\nexit code 1`, 'asked for in full, it is in full');
	assert.match(
		shown(displayLines({ ...display, verdict: '3 passed.', exitCode: 0 }, { columns: 60, most: 10 })),
		/^3 passed\.\n… 97 more lines \(Ctrl-O shows them\)\nline 98\n/,
		'a short report draws no more of the log in',
	);
	const long = { ...display, verdict: numbered(40) };
	assert.match(shown(displayLines(long, { columns: 60, most: 6 })), /^line 1\n[\s\S]*… 35 more lines/, 'a long report is shortened too');
});

test('a million lines of output are not all wrapped', () => {
	const lines = displayLines({ kind: 'text', text: 'x\n'.repeat(1_000_000) }, { columns: 60, most: 6 });
	assert.match(shown(lines), /999,995 more lines/);
});

test('what is asked about is never shortened, and nothing of it removed', () => {
	const lines = wholeLines({ kind: 'terminal', command: `ls${'\n'.repeat(200)}rm -rf ~ \x1b]0;x\x07`, output: '', exitCode: null }, 40);
	assert.match(shown(lines), /rm -rf ~ <U\+001B>\]0;x<U\+0007>$/);
	assert.equal(lines.length, 203, 'the notice takes two lines');
});

test('a view shows both ends first, then pages that reach every line', () => {
	const lines = Array.from({ length: 50 }, (_, index): Line => [run(`l${index}`)]);
	assert.match(shown(windowOf(lines, 'ends', { columns: 60, rows: 10 })), /^l0\n[\s\S]*… 41 more lines \(PgDn[\s\S]*l49$/);
	const seen = new Set<string>();
	const { after: next, before: previous } = pages(50, 10);
	let view = next('ends');
	for (let i = 0; i < 10; i++) {
		const drawn = windowOf(lines, view, { columns: 60, rows: 10 });
		assert.ok(drawn.length <= 10);
		for (const line of drawn.slice(0, -1)) seen.add(textOf(line));
		view = next(view);
	}
	assert.equal(seen.size, 50);
	assert.match(shown(windowOf(lines, view, { columns: 60, rows: 10 })), /lines 42–50 of 50/);
	for (let i = 0; i < 10; i++) view = previous(view);
	assert.equal(view, 'ends');
});

const entries: Entry[] = [
	{ kind: 'user', text: 'fix the sum\nplease', material: 'a\nb' },
	{ kind: 'prose', text: 'I look.' },
	{ kind: 'call', title: 'Read sum.js', ok: true, refused: false, show: { kind: 'text', text: numbered(20) } },
	{
		kind: 'call',
		title: 'Edit sum.js',
		ok: true,
		refused: false,
		show: { kind: 'diff', path: 'sum.js', before: 'a\nb\n', after: 'a\nc\n' },
	},
	{
		kind: 'call',
		title: '$ npm test',
		ok: false,
		refused: false,
		show: { kind: 'terminal', command: 'npm test', output: numbered(12), exitCode: 1 },
	},
	{ kind: 'call', title: '$ rm x', ok: false, refused: true, show: { kind: 'text', text: 'Not allowed by the person.' } },
	{ kind: 'told', text: 'The tests fail:\n1\n2\n3' },
	{ kind: 'note', text: 'The output was cut.' },
	{ kind: 'compacted', before: 6200, after: 1100 },
	{ kind: 'prose', text: 'Done.' },
	{ kind: 'ending', ending: { reason: 'answered' }, spent: { prompt: 1, reused: 0, output: 128, readMs: 1, writeMs: 6400 } },
	{
		kind: 'ending',
		ending: { reason: 'context-full', needed: 9000, available: 8192 },
		spent: { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 },
	},
];
for (const columns of [20, 40, 80]) {
	test(`a conversation at ${columns} columns`, () => {
		const lines = entries.flatMap((entry, index) => entryLines(entry, entries[index - 1], columns));
		golden(`past-${columns}.txt`, shown(lines));
		for (const line of lines) assert.ok(lineWidth(line) <= columns, textOf(line));
	});
}

test('no entry lets a control character through', () => {
	const nasty = 'x\x1b]52;c;AAAA\x07\x1b[2J\u202e\x9b2Jy';
	const hostile: Entry[] = [
		{ kind: 'user', text: nasty, material: nasty },
		{ kind: 'prose', text: `# ${nasty}\n\n\`\`\`${nasty}\n${nasty}\n\`\`\`\n\n[${nasty}](${nasty})` },
		{ kind: 'call', title: nasty, ok: true, refused: false, show: { kind: 'terminal', command: nasty, output: nasty, exitCode: 0 } },
		{ kind: 'call', title: nasty, ok: true, refused: false, show: { kind: 'diff', path: nasty, before: nasty, after: `${nasty}2` } },
		{ kind: 'call', title: nasty, ok: true, refused: false, show: { kind: 'paths', paths: [nasty] } },
		{ kind: 'told', text: nasty },
		{ kind: 'note', text: nasty },
		{ kind: 'ending', ending: { reason: 'stuck', detail: nasty }, spent: { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 } },
		{ kind: 'shown', title: nasty, display: { kind: 'text', text: nasty }, exact: true },
	];
	for (const entry of hostile)
		for (const line of entryLines(entry, undefined, 60)) assert.doesNotMatch(textOf(line), /[\x00-\x1f\x7f-\x9f\u202e]/, entry.kind);
});

test('a wrong claim is drawn with what is true, and cannot act on the terminal', () => {
	const lines = entryLines({ kind: 'wrong', text: 'src/sum.js:40\u001b[2J', truth: 'src/sum.js has 12 lines' }, undefined, 60);
	assert.match(lines.map(textOf).join('\n'), /^! src\/sum\.js:40.* — src\/sum\.js has 12 lines$/);
	assert.doesNotMatch(lines.map(textOf).join(''), /\u001b/);
	assert.equal(lines[0]?.find(part => part.text.startsWith('src'))?.style.colour, 'yellow');
});
