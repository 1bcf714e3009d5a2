/** What brings a text that would act on a terminal before a person: where it stands, and what a model says to have it shown. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Attack, attacks } from './attacks.js';
import { bash, journalsIn, type Made, qwill, scriptOf, type World } from './play.js';

export type Text = { at: number; attack: Attack; input: string };

/** Every text of the corpus but the one that is long only, which the row of approvals has. */
export const texts: readonly Text[] = attacks('terminal')
	.filter(({ class: one }) => one !== 'approval')
	.map((attack, at) => ({ at, attack, input: String(attack.input) }));

export const marked = (at: number, form: string): string => `begin${at}=${form}=end${at}=`;
/** Whatever stands between the marks of a text, wherever it was shown. */
export const allBetween = (shown: string, at: number): string[] =>
	[...shown.matchAll(new RegExp(`begin${at}=([^]*?)=end${at}=`, 'g'))].map(([, found]) => found ?? '');

export type Carrier = {
	/** A text in the form in which it can stand there; undefined where it cannot. */
	form(input: string): string | undefined;
	/** Puts the marked texts there, and gives the replies of a model that looks at them. */
	plant(world: World, all: readonly string[]): string[];
	/** Commands of a person that show them too, run after the replies. */
	verbs?(all: readonly string[]): string[][];
	/** Hidden characters are written out there: a name, or what somebody is asked about. */
	exact?: true;
	/** Its ordinary texts come unchanged: everywhere, or only in the chat. */
	unchanged?: 'everywhere' | 'in chat';
	/** Only the chat shows it. */
	chatOnly?: true;
	flags?: readonly string[];
	/** The conversation is there already. */
	kept?: true;
};

/** Lines that the chat draws of a result without being asked for more. */
const linesShown = 5;

/** Texts that together have no more lines than a result shows. */
function together(all: readonly string[]): string[][] {
	const groups: string[][] = [];
	let room = 0;
	for (const text of all) {
		const lines = text.split(/[\n\u2028\u2029]/).length;
		if (room < lines) {
			groups.push([]);
			room = linesShown;
		}
		groups.at(-1)!.push(text);
		room -= lines;
	}
	return groups;
}

const noNul = (input: string): string | undefined => (input.includes('\0') ? undefined : input.toWellFormed());
const oneLine = (input: string): string | undefined => noNul(input)?.replace(/\r?\n/g, ' ');
/** File systems take 255 bytes, and no slash. */
const asName = (input: string): string | undefined => noNul(input)?.replaceAll('/', '|').slice(0, 60);
/** git-check-ref-format(1). */
const asRef = (input: string): string | undefined =>
	/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\.lock|\.$/.test(input) ? undefined : input.toWellFormed();

const done = 'Seen.\n';
const shownBy = (calls: Parameters<typeof scriptOf>[0]): string[] => [...scriptOf(calls), done];

/** Files with these lines, one for each group, and their paths. */
function files({ ws }: World, all: readonly string[]): string[] {
	mkdirSync(join(ws, 'notes'));
	return together(all).map((group, number) => {
		writeFileSync(join(ws, `notes/${number}.txt`), `${group.join('\n')}\n`);
		return `notes/${number}.txt`;
	});
}

export const carriers: Readonly<Record<string, Carrier>> = {
	'a model': {
		form: input => input,
		unchanged: 'everywhere',
		plant: (_world, all) => [`${all.map(text => text.replace(/^(begin\d+=)/, '$1\n').replace(/(=end\d+=)$/, '\n$1')).join('\n\n')}\n`],
	},
	'a file': {
		form: noNul,
		unchanged: 'in chat',
		plant(world, all) {
			const paths = files(world, all);
			writeFileSync(join(world.ws, 'all.txt'), `${all.join('\n')}\n`);
			bash(world, 'git add all.txt && git -c user.name=a -c user.email=a@b commit -qm all');
			return shownBy(paths.map(file_path => ({ tool: 'read_file', args: { file_path } })));
		},
		verbs: () => [
			['blame', 'all.txt'],
			['blame', '--json', 'all.txt'],
		],
	},
	'a command': {
		form: input => input.toWellFormed(),
		unchanged: 'everywhere',
		flags: ['--verbose'],
		plant: (world, all) => shownBy(files(world, all).map(path => ({ tool: 'run_shell_command', args: { command: `cat ${path}` } }))),
	},
	'a file name': {
		form: asName,
		exact: true,
		chatOnly: true,
		plant({ ws }, all) {
			const groups = together(all);
			const folders = groups.map((group, number) => {
				const folder = `notes/${number}`;
				mkdirSync(join(ws, folder), { recursive: true });
				for (const name of group) writeFileSync(join(ws, folder, name), 'needle\n');
				return folder;
			});
			return shownBy([
				...folders.map(path => ({ tool: 'list_directory', args: { path } })),
				...folders.map(path => ({ tool: 'grep_search', args: { pattern: 'needle', path } })),
				{ tool: 'glob', args: { pattern: 'notes/**' } },
			]);
		},
	},
	'the name of a file that is written': {
		form: asName,
		exact: true,
		flags: ['--approval-mode', 'auto-edit'],
		plant: (_world, all) =>
			shownBy([all.map((name, number) => ({ tool: 'write_file', args: { file_path: `new/${number}/${name}`, content: 'x\n' } }))]),
		verbs: () => [['undo']],
	},
	'a branch': {
		form: asRef,
		exact: true,
		plant(world, all) {
			writeFileSync(join(world.ws, '.git/HEAD'), `ref: refs/heads/${all.join('/')}\n`);
			return shownBy([{ tool: 'git', args: { action: 'status' } }, ...revs(all)]);
		},
		verbs: () => [['sessions', '--json']],
	},
	'a branch that is none': {
		form: oneLine,
		exact: true,
		plant(world, all) {
			writeFileSync(join(world.ws, '.git/HEAD'), `ref: refs/heads/${all.join('/')}\n`);
			return shownBy([{ tool: 'git', args: { action: 'status' } }, ...revs(all)]);
		},
	},
	'a commit': {
		form: oneLine,
		exact: true,
		plant(world, all) {
			commits(world, all);
			return shownBy(together(all).map((_group, number) => ({ tool: 'git', args: { action: 'log', path: `notes/${number}.txt` } })));
		},
		verbs: all => [
			['blame', 'all.txt'],
			['commit', all.join(' ')],
		],
	},
	'an error': {
		form: noNul,
		exact: true,
		plant: (_world, all) => shownBy(together(all).map(group => ({ tool: 'read_file', args: { file_path: group.join(' ') } }))),
		verbs: all => all.filter((_text, number) => number % 8 === 0).map((text, number) => wrong[number % wrong.length]!(text)),
	},
	'a journal': {
		form: input => input.toWellFormed(),
		unchanged: 'in chat',
		kept: true,
		plant(world, all) {
			journals(world, all);
			return [];
		},
		verbs: () => [['sessions'], ['sessions', '--json'], ['sessions', 'export', kept]],
	},
};

