import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shuffled } from '../random.js';
import { instructions } from './exercism.js';

/** Files for people to read, made of the instructions of other suites and of the project's own README. */
export type Document = { name: string; path: string; text: string };

const checkout = join(import.meta.dirname, '..', '..', '..');
/** Characters of a page at the most, and texts of a table. */
const longest = 700;
const texts = 8;
/** Documents of each kind; they are the same whatever the program's seed is. */
const counts = { md: 10, readme: 2, json: 3, po: 3, properties: 2 };
const choosingSeed = 20_240_601;

/** 20 documents in mixed order: 12 pages of Markdown, and tables of texts as JSON, gettext and Java properties. */
export function documents(data: string): Document[] {
	const all = shuffled(instructions(data), choosingSeed);
	const pages = all
		.map(({ id, text }) => ({ id, text: beginning(text) }))
		.filter(({ text }, index, others) => isRich(text) && others.findIndex(one => one.text === text) === index);
	const sections = readFileSync(join(checkout, 'README.md'), 'utf8')
		.split(/^(?=## )/m)
		.slice(1)
		.map(beginning)
		.filter(text => text.length > 200);
	const sentences = [...new Set(all.flatMap(({ text }) => sentencesOf(text)))];
	const tables = (['json', 'po', 'properties'] as const).flatMap(kind =>
		Array.from({ length: counts[kind] }, () => ({ kind, own: sentences.splice(0, texts) })),
	);
	return shuffled(
		[
			...pages.slice(0, counts.md).map(({ id, text }) => ({ name: id, path: 'README.md', text })),
			...shuffled(sections, choosingSeed)
				.slice(0, counts.readme)
				.map((text, index) => ({ name: `own README ${index + 1}`, path: 'README.md', text })),
			...tables.map(({ kind, own }, index) => ({ name: `${kind} ${index + 1}`, path: `texts.${kind}`, text: table[kind](own) })),
		],
		choosingSeed,
	);
}

/** The first blocks of a page; a block of code is not cut. */
function beginning(text: string): string {
	const blocks = text.trim().split(/\n\n(?=(?:(?!^```)[\s\S])*(?:^```[\s\S]*?^```(?:(?!^```)[\s\S])*)*$)/m);
	let whole = '';
	for (const block of blocks) {
		if (whole !== '' && whole.length + block.length > longest) break;
		whole += `${whole === '' ? '' : '\n\n'}${block}`;
	}
	return `${whole}\n`;
}

/** A page with something in it that has to stay. */
const isRich = (text: string): boolean =>
	text.length > 300 && text.length < 1.5 * longest && /`|\]\(|^\s*[-*|]|\d/m.test(text.replace(/^#.*$/gm, ''));

/** Plain sentences of a page. */
const sentencesOf = (text: string): string[] =>
	text
		.replace(/^```[\s\S]*?^```/gm, '')
		.split('\n')
		.flatMap(line => [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(line)].map(({ segment }) => segment.trim()))
		.filter(one => /^[A-Z][A-Za-z ,'-]{20,90}\.$/.test(one));

const open = (sentence: string, index: number, [one, two]: readonly [string, string]): string =>
	[sentence, sentence.replace(/\.$/, ` (${one}).`), sentence.replace(/^(\w+ \w+)/, '<b>$1</b>'), `${two} – ${sentence}`][index % 4]!;

const key = (sentence: string): string =>
	sentence
		.toLowerCase()
		.match(/[a-z]+/g)!
		.slice(0, 3)
		.join('.');

const table = {
	json(all: readonly string[]): string {
		const said = all.map((sentence, index) => open(sentence, index, ['{name}', '{{count}}']));
		const [title = '', help = '', ...rest] = said;
		return `${JSON.stringify({ version: 3, title, dialog: { help, steps: rest.slice(0, 3), wide: true }, errors: Object.fromEntries(rest.slice(3).map((text, index) => [`e${index + 1}`, text])) }, undefined, 2)}\n`;
	},
	po(all: readonly string[]): string {
		const head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n';
		const entries = all.map(
			(sentence, index) => `#: src/app.c:${index * 7 + 3}\nmsgid ${JSON.stringify(open(sentence, index, ['%s', '%d']))}\nmsgstr ""\n`,
		);
		return [head, ...entries].join('\n');
	},
	properties(all: readonly string[]): string {
		const entries = all.map((sentence, index) => `${key(sentence)}${index + 1} = ${open(sentence, index, ['{0}', '{1}'])}\n`);
		return `# Texts of the program\n${entries.join('')}`;
	},
} as const;
