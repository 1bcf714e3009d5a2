import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import { clip } from '../../src/tools/clip.js';
import { readFile } from '../../src/tools/read-file.js';
import { openBench, use } from './bench.js';
import { long, type Scene, scenes } from './scenes.js';

const folder = join(import.meta.dirname, '..', '..', 'prompts', 'tools');
const ours = [
	'read_file',
	'write_file',
	'edit',
	'glob',
	'grep_search',
	'list_directory',
	'run_shell_command',
	'run_tests',
	'git',
	'paths',
	'clip',
];
const reached = new Set<string>();

describe('every sentence of a tool can be reached', () => {
	for (const [section, text] of sectionsOf(ours)) {
		test(section, async context => {
			const scene = scenes[section];
			assert.ok(scene, `no scene makes a tool say ${section}`);
			const said = section.startsWith('clip#') ? clipped(section) : await saidIn(scene, context);
			assert.match(said, pattern(text), said);
			reached.add(section);
		});
	}
	after(() =>
		assert.deepEqual(
			Object.keys(scenes).filter(name => !reached.has(name)),
			[],
		),
	);
});

test('each tool has a purpose of one short line', () => {
	for (const page of readdirSync(folder)) {
		const purpose = readFileSync(join(folder, page), 'utf8')
			.replace(/<!--[\s\S]*?-->\n?/g, '')
			.split(/^## /m)[0]!
			.trim();
		assert.ok(purpose.length <= 80 && !purpose.includes('\n'), `${page}: ${purpose}`);
	}
});

async function saidIn(scene: Scene, context: TestContext): Promise<string> {
	const { files = {}, outputTokens = 2000, testCommand } = scene;
	const stop = new AbortController();
	const bench = await openBench(context, { files, outputTokens, signal: stop.signal, ...(testCommand && { testCommand }) });
	for (const path of scene.read ?? []) await use(readFile, { file_path: path }, bench);
	await scene.first?.(bench);
	if (scene.aborted) stop.abort();
	const { ok, text } = await use(scene.tool, scene.args, bench);
	assert.equal(ok, scene.ok ?? false, text);
	return text;
}

function clipped(section: string): string {
	return section === 'clip#lines' ? clip(long, 12, 'both') : clip('x'.repeat(500), 12, 'head');
}

/** A template as a pattern: anything may stand where a value goes. */
const pattern = (text: string): RegExp =>
	new RegExp(
		text
			.split(/\{[a-zA-Z]+\}/)
			.map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
			.join('[\\s\\S]+'),
	);

function sectionsOf(pages: readonly string[]): [string, string][] {
	return pages.flatMap(page => {
		const parts = readFileSync(join(folder, `${page}.md`), 'utf8')
			.split(/^## /m)
			.slice(1);
		return parts.map((part): [string, string] => [`${page}#${part.slice(0, part.indexOf('\n'))}`, part.slice(part.indexOf('\n')).trim()]);
	});
}
