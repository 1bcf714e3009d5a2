/** Tests for a language that is compiled: what is run, kept and written. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { probe, probeEdits } from '../../src/checks/probe.js';
import { tests } from '../../src/jobs/tests/tests.js';
import { openCopy } from '../../src/jobs/trials.js';
import { keptFor } from '../../src/workspace/sandbox/kept.js';
import { noBox } from '../workspace/sandbox/boxes.js';
import { model, run, setting, textOf } from './scene.js';

const noGo = noBox || (spawnSync('go', ['version']).error ? 'there is no Go here' : false);
const limits = { seconds: 20, signal: new AbortController().signal };

const code = `package price

import (
	"errors"
	"os"
	"time"
)

type Item struct {
	Name string
	Sum  float64
	tags []string
}

func Discount(sum float64) float64 {
	if sum >= 100 {
		return sum * 0.9
	}
	return sum
}

func Divide(a, b int) (int, error) {
	if b == 0 {
		return 0, errors.New("division by zero")
	}
	return a / b, nil
}

func Pair(name string) (*Item, []any, map[string][]int) {
	if name == "" {
		return nil, nil, nil
	}
	return &Item{Name: name, tags: []string{"a"}}, []any{1, int64(2), "x"}, map[string][]int{"b": {2}, "a": nil}
}

func Must(n int) int {
	if n < 0 {
		panic("negative")
	}
	return n
}

func Loop(n int) int {
	for n != 0 {
		n--
	}
	return n
}

func Year() int { return time.Now().Year() }

func Home(n int) int {
	return n + len(os.Getenv("NOTHING"))
}

func Func() func() { return nil }

func none() {}
`;
const files = { 'go.mod': 'module example.com/shop\n\ngo 1.21\n', 'price/price.go': code };

/** One project for all: Go compiles its library anew for each. */
let project: ReturnType<typeof setting> | undefined;
const shared = () => (project ??= setting({ files, seconds: 100 }));

async function bench(context: { after(end: () => Promise<void>): void }) {
	const copy = await openCopy((await shared()).work.agent.workspace, limits.signal);
	context.after(copy.close);
	return copy;
}

/** Runs the job with calls that a model thinks of, with this file of tests there; then what the project's own tests say. */
async function tested(name: string, calls: string, there?: string) {
	const { work, root, asked } = await shared();
	const path = join(root, 'price/price_test.go');
	if (there === undefined) rmSync(path, { force: true });
	else writeFileSync(path, there);
	const engine = model({ texts: ['', '', '', calls, '', '', ''] });
	const { events } = await run(tests([`price/price.go:${name}`], { ...work, agent: { ...work.agent, engine } }, limits.signal));
	assert.ok(existsSync(path), textOf(events));
	const env = { ...process.env, ...keptFor(root, root)?.env };
	assert.match(execFileSync('go', ['test', './...'], { cwd: root, env, encoding: 'utf8' }), /^ok /m);
	assert.equal(execFileSync('gofmt', ['-l', '.'], { cwd: root, encoding: 'utf8' }), '');
	return { text: readFileSync(path, 'utf8'), verified: asked.at(-1)?.verified ?? '' };
}

describe('tests of Go', { skip: noGo }, () => {
	test('calls tell what they give as code, what they depend on, and which lines they run; those that do not compile are left out', async context => {
		const copy = await bench(context);
		const calls = [
			'Discount(200)',
			'Discount("x")',
			'Divide(7, 2)',
			'Divide(1, 0)',
			'Pair("n")',
			'Pair("")',
			'Must(-1)',
			'Loop(-1)',
			'Year()',
			'Home(1)',
			'Func()',
			'none()',
			'Discount(1) }; func init() {',
			'Discount(',
		];
		const found = await probe(copy, { path: 'price/price.go', calls, order: 'alone', env: {} }, limits);
		const told = found?.calls.map((one, i) => [calls[i], one && `${one.kind} ${one.does}${one.touched ? ` (${one.touched})` : ''}`]);
		assert.deepEqual(told, [
			['Discount(200)', 'value 180.0'],
			['Discount("x")', undefined],
			['Divide(7, 2)', 'value 3, nil'],
			['Divide(1, 0)', 'error ! _, error'],
			[
				'Pair("n")',
				'value &Item{Name: "n", tags: []string{"a"}}, []interface{}{1, int64(2), "x"}, map[string][]int{"a": []int(nil), "b": []int{2}}',
			],
			['Pair("")', 'value (*Item)(nil), []interface{}(nil), map[string][]int(nil)'],
			['Must(-1)', 'error ! panic'],
			['Loop(-1)', undefined],
			['Year()', `value ${new Date().getFullYear()} (the time)`],
			['Home(1)', 'value 1 (the system)'],
			['Func()', 'other <func()>'],
			['none()', undefined],
			['Discount(1) }; func init() {', undefined],
			['Discount(', undefined],
		]);
		assert.deepEqual(found?.calls[0]?.lines, [16, 17]);
		assert.equal(readFileSync(join(copy.workspace.root, 'price/price.go'), 'utf8'), code);
		assert.ok(!existsSync(join(copy.workspace.root, 'price/qwill_probe_test.go')));
	});

	test('every mutant that compiles is run on every call', async context => {
		const copy = await bench(context);
		const edits = [
			[16, '\tif sum > 200 {'],
			[17, '\t\treturn sum * "x"'],
			[17, '\t\treturn sum * 2'],
			[37, '\tif n > 0 {'],
			[44, '\tfor n != 1 {'],
		] as const;
		const calls = ['Discount(200)', 'Must(3)', 'Loop(0)', 'Must(4)'];
		const found = await probeEdits(copy, { path: 'price/price.go', calls, edits }, limits);
		assert.deepEqual(found, [
			['200.0', '3', '0', '4'],
			undefined,
			['400.0', '3', '0', '4'],
			['180.0', '! panic', '0', '! panic'],
			['180.0', '3', '! late', ''],
		]);
	});

	test('a file is written beside the code that go test runs and that a change of the code breaks', async () => {
		const { text, verified } = await tested('Discount', 'Discount(200)\nDiscount(100)\n');
		assert.match(
			text,
			/^package price\n\nimport \(\n\t"math"\n\t"testing"\n\)\n\nfunc TestDiscount\w*\(t \*testing\.T\) \{\n\tgot := Discount\(/,
		);
		assert.match(verified, /cases pass three times and in reverse order; mutation score 0 → (?:[6-9]\d|100) % .*; lines 100 %/);
	});

	test('errors, panics and several values have their own words; what is there stays', async () => {
		const there = 'package price\n\nimport "testing"\n\nfunc TestMust(t *testing.T) {\n\tif Must(1) != 1 {\n\t\tt.Error("no")\n\t}\n}\n';
		for (const [name, calls, said] of [
			[
				'Divide',
				'Divide(7, 2)\nDivide(1, 0)\n',
				/if _, err := Divide\(\w+, 0\); err == nil \{|got, err := Divide\(7, 2\)\n\tif got != 3 \{/,
			],
			['Must', 'Must(3)\nMust(-2)\n', /defer func\(\) \{\n\t\tif recover\(\) == nil \{/],
			['Pair', 'Pair("n")\nPair("")\n', /!reflect\.DeepEqual\(got\d?, want\)/],
		] as const) {
			const { text } = await tested(name, calls, there);
			assert.match(text, said);
			assert.ok(text.includes('func TestMust(t *testing.T) {\n\tif Must(1) != 1 {'));
		}
	});
});
