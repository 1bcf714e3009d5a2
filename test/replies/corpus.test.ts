import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { dialects } from '../../src/engine/dialects/all.js';
import { onlyBlock } from '../../src/jobs/begun.js';
import { say } from '../../src/prompts.js';
import { returned } from '../../src/returned.js';
import { allTools } from '../../src/tools/all.js';
import { teaching, type Workbench } from '../../src/tools/tool.js';
import type { Call } from '../../src/types.js';
import { openWorkspace } from '../../src/workspace/open.js';
import { shop } from './tasks.js';

// 304 replies of the real 0.5B and 1.5B, recorded by record.ts, are read as a person read them, and edits come out as they meant.
// UPDATE_GOLDEN=1 writes what they are read as now: look at every difference.

type Reply = { id: string; dialect: 'fenced' | 'hermes'; kind: 'tool' | 'edit'; path?: string; cut: boolean; raw: string };
/** `calls` are those read; `after` is what became of the file that an edit is about, where it changed it. */
type Read = { calls: [tool: string, args: unknown][]; malformed?: string; after?: string; refused?: string[] };

const lines = (name: string) =>
	readFileSync(join(import.meta.dirname, name), 'utf8')
		.split('\n')
		.filter(Boolean);
const replies = lines('replies.jsonl').map(line => JSON.parse(line) as Reply);
const expected = join(import.meta.dirname, 'read-as.json');
const top = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-replies-')));
after(() => rmSync(top, { recursive: true, force: true }));
const specs = allTools.map(tool => tool.spec(say(`tools/${tool.name}`)));
const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

async function readAs({ dialect, kind, path, cut, raw }: Reply, nth: number): Promise<Read> {
	const reader = dialects[dialect].reader(specs, 'c');
	reader.read(raw);
	const { calls, malformed } = reader.end(cut);
	const read: Read = { calls: calls.map(({ tool, args }) => [tool, args]), ...(malformed === undefined ? {} : { malformed }) };
	if (kind === 'tool') return read;
	if (calls.length > 0) return { ...read, ...(await carriedOut(calls, path!, nth)) };
	// As the job that asks for a whole file reads it. What does not change it is no change.
	const text = dialect === 'fenced' && !cut ? onlyBlock(raw, path!) : undefined;
	return text === undefined || text.trim() === shop[path!]!.trim() ? read : { ...read, after: digest(text) };
}

/** The calls that change files, carried out in a shop of their own. */
async function carriedOut(calls: readonly Call[], path: string, nth: number): Promise<Pick<Read, 'after' | 'refused'>> {
	const root = join(top, String(nth));
	for (const [name, text] of Object.entries(shop)) {
		mkdirSync(dirname(join(root, name)), { recursive: true });
		writeFileSync(join(root, name), text);
	}
	const workspace = await openWorkspace({ root, state: join(top, 'state'), conversation: 'c', box: 'never' });
	await workspace.files.read(path);
	const bench: Workbench = { workspace, signal: new AbortController().signal, outputTokens: 1000, testCommand: undefined };
	const refused: string[] = [];
	for (const { tool: name, args } of calls.filter(({ tool }) => ['edit', 'write_file'].includes(tool))) {
		const ready = allTools.find(tool => tool.name === name)!.prepare(args);
		const outcome = 'complaint' in ready ? { ok: false, text: ready.complaint } : await returned(teaching(ready.run(bench)));
		if (!outcome.ok) refused.push(outcome.text.split('\n')[0]!);
	}
	const text = readFileSync(join(root, path), 'utf8');
	return { ...(text === shop[path] ? {} : { after: digest(text) }), ...(refused.length > 0 ? { refused } : {}) };
}

test('replies of real models are read as a person reads them, and change what they meant to', { timeout: 300_000 }, async () => {
	const read: Record<string, Read> = {};
	for (const [nth, reply] of replies.entries()) read[reply.id] = await readAs(reply, nth);
	if (process.env.UPDATE_GOLDEN) writeFileSync(expected, `${JSON.stringify(read, null, '\t')}\n`);
	assert.ok(existsSync(expected), 'read-as.json is missing; run once with UPDATE_GOLDEN=1');
	assert.deepEqual(read, JSON.parse(readFileSync(expected, 'utf8')));
	assert.ok(replies.length >= 300);
});
