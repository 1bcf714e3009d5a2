import { cargo } from './cargo.js';
import { ctest } from './ctest.js';
import { deno } from './deno.js';
import { dotnet } from './dotnet.js';
import { exunit } from './exunit.js';
import { go } from './go.js';
import { gradle } from './gradle.js';
import { jest } from './jest.js';
import { maven } from './maven.js';
import { minitest } from './minitest.js';
import { mocha } from './mocha.js';
import { nodeSpec } from './node-spec.js';
import { phpunit } from './phpunit.js';
import { pytest } from './pytest.js';
import type { Reader, Reading } from './reading.js';
import { rspec } from './rspec.js';
import { tap } from './tap.js';
import { unittest } from './unittest.js';
import { vitest } from './vitest.js';

/** Those with the most telling summary first. TAP is last: others print it too. */
const readers: readonly Reader[] = [
	nodeSpec,
	vitest,
	jest,
	mocha,
	pytest,
	unittest,
	cargo,
	maven,
	gradle,
	dotnet,
	phpunit,
	rspec,
	minitest,
	exunit,
	deno,
	ctest,
	go,
	tap,
];

/** What an output says of tests, whatever program printed it; undefined when it is none that is known. */
export function readReport(output: string): Reading | undefined {
	const text = bounded(output);
	for (const read of readers) {
		const reading = read(text);
		if (reading) return reading;
	}
	return undefined;
}

/** Without what makes patterns slow and tells nothing: very long lines, and blank lines by the thousand. */
const bounded = (output: string): string =>
	output
		.split('\n')
		.map(line => line.slice(0, 1000).trimEnd())
		.join('\n')
		.replace(/\n{5,}/g, '\n\n\n\n');
