import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Engine } from '../../src/engine/engine.js';
import { approach } from '../../src/jobs/route.js';
import { formatOf, withWords } from '../../src/jobs/translate/format.js';
import { oddlyLong } from '../../src/jobs/translate/judge.js';
import { differing, marked, unmarked } from '../../src/jobs/translate/pieces.js';
import { places } from '../../src/places.js';
import { say } from '../../src/prompts.js';
import { Refusal } from '../../src/types.js';
import { model, run, setting, textOf } from './scene.js';

before(() => {
	process.env.XDG_STATE_HOME = mkdtempSync(join(tmpdir(), 'qwill-translations-'));
});

const probes = say('jobs/translate#probes').split('\n');

/** There and back, for a language that it knows well. */
const known = (text: string): string | undefined => (probes.includes(text) ? `Zu ${text}` : probes.find(probe => text === `Zu ${probe}`));

/**
 * A model that says of a text what `answers` has for it, one after the other, and nothing of any other. The sentences that tell
 * whether it knows the language come from `probed`.
 */
function translator(answers: Readonly<Record<string, readonly string[]>>, probed = known): { engine: Engine; asked: string[] } {
	const asked: string[] = [];
	const left = new Map(Object.entries(answers).map(([text, all]) => [text, [...all]]));
	return {
		asked,
		engine: {
			...model(),
			// biome-ignore lint/correctness/useYield: it says nothing.
			async *reply(prompt) {
				const text = prompt.messages.at(-1)?.text.replace(/^.*\n\n/, '') ?? '';
				if (!known(text)) asked.push(text);
				const raw = probed(text) ?? left.get(text)?.shift();
				const message = { role: 'assistant', text: raw ?? '', stop: raw === undefined ? 'length' : 'end', raw: raw ?? '' } as const;
				return { message: { ...message, calls: [] }, usage: { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 } };
			},
		},
	};
}

type Said = { files: Record<string, string>; words: string; answers?: Record<string, readonly string[]>; probed?: typeof known };

async function translated({ files, words, answers = {}, probed }: Said) {
	const { engine, asked } = translator(answers, probed);
	const scene = await setting({ files, engine });
	const { events, ending } = await run(approach({ text: words, material: '' }, scene.work, new AbortController().signal));
	const after = (path: string) => (existsSync(join(scene.root, path)) ? readFileSync(join(scene.root, path), 'utf8') : undefined);
	return { after, ending, asked, said: textOf(events), verified: scene.asked.map(one => one.verified), work: scene.work, root: scene.root };
}

const readme = `---
title: Shop
---
# The shop

[![build](https://ci.example/badge.svg)](https://ci.example)

Run \`npm start\` to
open [the chat](docs/chat.md "Chat").

\`\`\`sh
npm install # not words
\`\`\`

> A quoted line
> that goes on.

1. First item
   goes on
   - [ ] nested item

     second paragraph

    indented words

| Name | What it *does* |
|------|:--------------:|
| \`a\` | opens the door |

<div align="center">
  raw html
</div>

    code by indent

Title below
===========

line one  
line two

[ref]: https://example.org
`;

const yaml = `# head
title: &t Hello there # said first
quoted: !!str "two words"
'single': 'it''s here'
block: |-
  first line

    indented line
folded: >+
  folded
  and on

  second paragraph

list: [ "one, two", yes, 12 ]
again: *t
secret: !vault two words
long: plain
  goes on
--- # second
end: next document
`;

