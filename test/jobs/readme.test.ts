import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { docs } from '../../src/jobs/docs/docs.js';
import { isReadme } from '../../src/jobs/docs/readme.js';
import { missingIn, titles, withSections } from '../../src/jobs/docs/readme-file.js';
import { noBox } from '../workspace/sandbox/boxes.js';
import { put, shell } from '../workspace/world.js';
import { model, run, setting, textOf } from './scene.js';

const never = new AbortController().signal;

/** A project of these files, and what the model writes in it. */
async function scene(files: Record<string, string>, texts: readonly string[] = []) {
	const opened = await setting({ engine: model({ texts }) });
	const { root, work } = opened;
	shell(root, 'rm -rf ./*');
	for (const [path, text] of Object.entries(files)) put(root, path, text);
	const readme = () => (existsSync(join(root, 'README.md')) ? readFileSync(join(root, 'README.md'), 'utf8') : undefined);
	return { ...opened, readme, write: (word = 'README.md') => run(docs([word], work, never)) };
}

describe('the sections of a README', () => {
	test('are those that it does not have by any name', () => {
		assert.deepEqual(missingIn(''), titles);
		assert.deepEqual(missingIn('# X\n\n## Getting started\n\n## 🔧 Development\n\n```\n# Files\n```\n'), ['Files']);
	});

	test('stand in their order, before what belongs at the end, and nothing else changes', () => {
		const section = { title: 'Commands', lines: ['- `make`'] } as const;
		assert.equal(withSections('', [section], ['# x', '', 'Words.']), '# x\n\nWords.\n\n## Commands\n\n- `make`\n');
		const old = '# x\n\n## Usage\n\nUse it.\n';
		assert.equal(withSections(`${old}\n## License\n\nMIT\n`, [section], []), `${old}\n## Commands\n\n- \`make\`\n\n## License\n\nMIT\n`);
		assert.equal(withSections('# x\n\n### Files\n\n- a\n', [section], []), '# x\n\n### Commands\n\n- `make`\n\n### Files\n\n- a\n');
	});

	test('are asked for by the name of the file', () => {
		assert.deepEqual(['README.md', '@docs/readme.md:Usage', 'README', 'README.txt', 'src/README.ts'].map(isReadme), [
			true,
			true,
			true,
			false,
			false,
		]);
	});
});

const manifest = JSON.stringify({
	name: 'adder',
	description: 'Adds numbers.',
	engines: { node: '>=22' },
	bin: { adder: './cli.js', gone: './gone.js' },
	scripts: { build: 'tsc -p .', prebuild: 'rm -rf out', test: 'node --test', start: 'node cli.js' },
});

describe('docs README.md', () => {
	test('has what the manifests say, and words of the model for what the files are for', async () => {
		const { write, readme, asked } = await scene({ 'package.json': manifest, 'cli.js': 'add(1);\n', 'cli.test.js': '' }, ['Adds numbers']);
		const { ending, events } = await write();
		assert.deepEqual(ending, { reason: 'answered' }, textOf(events));
		const text = readme() ?? '';
		assert.match(
			text,
			/^# adder\n\nAdds numbers\.\n\n## Install\n\nNeeds Node\.js >=22\.\n\n```sh\nnpm install\n```\n\n## Usage\n\n```sh\nnpm start\nnode cli\.js\n```\n/,
		);
		assert.match(
			text,
			/## Commands\n\n- `npm run build`: `tsc -p \.`\n- `npm test`: `node --test`\n\n## Files\n\n- `cli\.js`: Adds numbers\.\n$/,
		);
		assert.equal(asked.length, 1);
		assert.match(
			textOf(events),
			/Written in `README\.md`: Install, Usage, Commands, Files\. Verified: .*What the files are for is in the model's words/,
		);
	});

	test('a sentence that speaks of what is not there is left out, and the file is told all the same', async () => {
		const lies = ['Calls `multiply_all` first', 'Calls `multiply_all`', 'Calls multiply_all()'];
		const { write, readme } = await scene({ 'cli.js': 'add(1);\n' }, lies);
		await write('README.md:files');
		assert.equal(readme(), '# work\n\n## Files\n\n- `cli.js`\n');
	});

	test('examples are those that do what they say, with their import', { skip: noBox }, async () => {
		const files = {
			'calc/__init__.py': '',
			'calc/sums.py': '"""Sums of numbers.\n\nMore."""\n\ndef double(x: int) -> int:\n    return 2 * x\n',
		};
		const { write, readme } = await scene(files, ['double(2)\ndouble(3)\ndouble("a")\n']);
		const { events } = await write();
		assert.match(readme() ?? '', /```python\n>>> from calc\.sums import double\n>>> double\(2\)\n4\n/, textOf(events));
		assert.match(readme() ?? '', /## Files\n\n- `calc\/sums\.py`: Sums of numbers\.\n/);
		assert.match(textOf(events), /the example runs/);
	});

	test('what is in the file stays as it is, and a section that is there is not written again', async () => {
		const own = '# Mine\n\nMy words.\n\n## Install\n\nAs usual.\n';
		const { write, readme } = await scene({ 'package.json': manifest, 'README.md': own });
		const { ending } = await write('README.md:Install');
		assert.equal(ending.reason, 'answered');
		assert.equal(readme(), own);
		await write('README.md:Commands');
		assert.ok(readme()?.startsWith(own));
		await assert.rejects(write('README.md:Poems'), /Install, Usage, Commands, Files.*Poems is none of them/);
	});

	test('of many files those nearest to the top are told of, and that there are more', async () => {
		const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`deep/m${i}.py`, `"""Part ${i}."""\n`]));
		const { write, readme } = await scene({ ...many, 'top.py': '"""The top."""\n' });
		const { events } = await write('README.md:Files');
		assert.match(readme() ?? '', /## Files\n\n- `top\.py`: The top\.\n- `deep\/m0\.py`: Part 0\.\n/);
		assert.match(textOf(events), /Left out: 2 more files\./);
	});

	test('where nothing is known, nothing is written, and that is said', async () => {
		const { write, readme } = await scene({ 'notes.txt': 'x\n' });
		const { ending, events } = await write();
		assert.equal(ending.reason, 'checks-failed');
		assert.equal(readme(), undefined);
		assert.match(textOf(events), /nothing was changed/);
	});

	test('Python, Rust, Go and make are read as their files have it', async () => {
		const { write, readme } = await scene({
			'pyproject.toml':
				'[project]\nname = "calc"\nrequires-python = ">=3.10"\n\n[project.scripts]\ncalc = "calc.cli:main"\n\n[tool.x]\ny = "z"\n',
			'calc/__main__.py': '"""Starts it."""\n',
			'go.mod': 'module example.org/adder\n\ngo 1.22\n',
			'cmd/adder/main.go': 'package main\n',
			'Cargo.toml': '[package]\nname = "adder"\nrust-version = "1.70"\n',
			'src/main.rs': 'fn main() {}\n',
			Makefile: 'OUT := x\nall: build\n\nbuild:\n\t@go build ./...\n',
		});
		await write('README.md:Install');
		await write('README.md:Usage');
		await write('README.md:Commands');
		const text = readme() ?? '';
		assert.match(text, /Needs Python >=3\.10, Rust 1\.70, Go 1\.22\.\n\n```sh\npip install \.\ncargo build\ngo build \.\/\.\.\.\n```/);
		assert.match(text, /## Usage\n\n```sh\ncalc\npython -m calc\ncargo run\ngo run \.\/cmd\/adder\n```/);
		assert.match(text, /- `make all`\n- `make build`: `go build \.\/\.\.\.`/);
	});
});
