/** Tests for Rust: what is run, kept and written into the file itself. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { probe, probeEdits } from '../../src/checks/probe.js';
import { tests } from '../../src/jobs/tests/tests.js';
import { openCopy } from '../../src/jobs/trials.js';
import { noBox } from '../workspace/sandbox/boxes.js';
import { model, run, setting, textOf } from './scene.js';

const noRust = noBox || (spawnSync('cargo', ['--version']).error ? 'there is no Rust here' : false);
const limits = { seconds: 20, signal: new AbortController().signal };

const code = `use std::collections::HashMap;

pub fn discount(sum: f64) -> f64 {
    if sum >= 100.0 {
        return sum * 0.9;
    }
    sum
}

pub fn split(text: &str) -> Vec<String> {
    text.split(',').filter(|part| !part.is_empty()).map(|part| part.to_string()).collect()
}

pub fn count(words: &[&str]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for word in words {
        *counts.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    counts
}

pub fn parse(text: &str) -> Result<i32, std::num::ParseIntError> {
    text.trim().parse()
}

pub fn half(n: Option<i32>) -> Result<Option<i32>, String> {
    match n {
        Some(n) if n % 2 != 0 => Err("odd".to_string()),
        Some(n) => Ok(Some(n / 2)),
        None => Ok(None),
    }
}

pub fn must(n: i32) -> i32 {
    assert!(n >= 0, "negative");
    n
}

fn countdown(mut n: i32) -> i32 {
    while n != 0 {
        n = n.wrapping_sub(1) | 1;
    }
    n
}

pub fn year() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() / 31_556_952 + 1970
}

pub fn nothing() {}

#[derive(Debug, PartialEq)]
pub struct TooMuch;

pub fn checked(n: i32) -> Result<i32, TooMuch> {
    if n > 10 {
        return Err(TooMuch);
    }
    Ok(n)
}
`;
const manifest = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n';
const files = { 'Cargo.toml': manifest, '.gitignore': 'target\n', 'src/lib.rs': 'pub mod price;\n', 'src/price.rs': code };

async function bench(context: { after(end: () => Promise<void>): void }) {
	const { work } = await setting({ files });
	const copy = await openCopy(work.agent.workspace, limits.signal);
	context.after(copy.close);
	return copy;
}

describe('tests of Rust', { skip: noRust }, () => {
	test('calls tell what they give as code, what they depend on, and which lines they run; those that do not compile are left out', async context => {
		const copy = await bench(context);
		const calls = [
			'discount(200.0)',
			'discount("x")',
			'split("a,,b")',
			'count(&["b", "A", "b"])',
			'parse("7")',
			'parse("x")',
			'half(Some(4))',
			'half(Some(3))',
			'half(None)',
			'must(-1)',
			'countdown(3)',
			'year()',
			'nothing()',
			'discount(1.0) } fn x() {',
		];
		const found = await probe(copy, { path: 'src/price.rs', calls, order: 'alone', env: {} }, limits);
		const told = found?.calls.map((one, i) => [calls[i], one && `${one.kind} ${one.does}${one.touched ? ` (${one.touched})` : ''}`]);
		assert.deepEqual(told, [
			['discount(200.0)', 'value 180.0'],
			['discount("x")', undefined],
			['split("a,,b")', 'value vec!["a".to_string(), "b".to_string()]'],
			['count(&["b", "A", "b"])', 'value std::collections::HashMap::from([("a".to_string(), 1), ("b".to_string(), 2)])'],
			['parse("7")', 'value Ok(7)'],
			['parse("x")', 'error ! Err'],
			['half(Some(4))', 'value Ok(Some(2))'],
			['half(Some(3))', 'value Err("odd".to_string())'],
			['half(None)', 'value Ok(None)'],
			['must(-1)', 'error ! panic'],
			['countdown(3)', undefined],
			['year()', `value ${new Date().getFullYear()} (the time)`],
			['nothing()', 'other <()>'],
			['discount(1.0) } fn x() {', undefined],
		]);
		assert.deepEqual(found?.calls[0]?.lines, [4, 5]);
		assert.equal(readFileSync(join(copy.workspace.root, 'src/price.rs'), 'utf8'), code);
	});

	test('every mutant that compiles is run on every call', async context => {
		const copy = await bench(context);
		const edits = [
			[4, '    if sum > 200.0 {'],
			[5, '        return "x";'],
			[5, '        return sum * 2.0;'],
			[35, '    assert!(n > 5, "negative");'],
			[40, '    while n != 4 {'],
		] as const;
		const calls = ['discount(200.0)', 'must(3)', 'countdown(0)', 'must(6)'];
		const found = await probeEdits(copy, { path: 'src/price.rs', calls, edits }, limits);
		assert.deepEqual(found, [
			['200.0', '3', '0', '6'],
			undefined,
			['400.0', '3', '0', '6'],
			['180.0', '! panic', '0', '6'],
			['180.0', '3', '! late', ''],
		]);
	});

	test('a whole number that is expected is no contradiction to a fraction of the same value', async () => {
		const expects = 'assert.deepEqual(discount(200.0), 180);\n';
		const engine = model({ texts: [expects, expects, expects, 'discount(200.0)\n', '', '', ''] });
		const { work } = await setting({ files, engine, seconds: 100 });
		const { events } = await run(tests(['src/price.rs:discount'], work, limits.signal));
		assert.deepEqual(
			events.flatMap(event => (event.type === 'note' ? [event.text] : [])),
			[],
		);
	});

	test('the tests are a module of the file that cargo test runs; those that are there stay', async () => {
		const there = `${code}\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn nothing_is_half() {\n        assert_eq!(half(None), Ok(None));\n    }\n}\n`;
		for (const [text, name, calls, said] of [
			[code, 'discount', 'discount(200.0)\ndiscount(100.0)\n', /assert!\(\(discount\(\d+\.0\) - [\d.]+\)\.abs\(\) < 1e-9\);/],
			[there, 'half', 'half(Some(4))\nhalf(Some(3))\n', /assert_eq!\(half\(Some\(3\)\), Err\("odd"\.to_string\(\)\)\);/],
			[code, 'must', 'must(3)\nmust(-1)\n', /#\[should_panic\]\n {4}fn must_\w+\(\) \{\n {8}let _ = must\(-\d+\);/],
			[code, 'checked', 'checked(7)\nchecked(20)\n', /assert!\(checked\(\d+\)\.is_err\(\)\);/],
		] as const) {
			const engine = model({ texts: ['', '', '', calls, '', '', ''] });
			const { work, root, asked } = await setting({ files: { ...files, 'src/price.rs': text }, engine, seconds: 100 });
			const { events } = await run(tests([`src/price.rs:${name}`], work, limits.signal));
			const written = readFileSync(join(root, 'src/price.rs'), 'utf8');
			assert.match(written, said, `${textOf(events)}\n${written}`);
			assert.ok(written.startsWith(text.trimEnd().replace(/\}$/, '').trimEnd()));
			assert.match(asked.at(-1)?.verified ?? '', /pass(?:es)? three times and in reverse order; mutation score \d+ → (?:[5-9]\d|100) %/);
			assert.match(execFileSync('cargo', ['test', '--offline'], { cwd: root, encoding: 'utf8', stdio: 'pipe' }), /test result: ok\. [1-9]/);
		}
	});
});