describe('what a file says', () => {
	const words = async (path: string, text: string) => (await formatOf(path, 'de')!.format.segments(text, path)).map(one => one.words);

	test('in Markdown is paragraphs, headings, items and cells, each on one line', async () => {
		assert.deepEqual(await words('a.md', readme), [
			'The shop',
			'[![build](https://ci.example/badge.svg)](https://ci.example)',
			'Run `npm start` to open [the chat](docs/chat.md "Chat").',
			'A quoted line that goes on.',
			'First item goes on',
			'nested item',
			'second paragraph',
			'indented words',
			'Name',
			'What it *does*',
			'`a`',
			'opens the door',
			'Title below',
			'line one  \nline two',
		]);
	});

	test('in the other formats is values', async () => {
		assert.deepEqual(await words('a.json', '{"a": "x \\"y\\"", "b": ["c", 1, {"d": ""}]}'), ['x "y"', 'c', '']);
		assert.deepEqual(await words('a.properties', '# no\na.b = x \\\n   y\nc:\\u00e9\\n!\n\n! no\nd e\n'), ['x y', 'é\n!', 'e']);
		const po = 'msgid ""\nmsgstr "Language: de\\n"\n\nmsgid "a"\nmsgstr "b"\n\nmsgid ""\n"c "\n"d"\nmsgstr ""\n';
		assert.deepEqual(await words('a.po', po), ['c d']);
	});

	test('in YAML is values of every style; keys, tags, anchors, comments and what is no text stay', async () => {
		assert.deepEqual(await words('a.yml', yaml), [
			'Hello there',
			'two words',
			"it's here",
			'first line',
			'indented line',
			'folded and on',
			'second paragraph',
			'one, two',
			'plain goes on',
			'next document',
		]);
	});

	test('in YAML is read as it was put there, whatever the words are and wherever they stand', async () => {
		const text = 'a: plain words # c\nb: \'single words\'\nc: "double words"\nd: [flow words, {e: more words}]\n- x: no\n'.replace(
			'- x',
			'x',
		);
		const { format } = formatOf('a.yml', 'de')!;
		const segments = await format.segments(text, 'a.yml');
		assert.equal(segments.length, 5);
		const special = fc.constantFrom(
			'no',
			'null',
			'1e3',
			'- a',
			'? b',
			'a: b',
			'a #b',
			'#c',
			', ',
			'}',
			']',
			'&x y',
			'*x',
			'!t z',
			'%d',
			'@a',
			'`',
			'"',
			"'",
			'|',
			'>',
			'\\',
			'~',
			'---',
			':',
			'=',
			'<<',
			'2001-01-01',
			'\n',
			'\t',
			'ä',
		);
		await fc.assert(
			fc.asyncProperty(fc.array(fc.oneof(special, fc.string()), { minLength: 1, maxLength: 4 }), async parts => {
				const words = parts.join(' ').trim();
				const said = withWords(
					text,
					segments,
					segments.map(() => words),
				);
				assert.equal(await format.skeleton(said, 'a.yml'), await format.skeleton(text, 'a.yml'), said);
				assert.deepEqual(parse(said), { a: words, b: words, c: words, d: [words, { e: words }], x: 'no' });
			}),
			{ seed: 7, numRuns: 300 },
		);
	});

	test('put back as it was is the file to the byte; put back in other words is nothing but those', async () => {
		const files = {
			'a.md': readme,
			'a.json': '{ "a": "caf\\u00e9 \\/ x",\n\t"b": ["c", 1] }',
			'a.properties': '# c\na = x \\\n   y\n',
			'a.yml': yaml,
		};
		for (const [path, text] of Object.entries(files)) {
			const { format } = formatOf(path, 'de')!;
			const segments = await format.segments(text, path);
			assert.ok(segments.length > 0);
			assert.equal(
				withWords(
					text,
					segments,
					segments.map(one => one.words),
				),
				text,
			);
			const other = withWords(
				text,
				segments,
				segments.map(one => one.words.replace(/^(?=\w)/, 'Zu ')),
			);
			assert.notEqual(other, text);
			assert.equal(await format.skeleton(other, path), await format.skeleton(text, path), path);
		}
	});

	test('goes beside the file, named as its format wants it', () => {
		const target = (path: string, tag = 'de') => formatOf(path, tag)?.target;
		assert.equal(target('a/README.md'), 'a/README.de.md');
		assert.equal(target('locales/en.json', 'pt-BR'), 'locales/pt-BR.json');
		assert.equal(target('texts.json'), 'texts.de.json');
		assert.equal(target('x.properties', 'pt-BR'), 'x_pt_BR.properties');
		assert.equal(target('messages.po'), 'messages.po');
		assert.equal(target('a.rb'), undefined);
	});
});

