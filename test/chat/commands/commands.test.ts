import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Conversation } from '../../../src/agent/conversation.js';
import { commands } from '../../../src/chat/commands/commands.js';
import type { Engine, Prompt } from '../../../src/engine/engine.js';
import { type AgentEvent, Refusal } from '../../../src/types.js';
import { closedDoors } from '../../../src/workspace/sandbox/doors.js';
import { boxedIn, said as reply, usage } from '../fake-program.js';
import { carryOut } from './host.js';

const asked = (text: string): AgentEvent => ({ type: 'asked', text, material: '' });
const replied = (text: string): AgentEvent => ({ type: 'replied', message: reply(text), usage });
const changes = [
	{ path: 'sum.js', before: 'a\n', after: 'b\n' },
	{ path: 'new.js', before: null, after: 'x\n' },
];
const other = { id: 'c2' } as Conversation;
const earlier = (id: string, title: string) => ({ id, title, turns: 3, modified: new Date('2026-01-02T03:04:05Z'), branch: 'main' });

describe('the table', () => {
	it('has every name once', () => {
		const names = commands.flatMap(command => [command.name, ...command.aliases]);
		assert.equal(new Set(names).size, names.length);
	});
	it('tells what each does in one short line', () => {
		for (const { name, purpose } of commands) assert.ok(purpose.length > 3 && purpose.length <= 75 && !purpose.endsWith('.'), name);
	});
	it('/help lists all of them and the keys', async () => {
		const { said } = await carryOut('help');
		for (const { name } of commands) assert.ok(said[0]?.includes(`/${name}`), name);
		assert.match(said[0] ?? '', /Ctrl-R +search the history/);
	});
});

describe('conversation', () => {
	it('/clear goes on with a new one', async () => {
		const opened: string[] = [];
		const reopen = async (id: string) => {
			opened.push(id);
			return other;
		};
		assert.deepEqual((await carryOut('clear', '', { program: { reopen } })).said, ['went on with c2']);
		assert.deepEqual(opened, ['new']);
	});
	it('/resume offers all but this one, and opens what was chosen', async () => {
		const program = { conversations: async () => [earlier('c1', 'this'), earlier('c2', 'fix the sum')], reopen: async () => other };
		const { said, offered } = await carryOut('resume', '', { program, picks: ['c2'] });
		assert.deepEqual(offered, [['Go on with which conversation?', 'fix the sum | 3 messages · 2026-01-02 03:04 · main']]);
		assert.deepEqual(said, ['went on with c2']);
		assert.deepEqual((await carryOut('resume', '', { program, picks: [undefined] })).said, []);
	});
	it('/resume takes a name, and says when it is none or more than one', async () => {
		const program = {
			conversations: async () => [earlier('c2', 'fix the sum'), earlier('c3', 'fix the loop')],
			reopen: async (id: string) => ({ id }) as Conversation,
		};
		assert.deepEqual((await carryOut('resume', 'LOOP', { program })).said, ['went on with c3']);
		assert.match((await carryOut('resume', 'fix', { program })).said[0]!, /^refused: 2 conversations match/);
		assert.match((await carryOut('resume', 'zebra', { program })).said[0]!, /^refused: No conversation/);
	});
	it('/rename needs a name and gives it', async () => {
		const names: string[] = [];
		const conversation = { rename: (name: string) => void names.push(name) };
		await carryOut('rename', 'the parser', { conversation });
		assert.deepEqual(names, ['the parser']);
		assert.match((await carryOut('rename', '')).said[0]!, /^refused:/);
	});
	it('/compact hands over what to keep', async () => {
		const kept: string[] = [];
		const conversation = {
			async *compact(focus: string): AsyncGenerator<AgentEvent, void> {
				kept.push(focus);
				yield { type: 'compacted', before: 100, after: 10, messages: [] };
			},
		};
		const { events } = await carryOut('compact', 'the tests', { conversation });
		assert.deepEqual(kept, ['the tests']);
		assert.equal(events[0]?.type, 'compacted');
	});
});

