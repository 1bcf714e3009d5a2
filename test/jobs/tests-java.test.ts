/** Tests for Java: what is run, and how a case is written. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { probe, probeEdits } from '../../src/checks/probe.js';
import { rendered } from '../../src/jobs/tests/render.js';
import { subjectsOf } from '../../src/jobs/tests/subjects.js';
import { tests } from '../../src/jobs/tests/tests.js';
import { openCopy } from '../../src/jobs/trials.js';
import { noBox } from '../workspace/sandbox/boxes.js';
import { model, run, setting, textOf } from './scene.js';

const noJava = noBox || (spawnSync('javac', ['-version']).error ? 'there is no Java here' : false);
const limits = { seconds: 20, signal: new AbortController().signal };

const code = `package com.shop;

import java.util.*;

public final class Prices {
    enum Size { SMALL, LARGE }

    record Item(String name, int sum) {}

    static double discount(double sum) {
        if (sum >= 100) {
            return sum * 0.9;
        }
        return sum;
    }

    static List<String> split(String text) {
        return new ArrayList<>(Arrays.asList(text.split(",")));
    }

    static int divide(int a, int b) {
        if (b == 0) {
            throw new IllegalArgumentException("zero");
        }
        return a / b;
    }

    static Map<String, Item> items(String name) {
        Map<String, Item> all = new HashMap<>();
        all.put(name, new Item(name, 3));
        return all;
    }

    static Size size(long n) {
        return n > 9 ? Size.LARGE : Size.SMALL;
    }

    static int[] firsts(int n) {
        int[] all = new int[n];
        for (int i = 0; i != n; i++) {
            all[i] = i + 1;
        }
        return all;
    }

    static String next(String text) {
        if (text.isEmpty()) {
            throw new NoSuchElementException();
        }
        return text.substring(1);
    }

    static long now() {
        return System.currentTimeMillis() * 0;
    }

    static void nothing() {
    }

    public int plus(int n) {
        return n + 1;
    }

    private static int hidden() {
        return 1;
    }
}
`;
const path = 'src/main/java/com/shop/Prices.java';
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>com.shop</groupId><artifactId>shop</artifactId><version>1.0</version>
<properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
<dependencies><dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.10.2</version><scope>test</scope></dependency></dependencies>
<build><plugins><plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-surefire-plugin</artifactId><version>3.2.5</version></plugin></plugins></build>
</project>
`;
const files = { 'pom.xml': pom, '.gitignore': 'target\n', [path]: code };
const isThere = existsSync(join(homedir(), '.m2/repository/org/junit/jupiter/junit-jupiter/5.10.2'));

async function bench(context: { after(end: () => Promise<void>): void }) {
	const { work } = await setting({ files });
	const copy = await openCopy(work.agent.workspace, limits.signal);
	context.after(copy.close);
	return copy;
}

describe('tests of Java', { skip: noJava }, () => {
	test('calls tell what they give as code, what they depend on, and which lines they run; those that do not compile are left out', async context => {
		const copy = await bench(context);
		const calls = [
			'Prices.discount(200)',
			'Prices.discount("x")',
			'Prices.split("a,b")',
			'Prices.divide(7, 2)',
			'Prices.divide(1, 0)',
			'Prices.items("n")',
			'Prices.size(12)',
			'Prices.firsts(2)',
			'Prices.firsts(-1)',
			'Prices.next("")',
			'Prices.now()',
			'Prices.nothing()',
			'new Prices().plus(2)',
			'Prices.split(List.of("a").get(0))',
			'1; } } class X {',
		];
		const found = await probe(copy, { path, calls, order: 'alone', env: {} }, limits);
		const told = found?.calls.map((one, i) => [calls[i], one && `${one.kind} ${one.does}${one.touched ? ` (${one.touched})` : ''}`]);
		assert.deepEqual(told, [
			['Prices.discount(200)', 'value 180.0'],
			['Prices.discount("x")', undefined],
			['Prices.split("a,b")', 'value java.util.Arrays.asList("a", "b")'],
			['Prices.divide(7, 2)', 'value 3'],
			['Prices.divide(1, 0)', 'error ! IllegalArgumentException'],
			['Prices.items("n")', 'value java.util.Map.of("n", new Prices.Item("n", 3))'],
			['Prices.size(12)', 'value Prices.Size.LARGE'],
			['Prices.firsts(2)', 'value new int[] {1, 2}'],
			['Prices.firsts(-1)', 'error ! NegativeArraySizeException'],
			['Prices.next("")', 'error ! java.util.NoSuchElementException'],
			['Prices.now()', 'value 0L (the time)'],
			['Prices.nothing()', undefined],
			['new Prices().plus(2)', 'value 3'],
			['Prices.split(List.of("a").get(0))', 'value java.util.Arrays.asList("a")'],
			['1; } } class X {', undefined],
		]);
		assert.deepEqual(found?.calls[0]?.lines, [11, 12]);
		const none = await probe(copy, { path, calls: ['Prices.discount("x")'], order: 'alone', env: {} }, limits);
		assert.deepEqual(none, { lines: [], calls: [undefined] });
		assert.equal(readFileSync(join(copy.workspace.root, path), 'utf8'), code);
	});

	test('every mutant that compiles is run on every call', async context => {
		const copy = await bench(context);
		const edits = [
			[11, '        if (sum > 200) {'],
			[12, '            return "x";'],
			[12, '            return sum * 2;'],
			[40, '        for (int i = 0; i != -1; i += 0) {'],
		] as const;
		const calls = ['Prices.discount(200)', 'Prices.firsts(0)', 'Prices.discount(3)'];
		const found = await probeEdits(copy, { path, calls, edits }, limits);
		assert.deepEqual(found, [
			['200.0', 'new int[] {}', '3.0'],
			undefined,
			['400.0', 'new int[] {}', '3.0'],
			['180.0', '! ArrayIndexOutOfBoundsException', '3.0'],
		]);
	});

	test('static methods are tested, and those of objects that are made of nothing; none that is private or gives nothing', async () => {
		const found = await subjectsOf({ path, text: code, from: 1, to: 60, definition: undefined });
		assert.deepEqual(
			found.map(({ name }) => name),
			['discount', 'split', 'divide', 'items', 'size', 'firsts', 'next', 'now', 'plus'].map(name => `Prices.${name}`),
		);
		assert.deepEqual(found[2]?.guesses.slice(0, 2), ['Prices.divide(3, 3)', 'Prices.divide(7, 2)']);
		assert.match(found.at(-1)?.guesses[0] ?? '', /^new Prices\(\)\.plus\(\d+\)$/);
	});

	test('a class of tests is written for what passes, and maven runs it', { skip: !isThere && 'JUnit is not on this machine' }, async () => {
		const engine = model({ texts: ['', '', '', 'Prices.discount(200)\nPrices.discount(100)\nPrices.discount(5)\n', '', '', ''] });
		const { work, root, asked } = await setting({ files, engine, seconds: 150 });
		const { events } = await run(tests([`${path}:discount`], work, limits.signal));
		const written = join(root, 'src/test/java/com/shop/PricesTest.java');
		assert.ok(existsSync(written), textOf(events));
		assert.match(readFileSync(written, 'utf8'), /assertEquals\(\d+\.\d+, Prices\.discount\([\d.]+\), 1e-9\);/);
		assert.match(asked.at(-1)?.verified ?? '', /pass three times and in reverse order; mutation score 0 → (?:[6-9]\d|100) %/);
	});
});

test('a case of Java is written in the words of JUnit 5, or 4; what is there stays', () => {
	const of = (call: string, does: string, title: string, kind: 'value' | 'error' = 'value') => ({ call, does, kind, waits: false, title });
	const cases = [
		of('Prices.divide(7, 2)', '3', 'sevenByTwo'),
		of('Prices.firsts(1)', 'new int[] {1}', 'first'),
		of('Prices.next("")', '! java.util.NoSuchElementException', 'none', 'error'),
		of('Prices.open()', 'true', 'open'),
	];
	const place = { path: 'src/test/java/com/shop/PricesTest.java', text: null, imports: [''], modules: false, package: 'com.shop' };
	const rendering = { cases, imports: [], whole: false, specifier: '' };
	const body = (isPublic: string) =>
		[
			['sevenByTwo', 'assertEquals(3, Prices.divide(7, 2));'],
			['first', 'assertArrayEquals(new int[] {1}, Prices.firsts(1));'],
			['none', 'assertThrows(java.util.NoSuchElementException.class, () -> Prices.next(""));'],
			['open', 'assertTrue(Prices.open());'],
		]
			.map(([name, line]) => `    @Test\n    ${isPublic}void ${name}() throws Exception {\n        ${line}\n    }\n`)
			.join('\n');
	const statics = (home: string) =>
		['Equals', 'True', 'ArrayEquals', 'Throws'].map(one => `import static ${home}.assert${one};\n`).join('');
	assert.equal(
		rendered({ ...place, framework: 'junit5' }, rendering),
		`package com.shop;\n\n${statics('org.junit.jupiter.api.Assertions')}\nimport org.junit.jupiter.api.Test;\n\nclass PricesTest {\n${body('')}}\n`,
	);
	const there = 'package com.shop;\n\nimport static org.junit.Assert.*;\nimport org.junit.Test;\n\npublic class PricesTest {\n}\n';
	assert.equal(rendered({ ...place, framework: 'junit4', text: there }, rendering), `${there.slice(0, -2)}\n${body('public ')}}\n`);
});
