import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Motion, shownOf, textOf } from '../../../src/chat/input/cells.js';
import { type Draft, emptyDraft, insert, kill, move, paste, remove, undo, yank, yankPop } from '../../../src/chat/input/draft.js';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const graphemes = (text: string) => [...segmenter.segment(text)].map(part => part.segment);
const of = (text: string): Draft => insert(emptyDraft, text);
const text = (draft: Draft) => textOf(draft.cells);
const marked = (draft: Draft) => `${textOf(draft.cells.slice(0, draft.cursor))}|${textOf(draft.cells.slice(draft.cursor))}`;
const press = (draft: Draft, key: (draft: Draft, motion: Motion) => Draft, ...keys: Motion[]) => keys.reduce(key, draft);

const motion = fc.constantFrom<Motion>(
	'left',
	'right',
	'word-left',
	'word-right',
	'space-word-left',
	'line-start',
	'line-end',
	'start',
	'end',
);
const piece = fc.oneof(
	fc.constantFrom(
		'a',
		' ',
		'\n',
		'\r\n',
		'é',
		'\u0301',
		'\u200d',
		'👩',
		'👩‍👩‍👧',
		'🇩',
		'🇪',
		'🇫',
		'漢',
		'👍🏽',
		'\ufe0f',
		'क्ष',
		'\t',
		'@',
		'/',
	),
	fc.string({ unit: 'grapheme', maxLength: 4 }),
);
type Edit = (draft: Draft) => Draft;
const edit: fc.Arbitrary<Edit> = fc.oneof(
	piece.map(text => (draft: Draft) => insert(draft, text)),
	piece.map(text => (draft: Draft) => paste(draft, text, 1).draft),
	fc.constant((draft: Draft) => paste(draft, 'x\n'.repeat(12), 1).draft),
	motion.map(by => (draft: Draft) => move(draft, by)),
	motion.map(by => (draft: Draft) => remove(draft, by)),
	motion.map(by => (draft: Draft) => kill(draft, by)),
	fc.constantFrom<Edit>(yank, yankPop, undo),
);

describe('draft, whatever is done to it', () => {
	it('never splits a grapheme and keeps the cursor between two', () => {
		fc.assert(
			fc.property(fc.array(edit, { maxLength: 40 }), edits => {
				const draft = edits.reduce((now, change) => change(now), emptyDraft);
				const loose = draft.cells.map(cell => (cell.label === undefined ? cell.text : `\n${cell.label}\n`)).join('');
				const cells = draft.cells.flatMap(cell => (cell.label === undefined ? [cell.text] : ['\n', ...graphemes(cell.label), '\n']));
				assert.deepEqual(cells, graphemes(loose));
				assert.ok(draft.cursor >= 0 && draft.cursor <= draft.cells.length);
			}),
			{ seed: 11, numRuns: 300 },
		);
	});

	it('undo goes back to the beginning, step by step, and each step is one that was there', () => {
		fc.assert(
			fc.property(fc.array(edit, { maxLength: 30 }), edits => {
				const seen = new Set<string>(['']);
				let draft = emptyDraft;
				for (const change of edits) {
					draft = change(draft);
					seen.add(text(draft));
				}
				for (let steps = 0; draft.past.length > 0; steps++) {
					assert.ok(steps < 100);
					draft = undo(draft);
					assert.ok(seen.has(text(draft)), JSON.stringify(text(draft)));
				}
				assert.equal(text(draft), '');
			}),
			{ seed: 12, numRuns: 300 },
		);
	});

	it('inserted text is there, whole and in order', () => {
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 20 }), pieces => {
				const draft = pieces.reduce(insert, emptyDraft);
				assert.equal(text(draft).replaceAll('\n', ''), pieces.join('').replace(/[\r\n]/g, ''));
				assert.equal(draft.cursor, draft.cells.length);
			}),
			{ seed: 13, numRuns: 300 },
		);
	});

	it('a deletion takes exactly what lies between the cursor and where the motion leads', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.nat(20), motion, (start, steps, by) => {
				let draft = of(start);
				for (let step = 0; step < steps; step++) draft = move(draft, 'left');
				const moved = move(draft, by);
				const [from, to] = [Math.min(draft.cursor, moved.cursor), Math.max(draft.cursor, moved.cursor)];
				const left = textOf(draft.cells.slice(0, from)) + textOf(draft.cells.slice(to));
				assert.equal(text(remove(draft, by)), left);
			}),
			{ seed: 14, numRuns: 300 },
		);
	});
});

