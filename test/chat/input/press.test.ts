import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shownOf, textOf } from '../../../src/chat/input/cells.js';
import { type Effect, emptyInput, type Facts, type Input, openOffer } from '../../../src/chat/input/input.js';
import type { Action } from '../../../src/chat/input/keys.js';
import { pictureOf } from '../../../src/chat/input/picture.js';
import { press } from '../../../src/chat/input/press.js';

const commands = [
	{ name: 'help', aliases: [], purpose: 'what there is' },
	{ name: 'model', aliases: [], purpose: 'change the model', argumentHint: '[name]' },
	{ name: 'quit', aliases: ['exit'], purpose: 'leave' },
];
const files = ['README.md', 'my notes.md', 'src/chat/draft.ts', 'src/loop.ts', 'test/loop.test.ts'];
const facts: Facts = { now: 1000, busy: false, queued: 0, width: 40, history: [], names: { files, commands } };
const history = ['fix the sum', 'add a test', 'fix the loop'].map(text => ({ text }));

/** Keys by their names; everything else is typed. */
type Key = Action['type'] | { text: string } | Action;
function type(input: Input, keys: readonly (Key | string)[], over: Partial<Facts> = {}): { input: Input; effects: Effect[] } {
	const effects: Effect[] = [];
	let now = input;
	for (const key of keys) {
		const action = (
			typeof key === 'string' ? (key.startsWith('<') ? { type: key.slice(1, -1) } : { type: 'insert', text: key }) : key
		) as Action;
		const pressed = press(now, action, { ...facts, ...over });
		now = pressed.input;
		effects.push(...pressed.effects);
	}
	return { input: now, effects };
}
const text = (input: Input) => textOf(input.draft.cells);
const sent = (effects: Effect[]) => effects.flatMap(effect => (effect.type === 'submit' ? [effect.submission] : []));
const names = (effects: Effect[]) => effects.map(effect => effect.type);
const offered = (input: Input) => openOffer(input, facts.names)?.items.map(item => item.label);