describe('changes', () => {
	it('/undo names what it brought back, what it removed and what it left alone', async () => {
		const files = { undo: async () => ({ restored: ['a.ts'], removed: ['b.ts'], kept: [{ path: 'c.ts', why: 'it was changed since' }] }) };
		assert.deepEqual((await carryOut('undo', '', { files })).said, [
			'Brought back: a.ts',
			'Removed: b.ts',
			'c.ts was left alone: it was changed since',
		]);
	});
	it('/undo writes out what is hidden in the name of a file', async () => {
		const files = { undo: async () => ({ restored: ['a\x1b]0;x\x07b'], removed: ['c\u202ed'], kept: [] }) };
		assert.deepEqual((await carryOut('undo', '', { files })).said.slice(0, 2), [
			'Brought back: a<U+001B>]0;x<U+0007>b',
			'Removed: c<U+202E>d',
		]);
	});
	it('/redo does not say the same as /undo', async () => {
		const files = { redo: async () => ({ restored: ['a.ts'], removed: [], kept: [] }) };
		assert.deepEqual((await carryOut('redo', '', { files })).said, ['Changed again: a.ts']);
	});
	it('/undo and /redo say when there is nothing', async () => {
		const nothing = async () => ({ restored: [], removed: [], kept: [] });
		assert.deepEqual((await carryOut('undo', '', { files: { undo: nothing } })).said, ['refused: There is nothing to undo.']);
		assert.deepEqual((await carryOut('redo', '', { files: { redo: nothing } })).said, ['refused: There is nothing to redo.']);
	});
	it('/diff shows each changed file, else what git says, else that nothing changed', async () => {
		assert.deepEqual((await carryOut('diff', '', { files: { changes: async () => changes } })).said, [
			'sum.js | diff sum.js',
			'new.js | diff new.js',
		]);
		const files = { changes: async () => [] };
		assert.match((await carryOut('diff', '', { files, git: { diff: async () => '-a\n+b' } })).said[0]!, /git sees.*\| -a\n\+b$/s);
		assert.deepEqual((await carryOut('diff', '', { files, git: { diff: async () => '' } })).said, ['Nothing has changed.']);
	});
});

describe('going back', () => {
	const events: AgentEvent[] = [
		{ type: 'asked', text: 'write it\nwith care', material: '', mark: 'm1' },
		replied('Done.'),
		{ type: 'asked', text: 'and test it', material: '', mark: 'm2' },
		replied('Green.'),
	];
	const world = (changed = changes) => {
		const did: string[] = [];
		const files = {
			changes: async (since?: string) => {
				did.push(`changes since ${since}`);
				return changed;
			},
			undo: async (since?: string) => {
				did.push(`undo since ${since}`);
				return { restored: ['sum.js'], removed: ['new.js'], kept: [] };
			},
		};
		const conversation = { rewind: (count: number) => void did.push(`rewind to ${count}`) };
		return { did, options: { files, conversation, events } };
	};

	it('/rewind lists the messages, newest first, and asks what is to go back', async () => {
		const { did, options } = world();
		const { offered } = await carryOut('rewind', '', { ...options, picks: ['0', 'leave'] });
		assert.deepEqual(offered, [
			['Go back to before which message?', 'and test it | message 2 of 2', 'write it | message 1 of 2'],
			[
				'Back to before: write it',
				'Conversation and files | sum.js, new.js',
				'Conversation only | files stay as they are',
				'Files only | sum.js, new.js',
				'Leave everything as it is | ',
			],
		]);
		assert.deepEqual(did, ['changes since m1']);
	});
	const back = 'Back to before this message: change it and send it, or clear it with Ctrl-U.';
	const redo = '/redo makes the changes again, message by message.';
	const ways: [string, string[], string[]][] = [
		['both', ['undo since m2', 'rewind to 1'], ['drawn anew', 'draft: and test it', back, 'Brought back: sum.js', 'Removed: new.js', redo]],
		['conversation', ['rewind to 1'], ['drawn anew', 'draft: and test it', back]],
		['files', ['undo since m2'], ['Brought back: sum.js', 'Removed: new.js', `${redo} The model still knows of them.`]],
	];
	for (const [what, does, says] of ways) {
		it(`/rewind: ${what}`, async () => {
			const { did, options } = world();
			const { said } = await carryOut('rewind', '', { ...options, picks: ['1', what] });
			assert.deepEqual(did.slice(1), does);
			assert.deepEqual(said, says);
		});
	}
	it('/rewind asks about files only where some were changed since, and does nothing without a choice', async () => {
		const { did, options } = world([]);
		const { offered } = await carryOut('rewind', '', { ...options, picks: ['1', undefined] });
		assert.deepEqual(offered[1]?.slice(1), ['Conversation | no files were changed since', 'Leave everything as it is | ']);
		assert.deepEqual((await carryOut('rewind', '', { ...options, picks: [undefined] })).offered.length, 1);
		assert.deepEqual(did, ['changes since m2']);
		assert.deepEqual((await carryOut('rewind')).said, ['There is no message yet to go back to.']);
	});
	it('/branch goes on in a copy, from here or from before a message, whose words can be changed', async () => {
		const made: number[] = [];
		const other = { id: 'c2' } as unknown as Conversation;
		const program = {
			branch: async (count: number) => {
				made.push(count);
				return other;
			},
		};
		const { offered, said } = await carryOut('branch', '', { program, events, picks: ['0'] });
		assert.deepEqual(offered[0]?.slice(1), ['Here | with all messages', 'and test it | message 2 of 2', 'write it | message 1 of 2']);
		assert.deepEqual(said.slice(0, 2), ['went on with c2', 'draft: write it\nwith care']);
		assert.match(said[2]!, /^This is a copy.*\/resume/);
		assert.doesNotMatch((await carryOut('branch', '', { program, events, picks: ['2'] })).said.join('\n'), /draft/);
		assert.deepEqual(made, [0, 2]);
		assert.deepEqual((await carryOut('branch', '', { program, events, picks: [undefined] })).said, []);
		assert.deepEqual((await carryOut('branch')).said, ['There is no message yet to branch from.']);
	});
});