describe('draft', () => {
	it('backspace takes a family, a flag or an accented letter at once', () => {
		assert.equal(text(remove(of('x👩‍👩‍👧'), 'left')), 'x');
		assert.equal(text(remove(of('x🇩🇪'), 'left')), 'x');
		assert.equal(text(remove(of('xe\u0301'), 'left')), 'x');
	});

	it('a mark typed after its letter joins it', () => {
		const draft = insert(of('e'), '\u0301');
		assert.equal(draft.cells.length, 1);
		assert.equal(draft.cursor, 1);
	});

	it('Alt-B and Alt-F stop at words, in Chinese too; Ctrl-W at spaces', () => {
		assert.equal(marked(press(of('run src/loop.ts'), move, 'word-left', 'word-left')), 'run src/|loop.ts');
		assert.equal(marked(press(of('run src/loop.ts'), move, 'start', 'word-right', 'word-right')), 'run src|/loop.ts');
		assert.equal(marked(move(of('请修复这个错误'), 'word-left')), '请修复这个|错误');
		assert.equal(text(kill(of('run src/loop.ts  '), 'space-word-left')), 'run ');
	});

	it('kills in a row are yanked together, and Alt-Y brings the one before', () => {
		const killed = press(of('one two three'), kill, 'space-word-left', 'space-word-left');
		assert.equal(text(yank(killed)), 'one two three');
		const second = kill(move(insert(killed, 'x y'), 'word-left'), 'line-end');
		assert.equal(text(yank(second)), 'one x y');
		assert.equal(text(yankPop(yank(second))), 'one x two three');
	});

	it('Ctrl-K at the end of a line and Ctrl-U at its start take the line end', () => {
		assert.equal(text(kill(press(of('a\nb'), move, 'start', 'line-end'), 'line-end')), 'ab');
		assert.equal(text(kill(move(of('a\nb'), 'line-start'), 'line-start')), 'ab');
	});

	it('letters typed in a row are undone word by word', () => {
		const draft = [...'fix the bug'].reduce(insert, emptyDraft);
		assert.equal(text(undo(draft)), 'fix the');
		assert.equal(text(undo(undo(undo(draft)))), '');
	});

	it('undo after a movement takes back only what was typed since', () => {
		const draft = insert(move(of('ab'), 'left'), 'x');
		assert.equal(marked(undo(draft)), 'a|b');
	});
});

describe('paste', () => {
	it('over 10 lines is shown as a label, sent whole and deleted as one', () => {
		const long = Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n');
		const { draft, folded } = paste(of('see '), long, 1);
		assert.ok(folded);
		assert.equal(shownOf(draft.cells), 'see [Pasted text #1 +30 lines]');
		assert.equal(text(draft), `see ${long}`);
		assert.equal(text(remove(draft, 'left')), 'see ');
		assert.equal(text(undo(draft)), 'see ');
	});

	it('over 1,000 characters on one line is folded, 1,000 and ten lines are not', () => {
		assert.equal(shownOf(paste(emptyDraft, 'x'.repeat(1001), 2).draft.cells), '[Pasted text #2 +1001 characters]');
		assert.ok(!paste(emptyDraft, 'x'.repeat(1000), 1).folded);
		assert.ok(!paste(emptyDraft, 'x\n'.repeat(10), 1).folded);
	});

	it('keeps line ends of every kind as lines', () => {
		assert.equal(text(paste(emptyDraft, 'a\r\nb\rc\n', 1).draft), 'a\nb\nc\n');
	});
});
