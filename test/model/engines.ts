import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../src/engine/engine.js';
import { type LocalOptions, localEngine } from '../../src/engine/local/local.js';
import { places } from '../../src/places.js';
import { plainDialect } from '../engine/asking.js';
import { tinyModel } from './tiny.js';

export function tinyEngine(options: Partial<LocalOptions> = {}): Engine {
	return localEngine({
		modelPath: options.modelPath ?? tinyModel(),
		name: 'tiny',
		tier: 'T0',
		dialect: plainDialect,
		contextSize: 4096,
		threads: 1,
		batchSize: 128,
		useMmap: true,
		gpu: false,
		...options,
	});
}

export const realEngine = (modelPath: string, more: Partial<LocalOptions> = {}): Engine =>
	tinyEngine({ modelPath, name: 'qwen2.5-coder-0.5b', threads: Math.min(2, availableParallelism()), useMmap: false, ...more });

/** The file of the real 0.5B; undefined where it is not installed. */
export function realModel(): string | undefined {
	const path = join(places.models(), 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf');
	return existsSync(path) ? path : undefined;
}
