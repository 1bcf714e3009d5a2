import { answered, ask, hostile, type Place, type Row } from './row.js';

const id = '0b9de9c9-6d4c-4b36-9d2b-6a0f6f5f7a11';
const here = 'HERE/state/qwill/projects/work-ID';
const head = { type: 'conversation', version: 1, id, cwd: '/', model: 'm', mode: 'default', started: '2026-01-01T00:00:00.000Z' };
const asked = { type: 'asked', text: `${hostile}\nnot a line of its own`, material: '' };
/** A conversation of these lines. */
const journal =
	(...lines: readonly (object | string)[]) =>
	(place: Place) =>
		place.file(place.kept(`${id}.jsonl`), lines.map(line => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`)).join(''));
const title = '<U+001B>]0;owned<U+0007><U+001B>[31mred<U+009B>2J not a line of its own';

/** What qwill itself keeps, damaged. */
export const keptRows: readonly Row[] = [
	{
		name: 'the conversation asked for is rubbish',
		words: ask('-r', id),
		code: 42,
		says: `${here}/${id}.jsonl is not a conversation of qwill, or of a newer version; it was left as it is.`,
		prepare: journal('rubbish\n'),
	},
	{
		name: 'the only conversation is rubbish',
		words: ask('-c'),
		code: 42,
		says: 'There is no conversation in this folder to go on with. Start one with: qwill',
		prepare: journal('\0\0\0'),
	},
	{
		name: 'the conversation broke off',
		words: ask('-c'),
		code: 0,
		says: '',
		answers: answered,
		prepare: journal(head, asked, 'rubbish\n', '{"type":"as'),
	},
	{
		name: 'no such conversation, and one whose first words would act on a terminal',
		words: ask('-r', 'nope'),
		code: 42,
		says: `No conversation "nope" in this folder. The newest: 0b9de9c9 (${title}).`,
		prepare: journal(head, asked),
	},
	{
		name: 'a list with one whose first words would act on a terminal',
		words: ['sessions'],
		code: 0,
		says: '',
		answers: /^0b9de9c9 {2}\d{4}-\d\d-\d\d \d\d:\d\d {4}1 message {3}<U\+001B>\]0;owned<U\+0007>\S* not a line of its own\n$/,
		prepare: journal(head, asked, { type: 'summary', title: `${hostile} not a line of its own`, turns: 1 }),
	},
	{
		name: 'the saved rules are rubbish',
		words: ask(),
		code: 52,
		says: `The saved rules in ${here}/rules.json cannot be read. Correct or delete that file.`,
		prepare: place => place.file(place.kept('rules.json'), '{'),
	},
	{
		name: 'the undo data are rubbish',
		words: ['undo'],
		code: 0,
		says: 'There is nothing to undo.',
		prepare: place => place.file(place.kept('undo/log.jsonl'), 'rubbish\n{}\n'),
	},
	{
		name: 'a folder where the undo data should be',
		words: ['undo'],
		code: 1,
		says: `It is a folder, not a file while reading undo data from ${here}/undo/log.jsonl.`,
		prepare: place => place.folder(place.kept('undo/log.jsonl')),
	},
];
