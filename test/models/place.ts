import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'node:test';
import type { Machine } from '../../src/models/machine.js';

/** Gives every test of a file a home, a cache, a state and a config folder of its own, and no keys or endpoints of the person. */
export function freshHome(): { path(...names: string[]): string } {
	const before = { ...process.env };
	let home = '';
	beforeEach(() => {
		home = mkdtempSync(join(tmpdir(), 'qwill-models-'));
		for (const name of Object.keys(process.env)) if (/^(HF_|OLLAMA_|LLAMA_|XDG_)/.test(name)) delete process.env[name];
		Object.assign(process.env, {
			HOME: home,
			XDG_CACHE_HOME: join(home, 'cache'),
			XDG_CONFIG_HOME: join(home, 'config'),
			XDG_STATE_HOME: join(home, 'state'),
		});
		mkdirSync(join(home, 'cache/qwill/models'), { recursive: true });
	});
	afterEach(() => {
		for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
		Object.assign(process.env, before);
		rmSync(home, { recursive: true, force: true });
	});
	return { path: (...names) => join(home, ...names) };
}

/** The machine that the published figures were measured on. */
export const twoCores: Machine = {
	platform: 'linux',
	arch: 'x64',
	cpu: 'test',
	cores: 2,
	memoryTotal: 25e9,
	memoryAvailable: 24e9,
	gpu: undefined,
};