describe('/commit', () => {
	const committed: { message: string; paths: readonly string[] }[] = [];
	const git = {
		branch: async () => 'main',
		staged: async (): Promise<string[]> => [],
		log: async () => '',
		diff: async ({ path, staged }: { path?: string; staged?: boolean } = {}) =>
			staged ? 'staged diff' : path === 'new.js' ? '' : `diff of ${path}`,
		commit: async (message: string, paths: readonly string[]) => {
			committed.push({ message, paths });
			return 'abc123';
		},
	};
	const files = { changes: async () => changes };
	const read: string[] = [];
	const engine = {
		model: { name: 'm', tier: 'T0', contextSize: 8192, device: 'cpu' },
		async *reply({ messages }: Prompt) {
			read.push(messages.map(message => (message.role === 'user' ? message.text : '')).join(''));
			const raw = 'fix: add up\n\nIt did not.';
			return { message: { ...reply(raw), raw }, usage };
		},
	} as unknown as Engine;
	const conversation = { engine };
	const program = { signed: (message: string) => `${message}\n\nAssisted-by: qwill`, noted: async () => undefined };

	it('names the files first, shows the message, and commits exactly these after a yes', async () => {
		const { said } = await carryOut('commit', '', { git, files, conversation, program, picks: ['yes'] });
		assert.deepEqual(said, [
			'To be committed: sum.js, new.js',
			'The message (It mentions no file, name or number.): | fix: add up\n\nIt did not.',
			'Committed abc123: fix: add up',
		]);
		assert.deepEqual(committed.pop(), { message: 'fix: add up\n\nIt did not.\n\nAssisted-by: qwill', paths: ['sum.js', 'new.js'] });
		assert.match(read.at(-1)!, /diff of sum\.js[\s\S]*\+x/);
	});
	it('commits nothing without a yes', async () => {
		for (const pick of ['no', undefined]) {
			const { said } = await carryOut('commit', '', { git, files, conversation, program, picks: [pick] });
			assert.equal(said.at(-1), 'Nothing was committed.');
		}
		assert.equal(committed.length, 0);
	});
	it('what is staged goes first, whatever this conversation changed', async () => {
		await carryOut('commit', '', { git: { ...git, staged: async () => ['other.js'] }, files, conversation, program, picks: ['yes'] });
		assert.deepEqual(committed.pop()?.paths, []);
		assert.match(read.at(-1)!, /^staged diff\n/);
	});
	it("takes the person's own message without asking the model", async () => {
		const before = read.length;
		await carryOut('commit', 'docs: a word', { git, files, conversation, program });
		assert.match(committed.pop()?.message ?? '', /^docs: a word\n/);
		assert.equal(read.length, before);
	});
	it('says what to do when there is nothing, or no repository', async () => {
		assert.match(
			(await carryOut('commit', '', { git, files: { changes: async () => [] } })).said[0]!,
			/^refused: There is nothing to commit.*git add/,
		);
		assert.match((await carryOut('commit', '', { git: { ...git, branch: async () => undefined } })).said[0]!, /git init/);
	});
});