describe('what stays', () => {
	test('has a mark each and comes back in its place, in any order', () => {
		const text = `Hi {name}, see [it](a(b).md "T") or \`x\` at https://a.example/b. <b>%(n)d</b> of %1$s $\{x}7 {{y}} me@a.example in src/a.ts X1 --all`;
		const { shown, pieces } = marked(text);
		assert.equal(shown, 'Hi X1, see [it](X2) or X3 at X4. X5X6X7 of X8 X9 X10 X11 in X12 X13 X14');
		assert.deepEqual(unmarked(shown, pieces), { text });
		assert.deepEqual(unmarked('X2 X1', pieces.slice(0, 2)), { text: `${pieces[1]!.text} {name}` });
	});

	test('is missed when it is lost, doubled or made up, numbers too', () => {
		const { pieces } = marked('`a` and {b}');
		assert.deepEqual(unmarked('X1', pieces), { why: 'a placeholder was lost' });
		assert.deepEqual(unmarked('X1 X2 X1', pieces), { why: 'a piece of code was doubled' });
		assert.deepEqual(unmarked('X1 X2 X3', pieces), { why: 'something was made up' });
		assert.equal(differing('It has 12 files', 'Es hat 21 Dateien'), 'a number was lost');
		assert.equal(differing('It is', 'Es ist https://evil.example'), 'a URL was made up');
		assert.equal(differing('It needs Node 20', 'Es braucht Node.js 20'), undefined);
		assert.equal(differing('It needs it', 'Es braucht index.js'), 'a name was made up');
		assert.equal(differing('12 of `a`', '`a`: 12'), undefined);
	});
});

