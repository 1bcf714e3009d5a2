import { symlinkSync } from 'node:fs';
import { answered, ask, hostile, type Place, type Row, script } from './row.js';

const fine = (name: string, says: string | RegExp, prepare: (place: Place) => void, words = ask('--trust')): Row => ({
	name,
	words,
	code: 0,
	says,
	answers: answered,
	prepare,
});
const instructions = (content: string | Uint8Array) => (place: Place) => place.file(place.at('work/AGENTS.md'), content);
const command = (text: string) => (place: Place) => place.file(place.at('config/qwill/commands/git/review.md'), text);
const slash = (text: string): string[] => ['-m', script, '-p', text];
const how = 'Inert until you trust them: --trust, or /trust in the chat';

export const guidanceRows: readonly Row[] = [
	fine(
		'AGENTS.md that is not trusted',
		`This folder has instructions (AGENTS.md, about 3 tokens). ${how}`,
		instructions('Use tabs ok'),
		ask(),
	),
	fine('AGENTS.md, trusted', '', instructions('Use tabs.')),
	fine('AGENTS.md, --bare', '', instructions('Use tabs.'), ask('--bare')),
	fine('AGENTS.md is binary', 'AGENTS.md is not used: AGENTS.md is binary, 3 bytes; qwill reads text only.', instructions('a\0b')),
	fine('AGENTS.md is a folder', 'AGENTS.md is not used: AGENTS.md is a folder, not a file.', place =>
		place.folder(place.at('work/AGENTS.md')),
	),
	fine('AGENTS.md is a pipe', 'AGENTS.md is not used: AGENTS.md is not a regular file but a pipe; it is not opened.', place =>
		place.tool('mkfifo', 'AGENTS.md'),
	),
	fine(
		'AGENTS.md is a link that leads outside',
		'AGENTS.md is not used: AGENTS.md is a link that leads outside the workspace; only files inside this folder can be used.',
		place => symlinkSync('/etc/passwd', place.at('work/AGENTS.md')),
	),
	fine(
		'AGENTS.md imports what is not its own',
		'@../x.md in AGENTS.md leads outside this project, or is private; it is left out.',
		place => {
			place.file(place.at('x.md'), 'x');
			instructions('@../x.md')(place);
		},
	),
	fine(
		'AGENTS.md is more than a small model takes',
		/^Instructions: AGENTS\.md up to line \d+, \d+ of [\d,]+ tokens; this model has no room for more\.\n$/,
		instructions('Use tabs.\n'.repeat(1000)),
	),
	fine('AGENTS.md would act on a terminal', '', instructions(hostile)),
	fine('a command of your own', '', command('Review.'), slash('/git:review now')),
	fine('a slash behind a space', '', () => {}, slash(' /git:review')),
	fine('a path is no command', '', () => {}, slash('/etc/hosts: what is this?')),
	{
		name: 'a command that is not there',
		words: slash('/git:reviwe'),
		prepare: command('Review.'),
		code: 42,
		says: 'There is no command /git:reviwe of yours here. Did you mean /git:review? With a space before it, it is text.',
	},
	{
		name: 'a command of the chat',
		words: slash('/clear'),
		code: 42,
		says: 'There is no command /clear of yours here. Those of the chat work there alone. With a space before it, it is text.',
	},
	{
		name: 'a command of a project that is not trusted',
		words: slash('/deploy'),
		prepare: place => place.file(place.at('work/.qwill/commands/deploy.md'), 'Deploy.'),
		code: 42,
		says: `This folder has commands (.qwill/commands). ${how}\nThere is no command /deploy of yours here. Those of the chat work there alone. With a space before it, it is text.`,
	},
	{
		name: 'a command that runs a program',
		words: slash('/git:review'),
		prepare: command('Review !{git diff}.'),
		code: 42,
		says: '/git:review runs a program with !{…}, which qwill does not do. Take that out of its file.',
	},
];