describe('/test', () => {
	const ran = (output: string, exitCode: number) => ({
		boxed: { on: false, wish: 'never', why: 'nothing runs' } as const,
		async *run() {
			yield output;
			return { exitCode, signal: null, timedOut: false, aborted: false, output, milliseconds: 1500 };
		},
	});
	const program = { settings: () => [{ key: 'testCommand', value: 'npm test' }] };
	const verdict = (events: AgentEvent[]) =>
		events.flatMap(event => (event.type === 'result' && event.outcome.show?.kind === 'terminal' ? [event.outcome.show.verdict] : []))[0];
	it('runs the command of the settings, shows it like a call and sums it up', async () => {
		const { events } = await carryOut('test', '', { program, processes: ran('all fine\n', 0) });
		assert.deepEqual(
			events.map(event => event.type),
			['call', 'output', 'result'],
		);
		assert.equal(events[0]?.type === 'call' && events[0].title, '$ npm test');
		assert.equal(verdict(events), 'The tests pass (1.5 s).');
	});
	it('says what to do when they fail, and that none were found', async () => {
		const { said, events } = await carryOut('test', '', { program, processes: ran('boom\n', 1) });
		assert.equal(verdict(events), 'The tests fail (1.5 s).\nboom');
		assert.match(said[0]!, /Say "fix the failing tests"/);
		assert.equal(events[2]?.type === 'result' && events[2].outcome.ok, false);
		const files = {
			list: async () => ({ paths: [], more: false }),
			peek: async () => Promise.reject(new Refusal('There is no such file.')),
		};
		assert.match((await carryOut('test', '', { files })).said[0]!, /^refused: No tests were found.*testCommand/);
	});
});

