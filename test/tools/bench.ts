import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type AnyTool, type ReadyCall, teaching, type Workbench } from '../../src/tools/tool.js';
import type { Outcome } from '../../src/types.js';
import { openWorkspace } from '../../src/workspace/open.js';

/** The path of a fixture, a small repository as plain files. */
export const fixture = (name: string): string => join(import.meta.dirname, '..', 'fixtures', name);

type Start = {
	files?: Record<string, string | Uint8Array>;
	fixture?: string;
	outputTokens?: number;
	testCommand?: string;
	signal?: AbortSignal;
};

/** A bench in a folder of its own with these files, removed after the test. */
export async function openBench(context: TestContext, start: Start = {}): Promise<Workbench> {
	const folder = await mkdtemp(join(tmpdir(), 'qwill-tools-'));
	context.after(() => rm(folder, { recursive: true, force: true }));
	const root = join(folder, 'work');
	await mkdir(root);
	if (start.fixture) await cp(fixture(start.fixture), root, { recursive: true });
	for (const [path, content] of Object.entries(start.files ?? {})) {
		await mkdir(dirname(join(root, path)), { recursive: true });
		await writeFile(join(root, path), content);
	}
	const workspace = await openWorkspace({ root, state: join(folder, 'state'), conversation: 'test' });
	const { outputTokens = 2000, testCommand, signal = new AbortController().signal } = start;
	return { workspace, signal, outputTokens, testCommand };
}

export type Used = Outcome & { lines: string; title: string; risk: ReadyCall['risk'] };

/** Uses a tool as the loop does: checks the arguments, asks for the preview, runs it. A refusal is a failed outcome. */
export async function use(tool: AnyTool, args: unknown, bench: Workbench): Promise<Used> {
	const ready = tool.prepare(args);
	assert.ok(!('complaint' in ready), 'complaint' in ready ? ready.complaint : '');
	const running = teaching(
		(async function* () {
			await ready.preview(bench);
			return yield* ready.run(bench);
		})(),
	);
	let lines = '';
	for (;;) {
		const step = await running.next();
		if (step.done) return { ...step.value, lines, title: ready.title, risk: ready.risk };
		lines += step.value;
	}
}