describe('translate', () => {
	const files = { 'a.md': '# The shop\n\nHello {name}, welcome to the shop.\n' };
	const good = { 'The shop': ['Der Laden'], 'Hello X1, welcome to the shop.': ['Hallo X1, willkommen im Laden.'] };

	test('writes the file beside it after a yes, and says what is proven', async () => {
		const { after, ending, said, verified } = await translated({ files, words: '/translate de a.md', answers: good });
		assert.deepEqual(ending, { reason: 'answered' });
		assert.equal(after('a.de.md'), '# Der Laden\n\nHallo {name}, willkommen im Laden.\n');
		assert.equal(after('a.md'), files['a.md']);
		assert.deepEqual(verified, ['1 placeholder intact, the file is built as before']);
		assert.equal(
			said,
			"a.de.md: 2 of 2 segments translated; 1 placeholder intact, the file is built as before. The words are the model's.",
		);
	});

	test('takes another try, then the parts between the marks, where something was lost', async () => {
		const answers = {
			'The shop': ['Translation: Der Laden', 'Der Laden\n\nI hope this helps.', '"Der Laden"'],
			'Hello X1, welcome to the shop.': ['Hallo.', 'X1 X1 im Laden', 'Hallo X1 X2'],
			Hello: ['Hallo'],
			'welcome to the shop': ['willkommen im Laden'],
		};
		const { after, ending } = await translated({ files, words: '/translate de a.md', answers });
		assert.deepEqual(ending, { reason: 'answered' });
		assert.equal(after('a.de.md'), '# Der Laden\n\nHallo {name}, willkommen im Laden.\n');
	});

	test('leaves as it was what never holds, and says where and why', async () => {
		const lines = ['Hello {name}, bye', 'See [it](a.md) now', 'It has 12 old files', 'All of it is the same', 'Write to us'];
		const answers = {
			'Hello X1, bye': ['Hallo', 'Hallo', 'Hallo'],
			'See [it](X1) now': ['[es](X1) [es](X1)', '[es](X1) [es](X1)', '[es](X1) [es](X1)'],
			'It has 12 old files': ['Es hat 21 alte Dateien', 'Es hat alte Dateien', 'Es hat 13 alte Dateien'],
			'All of it is the same': ['All of it is the same.', 'All of it is the same', 'all of it is the same'],
			'Write to us': ['Schreibt uns'],
		};
		const { after, said } = await translated({ files: { 'a.md': `${lines.join('\n\n')}\n` }, words: '/translate de a.md', answers });
		assert.equal(after('a.de.md'), `${[...lines.slice(0, 4), 'Schreibt uns'].join('\n\n')}\n`);
		assert.match(
			said,
			/^a\.de\.md: 1 of 5 segments translated, 4 left as they were \(line 1: a placeholder was lost, line 3: a link was doubled, line 5: a number was lost, line 7: it came back as it was\)/,
		);
	});

	test('takes a long text sentence by sentence', async () => {
		const first = `Hello {name}, here ${'and there '.repeat(30)}it is.`;
		const answers = { [first.replace('{name}', 'X1')]: ['Hallo X1, hier ist er.'], 'Read X1.': ['Lies X1.'] };
		const { after, asked } = await translated({ files: { 'a.md': `${first} Read \`a. b\`.\n` }, words: '/translate de a.md', answers });
		assert.equal(after('a.de.md'), 'Hallo {name}, hier ist er. Lies `a. b`.\n');
		assert.equal(asked.length, 2);
	});

	test('does not cut at a sentence what stays', async () => {
		const text = 'Read `a. B` now. It is good.';
		const answers = {
			'Read X1 now. It is good.': ['Lies X1 jetzt. Es ist gut.'],
			'Read X1 now.': ['Lies X1 jetzt.'],
			'It is good.': ['Es ist gut.'],
		};
		const { after, ending } = await translated({ files: { 'a.md': `${text}\n` }, words: '/translate de a.md', answers });
		assert.deepEqual(ending, { reason: 'answered' });
		assert.equal(after('a.de.md'), 'Lies `a. B` jetzt. Es ist gut.\n');
	});

	test('a value that would be more than a value stays one', async () => {
		const answers = { 'Save "it"': ['"Sichern","admin":"yes"'] };
		const text = '{\n  "save": "Save \\"it\\"",\n  "n": 1\n}\n';
		const { after } = await translated({ files: { 'en.json': text }, words: '/translate de en.json', answers });
		assert.deepEqual(JSON.parse(after('de.json') ?? ''), { save: '"Sichern","admin":"yes"', n: 1 });
	});

	test('a tag goes around words as before: not closed before it is opened, and no blanks inside of it', async () => {
		const answers = { 'X1You openX2 it': ['X2Sie X1 öffnen es', 'X1 Sie öffnen X2 es'] };
		const { after, asked } = await translated({
			files: { 'en.json': '{"a": "<b>You open</b> it"}' },
			words: '/translate de en.json',
			answers,
		});
		assert.equal(after('de.json'), '{"a": "<b>Sie öffnen</b> es"}\n');
		assert.equal(asked.length, 2);
	});

	test('in YAML is quoted where its plain words would be something else', async () => {
		const text = 'a: Not now # yes\nb: &x Read this\nc: "Say it"\nd: *x\ne: >-\n  It is\n  long\nf: [Go on, Stop it]\n';
		const answers = {
			'Not now': ['no'],
			'Read this': ['Merke: lies das'],
			'Say it': ['Sag es'],
			'It is long': ['Es ist lang # so'],
			'Go on': ['Weiter, los'],
			'Stop it': ['Halt an'],
		};
		const { after, said } = await translated({ files: { 'en.yaml': text }, words: '/translate nb en.yaml', answers });
		assert.match(said, /5 of 6 segments translated, 1 left as it was \(line 2: no translation was written\)/);
		assert.equal(
			after('nb.yaml'),
			'a: "no" # yes\nb: &x Read this\nc: "Sag es"\nd: *x\ne: >-\n  Es ist lang # so\nf: ["Weiter, los", Halt an]\n',
		);
	});

	const counted = 'msgid "one file"\nmsgid_plural "%d files"\nmsgstr[0] ""\nmsgstr[1] ""\n';

	test('leaves what only a program reads', async () => {
		const text = '{ "icon": "home_outline", "go": "errors.not_found", "on": "onClick", "say": "Yes/No" }';
		const { asked } = await translated({ files: { 'en.json': text }, words: '/translate de en.json' });
		assert.deepEqual([...new Set(asked)], ['Yes/No']);
	});

	test('fills the empty msgstr, and the plural in the forms that the head of the file tells', async () => {
		const rule = '(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)';
		const po = `msgid ""\nmsgstr ""\n"Language: ru\\n"\n"Plural-Forms: nplurals=3; plural=${rule};\\n"\n\nmsgid "Open %s"\nmsgstr ""\n\n${counted}`;
		const answers = { 'Open X1': ['Открыть X1'], '21 files': ['21 файл'], '2 files': ['два файла', '2 файла'], '5 files': ['5 файлов'] };
		const { after, said } = await translated({ files: { 'm.po': po }, words: '/translate ru m.po', answers });
		assert.equal(
			after('m.po'),
			po
				.replace('%s"\nmsgstr ""', '%s"\nmsgstr "Открыть %s"')
				.replace('[0] ""\nmsgstr[1] ""', '[0] "%d файл"\nmsgstr[1] "%d файла"\nmsgstr[2] "%d файлов"'),
		);
		assert.match(said, /4 of 4 segments translated/);
		await assert.rejects(translated({ files: { 'm.po': po }, words: '/translate de m.po' }), /m\.po is in "ru" by its head/);
	});

	test('fills a plural whole or not at all, and not where nobody can tell its forms', async () => {
		const answers = { 'one file': ['eine Datei'], '2 files': ['zwei Dateien', '2 Dateien'] };
		const whole = await translated({ files: { 'm.po': counted }, words: '/translate de m.po', answers });
		assert.equal(whole.after('m.po'), counted.replace('[0] ""', '[0] "eine Datei"').replace('[1] ""', '[1] "%d Dateien"'));
		const half = await translated({
			files: { 'm.po': `${counted}\nmsgid "Open"\nmsgstr ""\n` },
			words: '/translate de m.po',
			answers: { 'one file': ['eine Datei'], Open: ['Open'] },
		});
		assert.equal(half.after('m.po'), `${counted}\nmsgid "Open"\nmsgstr "Open"\n`);
		assert.match(half.said, /1 of 3 segments translated, 2 left as they were \(line 3: another form of it could not be said, line 4: /);
		const other = await translated({ files: { 'm.po': counted }, words: '/translate ru m.po' });
		assert.equal(other.after('m.po'), counted);
		assert.match(other.said, /line 3: its plural forms are not told by Plural-Forms in the head/);
	});

	test('says what the glossary says, in any form of the word; what will not is put there, and a term alone stays', async () => {
		const glossary = '# for the shop\ncart = Warenkorb\ncheckout = Kasse\nAcme Shop\n';
		const text = 'Open the cart\n\nGo to checkout in {n} carts\n\nWelcome to Acme Shop\n\nAcme Shop\n\nRun `cart` now\n';
		const answers = {
			'Open the cart': ['Öffne den Wagen', 'Öffne des Warenkorbs'],
			'Go to checkout in X1 carts': ['Geh zur Kassa in X1 Wagen', 'Geh zu X1', 'Geh'],
			'Go to X1 in X2 carts': ['Geh zur X1 in X2 Wagen'],
			'Welcome to X1': ['Willkommen im Acme', 'Willkommen bei X1'],
			'Run X1 now': ['Starte X1'],
		};
		const { after, said, asked } = await translated({
			files: { 'a.md': text, 'terms.txt': glossary },
			words: '/translate --to de --glossary terms.txt a.md',
			answers,
		});
		assert.equal(
			after('a.de.md'),
			'Öffne des Warenkorbs\n\nGeh zur Kasse in {n} Wagen\n\nWillkommen bei Acme Shop\n\nAcme Shop\n\nStarte `cart`\n',
		);
		assert.match(said, /4 of 4 segments translated; 1 placeholder, 1 piece of code, 3 terms of the glossary intact/);
		assert.ok(!asked.includes('Acme Shop'));
	});

	test('remembers what was translated, for this person only, and asks the model nothing the next time', async () => {
		const { work, root, asked } = await translated({ files, words: '/translate de a.md', answers: good });
		assert.equal(asked.length, 2);
		const again = await run(approach({ text: '/translate de a.md', material: '' }, work, new AbortController().signal));
		assert.deepEqual(again.ending, { reason: 'answered' });
		assert.equal(asked.length, 2);
		assert.equal(statSync(join(places.project(root), 'translations.jsonl')).mode & 0o777, 0o600);
		const other = await run(approach({ text: '/translate fr a.md', material: '' }, work, new AbortController().signal));
		assert.equal(other.ending.reason, 'checks-failed');
		assert.ok(asked.length > 2);
	});

	test('says that a language is unreliable where little comes back of what went there, and asks for it once', async () => {
		let times = 0;
		const probed = (text: string) => {
			if (!known(text)) return undefined;
			times++;
			return text.startsWith('Zu ') ? 'The old man is here, please look.' : `Zu ${text}`;
		};
		const { said, work } = await translated({ files, words: '/translate --to de a.md', answers: good, probed });
		assert.match(said, /German is unreliable with this model: of 20 English words that it took there and back 1 came back\. Have someone/);
		assert.equal(times, 8);
		const again = await run(approach({ text: '/translate --to de a.md', material: '' }, work, new AbortController().signal));
		assert.match(textOf(again.events), /German is unreliable/);
		assert.equal(times, 8);
		const other = await translated({ files, words: '/translate --to de a.md', answers: good });
		assert.doesNotMatch(other.said, /unreliable/);
	});

	test('does not hold it against a language that the model fell silent', async () => {
		const { engine } = translator(good);
		const reply: Engine['reply'] = async function* (prompt, signal) {
			const { message, usage } = yield* engine.reply(prompt, signal);
			return { message, usage, failure: { reason: 'engine-lost', detail: 'it is gone' } };
		};
		const { work } = await setting({ files, engine: { ...engine, reply } });
		const ask = async () =>
			textOf((await run(approach({ text: '/translate --to de a.md', material: '' }, work, new AbortController().signal))).events);
		assert.doesNotMatch(await ask(), /unreliable/);
		work.agent.engine.reply = engine.reply;
		assert.doesNotMatch(await ask(), /unreliable/);
	});

	test('takes no letters that the language does not have, and no sentence without its own', async () => {
		const answers = {
			'The shop': ['Лавка 商店', 'Магазин Acme'],
			'Hello X1, welcome to the shop.': ['Hallo X1, willkommen im Laden.', 'Здравствуйте X1, добро пожаловать.'],
		};
		const { after } = await translated({ files, words: '/translate --to ru a.md', answers });
		assert.equal(after('a.ru.md'), '# Магазин Acme\n\nЗдравствуйте {name}, добро пожаловать.\n');
	});

	test('names what takes much more or less room than before', () => {
		assert.ok(!oddlyLong('Save', 'Speichern unter'));
		assert.ok(oddlyLong('Save', 'Klicken Sie hier zum Speichern'));
		assert.ok(!oddlyLong('The file could not be opened', 'ファイルを開けません'));
		assert.ok(oddlyLong('The file could not be opened', 'Nein'));
	});

	test('stops when it is told to, and keeps what it has', async () => {
		const { engine, asked } = translator(good);
		const { work, root } = await setting({ files, engine });
		const stop = new AbortController();
		const { ending } = await run(approach({ text: '/translate de a.md', material: '' }, work, stop.signal), event => {
			if (event.type === 'candidate' && event.state === 'verified') stop.abort();
		});
		assert.deepEqual(ending, { reason: 'interrupted' });
		assert.deepEqual(asked, ['The shop']);
		assert.match(readFileSync(join(places.project(root), 'translations.jsonl'), 'utf8'), /Der Laden/);
		assert.ok(!existsSync(join(root, 'a.de.md')));
	});

	test('is refused, or fails, with a sentence', async () => {
		const cases = {
			...files,
			'a.py': '',
			'bad.json': '{',
			'bad.yml': 'a: [',
			'bad.txt': 'a = b\n= c\n',
			'twice.txt': 'cart = Korb\nCart = Wagen\n',
			'de.json': '{}',
		};
		for (const [words, says] of [
			['/translate', /takes a language and files/],
			['/translate de', /takes a language and files/],
			['/translate no-such_tag! a.md', /the tag of no known language/],
			['/translate --to de', /takes a language and files/],
			['/translate --from en --to de a.md', /has --to LANG and --glossary FILE, and no --from/],
			['/translate --to de --glossary bad.txt a.md', /bad\.txt, line 2: a glossary has lines such as/],
			['/translate --to de --glossary twice.txt a.md', /twice\.txt, line 2: "Cart" has another translation above/],
			['/translate xq a.md', /the tag of no known language/],
			['/translate de a.rb', /a\.rb is none of them/],
			['/translate de bad.json', /bad\.json is not JSON/],
			['/translate de bad.yml', /bad\.yml is not YAML/],
			['/translate de de.json', /is in German already/],
			['/translate de none.md', /none\.md/],
		] as const)
			await assert.rejects(
				translated({ files: cases, words }),
				(error: Refusal) => error instanceof Refusal && says.test(error.message),
				words,
			);
		const { ending, after } = await translated({ files, words: '/translate de a.md' });
		assert.equal(ending.reason, 'checks-failed');
		assert.equal(after('a.de.md'), undefined);
	});
});

describe('what code says to people', () => {
	const words = async (path: string, text: string) => (await formatOf(path, 'de')!.format.segments(text, path)).map(one => one.words);

	// biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is the code that is read.
	test('is sentences in strings, and nothing that a program reads', async () => {
		const python = [
			'"""What the module does."""',
			'import logging',
			'log = logging.getLogger("my own logger")',
			'query = "SELECT name FROM users WHERE id = ?"',
			'if answer == "yes of course": pass',
			'names = {"first name": "Your first name"}',
			'print("Saved.", f"Hello {name}, you have {n:d} messages\\n", r"raw words here", "%Y-%m-%d %H:%M")',
			'raise ValueError("no such file: " + path)',
		].join('\n');
		assert.deepEqual(await words('a.py', python), [
			'Your first name',
			'Saved.',
			'Hello {name}, you have {n:d} messages\n',
			'no such file: ',
		]);
		const script = [
			"'use strict';",
			"import x from './two words.js';",
			"switch (a) { case 'two words': break; }",
			"if (b === 'not for people') c('It\\'s done', `Hi ${d.e}!  All fine`, 'text/html; charset=utf-8', '\\x1b[31mred words');",
			"row.querySelector('li a'); const f = { 'a key': 'A value here' };",
		].join('\n');
		assert.deepEqual(await words('a.ts', script), ["It's done", 'Hi ${d.e}!  All fine', '\\x1b[31mred words', 'A value here']);
		const jsx = 'const a = <p className="btn large" title="Say it">Hello <b>you</b> {name}</p>;\n';
		assert.deepEqual(await words('a.tsx', jsx), ['Say it', 'Hello', 'you']);
		assert.deepEqual(await words('a.go', 'package a\n\nvar x = "no such \\"file\\""\nvar y = `raw words`\n'), ['no such "file"']);
		assert.deepEqual(await words('A.java', 'class A { @X("an annotation here") String x = "Not found here"; }'), ['Not found here']);
		assert.deepEqual(await words('a.rs', 'fn main() { println!("Hi {} you\\n", 1); }\n'), ['Hi {} you\n']);
	});

	test('is written into the file, and the code stays', async () => {
		const text = 'def hello(name):\n    """Greets."""\n    return f"Hello {name[\'x\']}, \\"you\\" there"\n\n\nlost = "Not found here"\n';
		const { after, verified, said } = await translated({
			files: { 'a.py': text },
			words: '/translate de a.py',
			answers: { 'Hello X1, "you" there': ['Hallo X1, "du" da'], 'Not found here': ["Hier ist's \\ leer"] },
		});
		assert.equal(
			after('a.py'),
			'def hello(name):\n    """Greets."""\n    return f"Hallo {name[\'x\']}, \\"du\\" da"\n\n\nlost = "Hier ist\'s \\\\ leer"\n',
			said,
		);
		assert.equal(verified.length, 1);
	});

	test('whatever is said there, nothing but words changes', async () => {
		const files = {
			'a.py': 'x = "some words here"\ny = f"some {words} here"\nz = """some\nwords"""\n',
			'a.ts': "const x = 'some words here';\nconst y = `some ${words} here`;\n",
			'a.tsx': 'const x = <p title="some words here">some words</p>;\n',
			'a.go': 'package a\n\nvar x = "some words here"\n',
			'a.rs': 'fn main() { println!("some words here"); }\n',
		};
		const special = fc.constantFrom('"', "'", '`', '\\', '\n', '{', '}', '${', '<', '>', '</p>', '*/', '"""', '\t', '%d', '&', 'ä', '中');
		for (const [path, text] of Object.entries(files)) {
			const { format } = formatOf(path, 'de')!;
			const segments = await format.segments(text, path);
			assert.ok(segments.length > 0, path);
			const skeleton = await format.skeleton(text, path);
			const number = (source: string) => source.split('\n').length;
			await fc.assert(
				fc.asyncProperty(fc.array(fc.oneof(special, fc.string()), { minLength: 1, maxLength: 4 }), async parts => {
					const said = withWords(
						text,
						segments,
						segments.map(() => `some ${parts.join(' ')} words`),
					);
					// Where the file is the same but for its words, it has as many of them, at the same places.
					if ((await format.skeleton(said, path)) !== skeleton) return;
					assert.equal((await format.segments(said, path)).length, segments.length, said);
					if (path !== 'a.py' && path !== 'a.tsx') assert.equal(number(said), number(text));
				}),
				{ seed: 7, numRuns: 60 },
			);
		}
	});
	// biome-ignore-end lint/suspicious/noTemplateCurlyInString: it is the code that is read.
});