describe('settings and rules', () => {
	it('/approval-mode and /plan set the mode; yolo only where it was asked for at the start', async () => {
		assert.equal((await carryOut('approval-mode', 'auto_edit')).said[0], 'mode auto-edit');
		assert.equal((await carryOut('plan')).said[0], 'mode plan');
		assert.match((await carryOut('approval-mode', 'yolo')).said[0]!, /^refused:.*--yolo/);
		assert.equal((await carryOut('approval-mode', 'yolo', { program: { yoloAllowed: true } })).said[0], 'mode yolo');
		assert.match((await carryOut('approval-mode', 'plam')).said[0]!, /Did you mean plan\?/);
		assert.ok(!(await carryOut('approval-mode', '', { picks: [undefined] })).offered[0]?.some(choice => choice.startsWith('yolo')));
	});
	it('/permissions lists all and removes only what can be removed', async () => {
		const removed: string[] = [];
		const program = {
			rules: async () => [
				{ rule: 'Bash(npm test)', effect: 'allow' as const, from: 'this project', removable: true },
				{ rule: 'Read(.env)', effect: 'deny' as const, from: 'built in', removable: false },
			],
			removeRule: async (rule: string) => void removed.push(rule),
		};
		const { said, offered } = await carryOut('permissions', '', { program, picks: ['Bash(npm test)'] });
		assert.match(said[0]!, /allow {2}Bash\(npm test\) {2}\(this project\)\ndeny {3}Read\(\.env\)/);
		assert.deepEqual(offered[0]?.slice(1), ['Bash(npm test) | allow · this project']);
		assert.deepEqual(removed, ['Bash(npm test)']);
	});
	it('/sandbox tells why there is none, and then opens nothing', async () => {
		const program = { sandbox: { on: false as const, wish: 'where it works' as const, why: 'bash is missing', fix: 'install bash' } };
		const none = ': bash is missing (install bash). Every command asks, and runs as you.';
		assert.deepEqual((await carryOut('sandbox', '', { program })).said, [`No sandbox${none}`]);
		assert.deepEqual((await carryOut('sandbox', 'open ../x', { program })).said, [
			`refused: There is no sandbox, so it has no doors${none}`,
		]);
	});
	it('/sandbox opens a folder, names what is open, closes it, and refuses other words', async () => {
		assert.match((await carryOut('sandbox')).said[0]!, /^Commands run in the sandbox.*No door is open\.$/);
		const program = { sandbox: boxedIn(closedDoors('/w/app')) };
		const data = import.meta.dirname;
		assert.match((await carryOut('sandbox', `open ${data}`, { program })).said[0]!, /commands is open to commands in this conversation/);
		assert.match((await carryOut('sandbox', '', { program })).said[0]!, /Open to them besides: \S+\/commands; \/sandbox close/);
		assert.match((await carryOut('sandbox', 'close', { program })).said[0]!, /No door is open\.$/);
		assert.match((await carryOut('sandbox', 'open', { program })).said[0]!, /^refused: Not opened: "" is not a folder/);
		assert.match((await carryOut('sandbox', 'off', { program })).said[0]!, /^refused: \/sandbox tells how it is;/);
	});
	it('/config shows the settings whose name holds the word, and says where they are changed', async () => {
		const program = {
			settings: () => [
				{ key: 'model', value: 'small' },
				{ key: 'sandbox', value: 'true' },
			],
		};
		assert.match((await carryOut('config', 'mod', { program })).said[0]!, /\| model {2}small$/);
		assert.deepEqual((await carryOut('config', 'model = big', { program })).said, ['set model = big']);
		assert.match((await carryOut('config', 'colour', { program })).said[0]!, /^refused:/);
	});
	it('/model offers models with size and state, and changes to the chosen one', async () => {
		const program = {
			models: async () => [{ id: 'q-1.5b', installed: true, bytes: 1_120_000_000, why: 'fits well', current: false }],
			useModel: async () => other,
		};
		const { said, offered } = await carryOut('model', '', { program, picks: ['q-1.5b'] });
		assert.equal(offered[0]?.[1], 'q-1.5b | on this machine · 1.1 GB · fits well');
		assert.equal(said[0], 'went on with c2');
	});
	it('/model fetches what is not here, in the place of what was on its way', async () => {
		const absent = { absent: 'q-7b', name: 'Q 7B', bytes: 1, licence: 'MIT' };
		const program = { useModel: async () => absent };
		assert.deepEqual((await carryOut('model', 'q-7b', { program })).said, ['fetching q-7b']);
		assert.deepEqual((await carryOut('model', 'q-7b', { program, arriving: 'q-3b' })).said, ['stopped q-3b', 'fetching q-7b']);
		assert.deepEqual((await carryOut('model', 'q-7b', { program, arriving: 'q-7b' })).said, ['q-7b is on its way already.']);
	});
	it('/tools shows the first sentence of each, /doctor what it found, /quit leaves', async () => {
		const program = { tools: () => [{ name: 'edit', purpose: 'Changes a file. Long words follow.' }], doctor: async () => 'all is well' };
		assert.deepEqual((await carryOut('tools', '', { program })).said, ['Tools | edit  Changes a file.']);
		assert.deepEqual((await carryOut('doctor', '', { program })).said, ['Doctor | all is well']);
		assert.deepEqual((await carryOut('quit')).said, ['quit']);
	});
});

describe('numbers', () => {
	const call = (id: string, tool: string): AgentEvent => ({ type: 'call', call: { id, tool, args: {} }, title: tool });
	const result = (callId: string, ok: boolean, refused?: 'denied'): AgentEvent => ({
		type: 'result',
		callId,
		outcome: { ok, text: '', ...(refused && { refused }) },
	});
	it('/context says why the context is as long as it is', async () => {
		const engine = { model: { name: 'm', tier: 'T0', contextSize: 4096, device: 'CPU', plan: 'context 4,096 tokens, as memory allows' } };
		const { said } = await carryOut('context', '', { conversation: { engine: engine as Engine } });
		assert.match(said[0]!, /\nplanned for this machine: context 4,096 tokens, as memory allows$/);
	});
	it('/context says how much is used, known and free', async () => {
		assert.equal(
			(await carryOut('context', '', { events: [asked('x'), replied('y')] })).said[0],
			'Context of fake-1b | 120 of 8,192 tokens (1 %), 8,072 free\nlast reply: 60 tokens were still known, 40 read anew\n/compact shortens the conversation, /clear begins a new one',
		);
		assert.match(
			(await carryOut('context', '', { events: [replied('y'), { type: 'compacted', before: 120, after: 30, messages: [] }] })).said[0]!,
			/\| 30 of/,
		);
		assert.match((await carryOut('context')).said[0]!, /nothing was asked yet/);
	});
	it('/stats adds up tokens, speeds and calls', async () => {
		const events = [
			asked('x'),
			replied('a'),
			replied('b'),
			call('1', 'edit'),
			result('1', true),
			call('2', 'edit'),
			result('2', false),
			call('3', 'grep_search'),
			result('3', false, 'denied'),
		];
		const [text = ''] = (await carryOut('stats', '', { events })).said;
		assert.match(text, /read anew +80 tokens, 100\.0 a second/);
		assert.match(text, /written +40 tokens, 20\.0 a second/);
		assert.match(text, /edit +2 \(1 failed\)/);
		assert.match(text, /grep_search +1 \(1 not allowed\)/);
	});
	it('/stats leaves speeds out where nothing was measured', async () =>
		assert.doesNotMatch((await carryOut('stats')).said[0]!, /second|NaN|Infinity/));
});