const revs = (all: readonly string[]): Made[] =>
	together(all).map(group => ({ tool: 'git', args: { action: 'diff', rev: group.join(' ') } }));

/** Ways to have the program refuse something that a person typed. */
const wrong: readonly ((text: string) => string[])[] = [
	text => ['--approval-mode', text, '-p', 'hi'],
	text => ['sessions', 'export', text],
	text => ['models', 'pull', text],
	text => ['blame', text],
	text => ['-p', 'hi', `@${text}`],
	text => ['--json-schema', text, '-p', 'hi'],
];

/** Commits with these texts as their messages and, where git takes them, as the names of their authors. */
function commits(world: World, all: readonly string[]): void {
	const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
	let whole = '';
	const stream = together(all).flatMap((group, number) =>
		group.map((text, line) => {
			whole += `${text}\n`;
			const author = `author ${text.replace(/[<>]/g, '')} <a@b> 1700000000 +0000`;
			const file = (path: string, content: string) => `M 100644 inline ${path}\n${data(content)}`;
			const first = number === 0 && line === 0 ? 'from refs/heads/main^0\n' : '';
			return `commit refs/heads/main\n${author}\ncommitter a <a@b> 1700000000 +0000\n${data(text)}${first}${file(`notes/${number}.txt`, String(line))}${file('all.txt', whole)}`;
		}),
	);
	writeFileSync(join(world.base, 'stream'), stream.join(''));
	bash(world, 'git fast-import --quiet <"$W/stream" && git reset -q --hard && git config user.name a && git config user.email a@b');
	bash(world, 'echo more >>src/a.js && git add src/a.js');
}

/** The conversation that is gone on with. */
export const kept = '00000000-0000-4000-8000-000000000000';
const usage = { prompt: 1, reused: 0, output: 1, readMs: 0, writeMs: 0 };

/** Conversations that another program wrote, bare of what JSON need not escape: one with all texts everywhere, and one named after each. */
function journals(world: World, all: readonly string[]): void {
	writeFileSync(join(world.base, 'hello.md'), 'Hello.\n');
	qwill(world, ['-m', `replies:${join(world.base, 'hello.md')}`, '-p', 'hi']);
	const path = journalsIn(world)[0]!;
	const head = JSON.parse(readFileSync(path, 'utf8').split('\n')[0]!) as object;
	const write = (id: string, records: readonly object[]) =>
		writeFileSync(
			join(dirname(path), `${id}.jsonl`),
			[{ ...head, id, branch: all[0] }, ...records].map(one => `${JSON.stringify(one)}\n`).join(''),
		);
	for (const [number, name] of all.entries())
		write(`00000000-0000-4000-8000-${String(number + 1).padStart(12, '0')}`, [{ type: 'summary', title: name, turns: 1, name }]);
	const text = all.join('\n\n');
	const result = (show: object, number: number) => [
		{ type: 'call', call: { id: `c${number}`, tool: 'read_file', args: {} }, title: text },
		{ type: 'result', callId: `c${number}`, outcome: { ok: true, text, show } },
	];
	write(kept, [
		{ type: 'asked', text, material: '' },
		{ type: 'replied', message: { role: 'assistant', text, calls: [], stop: 'end', raw: text }, usage },
		...[
			{ kind: 'text', text },
			{ kind: 'paths', paths: [...all] },
			{ kind: 'terminal', command: text, output: text, exitCode: 0 },
		].flatMap(result),
		...all.flatMap(one => [
			{ type: 'note', text: one },
			{ type: 'remark', path: one, line: 1, rule: 'x', certainty: 'opinion', text: one },
		]),
		{ type: 'told', text },
		{ type: 'done', ending: { reason: 'answered' } },
	]);
}
