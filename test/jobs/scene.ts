import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fit } from '../../src/agent/fit.js';
import { createGuard } from '../../src/agent/guard.js';
import { createJudge } from '../../src/agent/judge.js';
import type { Agent, Ask, Work } from '../../src/agent/loop.js';
import { fenced } from '../../src/engine/dialects/fenced.js';
import type { Engine } from '../../src/engine/engine.js';
import { greedy } from '../../src/engine/sampling.js';
import { scriptedEngine } from '../../src/engine/scripted.js';
import { allTools } from '../../src/tools/all.js';
import type { AgentEvent, Ending } from '../../src/types.js';
import { openWorkspace } from '../../src/workspace/open.js';

/** A model that says `texts`, each behind the words it is begun with (a file's first lines only once), and then nothing; `holes` are what it fills in. */
export const model = ({ holes = [], texts = [] }: { holes?: readonly string[]; texts?: readonly string[] } = {}): Engine => {
	const left = [...holes];
	const said = [...texts];
	return {
		...scriptedEngine({ replies: [] }, { dialect: fenced, tier: 'T0', contextSize: 8192 }),
		fill: async () => left.shift() ?? '',
		score: async () => undefined,
		// biome-ignore lint/correctness/useYield: it says nothing.
		async *reply(prompt) {
			const text = said.shift();
			const [, header = '', head = ''] = /^(.*\n.*\n)([\s\S]*)$/.exec(prompt.begin ?? '') ?? [];
			const raw = text === undefined ? '' : header + (text.startsWith(head) ? text : head + text);
			const message = { role: 'assistant', text: raw, stop: text === undefined ? 'length' : 'end', raw } as const;
			return { message: { ...message, calls: [] }, usage: { prompt: 0, reused: 0, output: 0, readMs: 0, writeMs: 0 } };
		},
	};
};

export type Setting = {
	files?: Record<string, string>;
	fixture?: string;
	approve?: Agent['approve'];
	seconds?: number;
	/** When the task began, where that is not now. */
	started?: number;
	engine?: Engine;
	larger?: Engine;
};

export async function setting({ files = {}, fixture, approve, seconds = 40, started, engine = model(), larger }: Setting) {
	const top = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-fix-')));
	const root = join(top, 'work');
	cpSync(join(import.meta.dirname, '..', 'fixtures', fixture ?? 'no-git'), root, { recursive: true });
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	const workspace = await openWorkspace({ root, state: join(top, 'state'), conversation: 'c' });
	await workspace.files.mark('test');
	const asked: Ask[] = [];
	const agent: Agent = {
		engine,
		head: { system: '' },
		workspace,
		sampling: greedy,
		tools: allTools,
		specs: allTools.map(tool => tool.spec('')),
		limits: { turns: 10, calls: 100, seconds, ...(started === undefined ? {} : { started }) },
		outputTokens: 500,
		testCommand: undefined,
		approve: async (ask, signal) => {
			asked.push(ask);
			return approve ? await approve(ask, signal) : { yes: true };
		},
		larger: async () => larger && { name: 'a larger one', open: () => larger },
		fit: (prompt, messages) => fit(prompt, messages, engine),
	};
	const work: Work = { messages: [], agent, guard: createGuard(), judge: createJudge({ verifyAtOnce: true, testable: async () => true }) };
	return { root, work, asked };
}

export const contents = (root: string): Record<string, string> =>
	Object.fromEntries(
		readdirSync(root, { recursive: true, withFileTypes: true })
			.filter(entry => entry.isFile())
			.map(entry => join(entry.parentPath, entry.name))
			.map(path => [path.slice(root.length + 1), readFileSync(path, 'base64')]),
	);

export const changed = (before: Record<string, string>, after: Record<string, string>): string[] =>
	[...new Set([...Object.keys(before), ...Object.keys(after)])].filter(path => before[path] !== after[path]).sort();

export const textOf = (events: readonly AgentEvent[]): string =>
	events.flatMap(event => (event.type === 'text' ? [event.text] : [])).join('');

export const suite = (name: string, tests: string): Record<string, string> => ({
	[`test_${name}.py`]: `import unittest\nfrom ${name} import *\n\n\nclass T(unittest.TestCase):\n${tests}`,
});

/** Runs a job to its end. */
export async function run(job: AsyncGenerator<AgentEvent, Ending>, watch: (event: AgentEvent) => void = () => {}) {
	const events: AgentEvent[] = [];
	for (;;) {
		const step = await job.next();
		if (step.done) return { events, ending: step.value };
		events.push(step.value);
		watch(step.value);
	}
}