describe('words', () => {
	const events: AgentEvent[] = [
		asked('fix ```it'),
		replied('I will.'),
		{ type: 'call', call: { id: '1', tool: 'edit', args: {} }, title: 'Edit sum.js' },
		{ type: 'result', callId: '1', outcome: { ok: true, text: 'done\n```\ncode\n```' } },
		replied('Done.'),
	];
	it('/export writes markdown that a fence in a result does not break', async () => {
		const saved: string[][] = [];
		const save = async (path: string, text: string) => {
			saved.push([path, text]);
			return `/w/${path}`;
		};
		assert.deepEqual((await carryOut('export', '', { events, program: { save } })).said, ['Written: /w/qwill-c1.md']);
		assert.equal(
			saved[0]?.[1],
			'# Conversation c1\n\n## You\n\nfix ```it\n\n## qwill\n\nI will.\n\n**Edit sum.js**: done\n\n````\ndone\n```\ncode\n```\n````\n\n## qwill\n\nDone.\n',
		);
		await carryOut('export', 'out.json', { events, program: { save } });
		assert.deepEqual([saved[1]?.[0], JSON.parse(saved[1]?.[1] ?? '')], ['out.json', events]);
		await carryOut('export', 'json', { events, program: { save } });
		assert.equal(saved[2]?.[0], 'qwill-c1.json');
	});
	it('/export writes nothing that acts on a terminal where the file is printed', async () => {
		const hostile = [asked('a\x1b]0;owned\x07b'), replied('c\x9b2Jd')];
		const saved: string[] = [];
		const save = async (path: string, text: string) => {
			saved.push(text);
			return path;
		};
		for (const form of ['md', 'json']) await carryOut('export', form, { events: hostile, program: { save } });
		assert.doesNotMatch(saved.join(''), /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
		assert.deepEqual(JSON.parse(saved[1] ?? ''), hostile);
	});
	it('/copy says which replies there are', async () => {
		assert.match((await carryOut('copy', '3', { events })).said[0]!, /^refused: .* to 2\.$/);
		assert.match((await carryOut('copy', 'x', { events })).said[0]!, /^refused:/);
		assert.match((await carryOut('copy')).said[0]!, /^refused: There is no reply/);
	});
	it('/init asks for AGENTS.md with what tells about the project, and for an update where there is one', async () => {
		const tasks: { text: string; material: string }[] = [];
		const conversation = {
			async *ask(task: { text: string; material: string }) {
				tasks.push(task);
				yield { type: 'asked' as const, ...task };
				return { reason: 'answered' as const };
			},
		};
		const read = async (path: string) => ({ path, text: `about ${path}`, eol: '\n' as const, bom: false, bytes: 10 });
		await carryOut('init', '', {
			conversation: conversation as unknown as Conversation,
			files: { list: async () => ({ paths: ['README.md', 'x.ts'], more: false }), read },
		});
		assert.match(tasks[0]?.text ?? '', /^Write AGENTS\.md/);
		assert.match(tasks[0]?.material ?? '', /^README\.md\nx\.ts\n[\s\S]*about README\.md/);
		await carryOut('init', '', {
			conversation: conversation as unknown as Conversation,
			files: { list: async () => ({ paths: ['AGENTS.md'], more: false }), read },
		});
		assert.match(tasks[1]?.text ?? '', /^Update AGENTS\.md/);
	});
});