describe('Enter', () => {
	it('sends what was typed and empties the draft', () => {
		const { input, effects } = type(emptyInput, ['fix @src/loop.ts please', '<enter>']);
		assert.deepEqual(sent(effects), [
			{ kind: 'message', text: 'fix @src/loop.ts please', shown: 'fix @src/loop.ts please', files: ['src/loop.ts'] },
		]);
		assert.equal(text(input), '');
	});
	it('never runs a command that was only found by what it does: a name that is wrong is told', () => {
		const { input, effects } = type(emptyInput, ['/leaves', '<enter>']);
		assert.deepEqual(offered(type(emptyInput, ['/leave']).input), ['/quit']);
		assert.deepEqual(names(type(emptyInput, ['/leave', '<enter>']).effects), ['note']);
		assert.deepEqual(names(effects), ['note']);
		assert.equal(text(input), '/leaves');
		assert.deepEqual(sent(type(emptyInput, ['/leave', '<tab>', '<enter>']).effects), [{ kind: 'command', name: 'quit', args: '' }]);
	});
	it('/editor opens the editor like its key, with an empty draft', () => {
		const editing = { ...facts.names, commands: [...commands, { name: 'editor', aliases: [], purpose: 'write there' }] };
		const { input, effects } = type(emptyInput, ['/editor', '<enter>'], { names: editing });
		assert.deepEqual(names(effects), ['editor']);
		assert.equal(text(input), '');
	});
	it('does nothing on an empty draft', () => assert.deepEqual(type(emptyInput, ['  ', '<enter>']).effects, []));
	it('behind a backslash makes a new line', () => {
		const { input, effects } = type(emptyInput, ['a\\', '<enter>', 'b']);
		assert.equal(text(input), 'a\nb');
		assert.deepEqual(effects, []);
	});
	it('two messages within one instant are both sent, in order', () => {
		assert.deepEqual(
			sent(type(emptyInput, ['one', '<enter>', 'two', '<enter>']).effects).map(each => each.kind === 'message' && each.text),
			['one', 'two'],
		);
	});
	it('a paste never sends, whatever it ends in', () => {
		const { input, effects } = type(emptyInput, [{ type: 'paste', text: 'rm -rf build\n' }]);
		assert.deepEqual(effects, []);
		assert.equal(text(input), 'rm -rf build\n');
	});
	it('sends a folded paste whole, and shows its label', () => {
		const long = 'line @src/loop.ts\n'.repeat(30);
		const { effects } = type(emptyInput, ['see ', { type: 'paste', text: long }, '<enter>']);
		assert.deepEqual(sent(effects), [{ kind: 'message', text: `see ${long}`.trim(), shown: 'see [Pasted text #1 +30 lines]', files: [] }]);
	});
	it('a second paste is number 2, and the next message begins at 1 again', () => {
		const long = 'x\n'.repeat(11);
		const { input } = type(emptyInput, [
			{ type: 'paste', text: long },
			{ type: 'paste', text: long },
		]);
		assert.match(shownOf(input.draft.cells), /#1 .*#2 /);
		assert.match(shownOf(type(input, ['<enter>', { type: 'paste', text: long }]).input.draft.cells), /#1 /);
	});
});

describe('commands and the shell', () => {
	it('a command is handed over by its own name, with what follows', () => {
		assert.deepEqual(sent(type(emptyInput, ['/exit now  please ', '<enter>']).effects), [
			{ kind: 'command', name: 'quit', args: 'now  please' },
		]);
	});
	it('an unknown command stays in the draft, and the nearest is named', () => {
		const { input, effects } = type(emptyInput, ['/hlep', '<escape>', '<enter>']);
		assert.deepEqual(effects, [{ type: 'note', text: 'There is no command /hlep. Did you mean /help?' }]);
		assert.equal(text(input), '/hlep');
	});
	it("names what another program's command is called here", () => {
		const { effects } = type(emptyInput, ['/add a.ts', '<enter>']);
		assert.match(effects[0]?.type === 'note' ? effects[0].text : '', /@path/);
	});
	it('a path at the start of a message is no command', () => {
		assert.equal(sent(type(emptyInput, ['/usr/bin/node is old', '<enter>']).effects)[0]?.kind, 'message');
	});
	it('a pasted command or shell line is part of a message', () => {
		for (const pasted of ['/quit', '!rm -rf .', '@README.md']) {
			const { effects } = type(emptyInput, [{ type: 'paste', text: pasted }, '<enter>']);
			assert.deepEqual(sent(effects), [{ kind: 'message', text: pasted, shown: pasted, files: [] }]);
		}
	});
	it('a line after ! goes to the shell', () => {
		const { effects } = type(emptyInput, ['!npm test', '<enter>']);
		assert.deepEqual(sent(effects), [{ kind: 'shell', command: 'npm test' }]);
	});
	it('! alone makes every line a command for the shell, until it is sent again', () => {
		const { input, effects } = type(emptyInput, ['!', '<enter>', 'ls', '<enter>']);
		assert.deepEqual(sent(effects), [{ kind: 'shell', command: 'ls' }]);
		assert.ok(input.shell);
		assert.ok(!type(input, ['!', '<enter>']).input.shell);
		assert.ok(!type(input, ['<escape>']).input.shell);
	});
});

describe('Esc, Ctrl-C and Ctrl-D', () => {
	it('stop what runs, and keep the draft', () => {
		for (const key of ['<escape>', '<interrupt>']) {
			const { input, effects } = type(emptyInput, ['ab', key], { busy: true });
			assert.deepEqual(names(effects), ['stop']);
			assert.equal(text(input), 'ab');
		}
	});
	it('Esc twice clears a text, which the history keeps', () => {
		const { input, effects } = type(emptyInput, ['ab', '<escape>', '<escape>']);
		assert.equal(text(input), '');
		assert.equal(effects[0]?.type === 'remember' && effects[0].entry.text, 'ab');
	});
	it('Esc twice on an empty draft asks for the rewind menu', () =>
		assert.deepEqual(names(type(emptyInput, ['<escape>', '<escape>']).effects), ['rewind']));
	it('Ctrl-C clears a text; undo brings it back', () => {
		assert.equal(text(type(emptyInput, ['ab', '<interrupt>']).input), '');
		assert.equal(text(type(emptyInput, ['ab', '<interrupt>', '<undo>']).input), 'ab');
	});
	it('Ctrl-C and Ctrl-D quit on the second press within two seconds, not later', () => {
		for (const key of ['<interrupt>', '<end-of-input>']) {
			const { input } = type(emptyInput, [key]);
			assert.deepEqual(names(type(input, [key], { now: 3000 }).effects), ['quit']);
			assert.deepEqual(names(type(input, [key], { now: 3001 }).effects), []);
		}
	});
	it('a key between the two presses calls the quitting off', () => {
		assert.deepEqual(names(type(emptyInput, ['<interrupt>', 'a', { type: 'delete', motion: 'left' }, '<interrupt>']).effects), []);
	});
	it('Ctrl-D deletes to the right when there is text', () => {
		assert.equal(text(type(emptyInput, ['ab', { type: 'move', motion: 'start' }, '<end-of-input>']).input), 'b');
	});
});

describe('history', () => {
	it('Up keeps to what was typed, Down comes back to it', () => {
		const { input } = type(emptyInput, ['fix', '<up>', '<up>'], { history });
		assert.equal(text(input), 'fix the sum');
		assert.equal(text(type(input, ['<down>'], { history }).input), 'fix the loop');
		assert.equal(text(type(input, ['<down>', '<down>'], { history }).input), 'fix');
	});
	it('Up moves a line before it goes to the history', () => {
		const { input } = type(emptyInput, ['ab', '<newline>', 'c', '<up>', 'x'], { history });
		assert.equal(text(input), 'axb\nc');
	});
	it('Up on an empty draft takes the queue back first', () => {
		assert.deepEqual(names(type(emptyInput, ['<up>'], { history, queued: 1 }).effects), ['take-back']);
	});
	it('Ctrl-R finds backwards; Tab edits, Enter sends, Esc leaves the draft as it was', () => {
		const { input } = type(emptyInput, ['draft', '<search>', 'the'], { history });
		assert.equal(text(type(input, ['<tab>'], { history }).input), 'fix the loop');
		assert.equal(text(type(input, ['<search>', '<tab>'], { history }).input), 'fix the sum');
		assert.deepEqual(
			sent(type(input, ['<enter>'], { history }).effects).map(each => each.kind === 'message' && each.text),
			['fix the loop'],
		);
		assert.equal(text(type(input, ['<escape>'], { history }).input), 'draft');
	});
	it('a recalled command opens no menu, so Up goes on', () => {
		const old = [{ text: 'first' }, { text: '/help' }];
		assert.equal(text(type(emptyInput, ['<up>', '<up>'], { history: old }).input), 'first');
	});
});

describe('completion', () => {
	it('/ lists every command, and letters narrow it', () => {
		assert.deepEqual(offered(type(emptyInput, ['/']).input), ['/help', '/model [name]', '/quit']);
		assert.equal(offered(type(emptyInput, ['/mo']).input)?.[0], '/model [name]');
		assert.equal(offered(type(emptyInput, ['/exi']).input)?.[0], '/quit');
	});
	it('Enter runs a chosen command, but waits for words where it takes some', () => {
		assert.deepEqual(sent(type(emptyInput, ['/he', '<enter>']).effects), [{ kind: 'command', name: 'help', args: '' }]);
		const waiting = type(emptyInput, ['/mo', '<enter>']);
		assert.deepEqual(waiting.effects, []);
		assert.equal(text(waiting.input), '/model ');
		assert.deepEqual(sent(type(emptyInput, ['/model', '<enter>']).effects), [{ kind: 'command', name: 'model', args: '' }]);
	});
	it('@ lists what lies at the top, folders first and with a slash', () => {
		assert.deepEqual(offered(type(emptyInput, ['@']).input), ['src/', 'test/', 'my notes.md', 'README.md']);
	});
	it('letters find a file anywhere; Tab takes it, with a space behind', () => {
		const { input } = type(emptyInput, ['see @dra', '<tab>', 'and']);
		assert.equal(text(input), 'see @src/chat/draft.ts and');
	});
	it('a folder stays open for what is in it', () => {
		const { input } = type(emptyInput, ['@sr', '<tab>']);
		assert.equal(text(input), '@src/');
		assert.deepEqual(offered(input), ['src/chat/', 'src/loop.ts']);
	});
	it('a name with a space is quoted', () => assert.equal(text(type(emptyInput, ['@notes', '<tab>']).input), '@"my notes.md" '));
	it('Down chooses the next, Esc closes and does not open for the same word again', () => {
		assert.equal(text(type(emptyInput, ['@', '<down>', '<tab>']).input), '@test/');
		const closed = type(emptyInput, ['@', '<escape>', 'r']).input;
		assert.equal(offered(closed), undefined);
		assert.ok(offered(type(closed, [' @']).input));
	});
	it('Esc closes the popup and does not stop what runs', () =>
		assert.deepEqual(type(emptyInput, ['@', '<escape>'], { busy: true }).effects, []));
	it('an address opens no popup, nor does @ in a paste', () => {
		assert.equal(offered(type(emptyInput, ['ann@']).input), undefined);
		assert.equal(offered(type(emptyInput, [{ type: 'paste', text: '@' }]).input), undefined);
	});
	it('Enter behind a complete name sends', () => {
		assert.equal(sent(type(emptyInput, ['@README.md', '<enter>']).effects).length, 1);
	});
});

describe('other keys', () => {
	it('Ctrl-S puts the draft aside, and it comes back after the next message', () => {
		const { input } = type(emptyInput, ['long thought', '<stash>', 'quick', '<enter>']);
		assert.equal(text(input), 'long thought');
		assert.equal(text(type(emptyInput, ['a', '<stash>', '<stash>']).input), 'a');
	});
	it('Ctrl-X Ctrl-E opens the editor, Ctrl-E alone goes to the end', () => {
		const end: Action = { type: 'move', motion: 'line-end' };
		assert.deepEqual(names(type(emptyInput, ['<chord>', end]).effects), ['editor']);
		assert.deepEqual(names(type(emptyInput, ['<chord>', 'a', end]).effects), []);
	});
	it('? on an empty draft shows the keys, in a text it is a question mark', () => {
		assert.ok(type(emptyInput, ['?']).input.help);
		assert.ok(!type(emptyInput, ['?', 'a']).input.help);
		assert.equal(text(type(emptyInput, ['why', '?']).input), 'why?');
	});
	it('keys for the rest of the program are handed on', () => {
		for (const key of ['cycle-mode', 'detail', 'redraw', 'suspend', 'editor'])
			assert.deepEqual(names(type(emptyInput, [`<${key}>`]).effects), [key]);
	});
});

describe('picture', () => {
	const frame = { columns: 20, rows: 10, queued: ['one', 'two'], costs: new Map([['README.md', 1240]]) };
	const look = (keys: string[], over: Partial<typeof frame> = {}) => {
		const { input } = type(emptyInput, keys);
		return pictureOf(input, facts, { ...frame, ...over });
	};
	it('never takes more than half of the window', () => {
		for (const rows of [6, 10, 24, 50]) {
			for (const keys of [['?'], ['@'], ['/'], [...'abcdefgh'].flatMap(letter => [letter, '<newline>']), ['<stash>', '<interrupt>']]) {
				assert.ok(look(keys, { rows }).lines.length <= Math.max(3, rows / 2), `${rows} rows, ${keys.join('')}`);
			}
		}
	});
	it('no line is wider than 20 columns', () => {
		for (const keys of [
			['?'],
			['@'],
			['/'],
			['一二三四五六七八九十一二三四五'],
			['<interrupt>'],
			['<search>', 'abcdefghijklmnopqrstuvw'],
		]) {
			for (const line of look(keys).lines) assert.ok([...`${line.mark}${line.text}`].length <= 20, `${line.mark}${line.text}`);
		}
	});
	it('the cursor stands behind wide characters where it should', () => {
		assert.deepEqual(look(['漢字'], { queued: [] }).cursor, { row: 0, x: 6 });
		assert.deepEqual(look(['👩‍👩‍👧e\u0301'], { queued: [] }).cursor, { row: 0, x: 5 });
	});
	it('says what a file would cost, and how many messages wait', () => {
		const lines = look(['@READ'], { columns: 60, rows: 30 }).lines.map(line => line.mark + line.text);
		assert.ok(
			lines.some(line => /^› README\.md\s+about 1,240 tokens$/.test(line)),
			lines.join('\n'),
		);
		assert.deepEqual(lines.slice(0, 2), ['+ one', '+ two']);
	});
	it('a name that would turn the line round is written out', () => {
		const evil = { ...facts, names: { ...facts.names, files: ['a\u202egnp.sh'] } };
		const { lines } = pictureOf(type(emptyInput, ['@a']).input, evil, { ...frame, columns: 60, rows: 30 });
		assert.ok(lines.some(line => line.text.includes('<U+202E>')));
	});
});
