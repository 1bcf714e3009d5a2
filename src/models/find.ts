import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { places } from '../places.js';
import { type CatalogueEntry, catalogue } from './catalogue.js';

/** A model file on this machine. `entry` when it is one of the catalogue's; `name` is for people. */
export type FoundModel = { entry: CatalogueEntry | undefined; name: string; path: string; bytes: number; from: Keeper };

/** Which program keeps it. */
export type Keeper = 'qwill' | 'Ollama' | 'LM Studio' | 'Hugging Face' | 'llama.cpp';

const mostFolders = 2000;
const mostFiles = 500;
/** Vocabularies and settings are smaller; models are not. */
const smallest = 2 ** 20;

/**
 * Every model file that qwill or another program has put on this machine, our own first. Looks only into the places where
 * those programs keep models, at most 2,000 folders each; places that do not exist have none. Nothing is opened but Ollama's
 * small manifests.
 */
export async function findModels(): Promise<FoundModel[]> {
	const home = homedir();
	const { env } = process;
	const hub = env.HF_HUB_CACHE || join(env.HF_HOME || join(env.XDG_CACHE_HOME || join(home, '.cache'), 'huggingface'), 'hub');
	const lists = await Promise.all([
		below(places.models(), 'qwill', 0),
		ollama(env.OLLAMA_MODELS || join(home, '.ollama', 'models')),
		below(join(home, '.lmstudio', 'models'), 'LM Studio', 3),
		below(join(home, '.cache', 'lm-studio', 'models'), 'LM Studio', 3),
		below(hub, 'Hugging Face', 4),
		below(env.LLAMA_CACHE || join(home, '.cache', 'llama.cpp'), 'llama.cpp', 2),
	]);
	const seen = new Set<string>();
	return lists.flat().filter(model => !seen.has(model.path) && seen.add(model.path));
}

/** Model files in a folder and so many levels below it. Links to files count, links to folders are not followed. */
async function below(top: string, from: Keeper, levels: number): Promise<FoundModel[]> {
	const found: FoundModel[] = [];
	let folders = [top];
	let visited = 0;
	for (let level = 0; level <= levels && folders.length > 0; level++) {
		const next: string[] = [];
		for (const folder of folders) {
			if (++visited > mostFolders) return found;
			for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
				if (entry.isDirectory()) next.push(join(folder, entry.name));
				else if (isModelName(entry.name) && found.length < mostFiles) found.push(...(await described(join(folder, entry.name), from)));
			}
		}
		folders = next;
	}
	return found;
}

/** Language models only: no image encoders, and of a model in several files the first. */
function isModelName(name: string): boolean {
	const part = /-(\d{5})-of-\d{5}\.gguf$/.exec(name);
	return name.endsWith('.gguf') && !/^mmproj/i.test(name) && (!part || Number(part[1]) === 1);
}

async function described(path: string, from: Keeper): Promise<FoundModel[]> {
	const bytes = await sizeOf(path);
	if (bytes < smallest) return [];
	const file = basename(path).toLowerCase();
	// llama.cpp puts the repository before the file's name.
	const entry = catalogue.find(({ hub, ...known }) => {
		const same = file === hub.file.toLowerCase() || (from === 'llama.cpp' && file.endsWith(`_${hub.file.toLowerCase()}`));
		return same && (!known.exact || known.bytes === bytes);
	});
	return [{ entry, name: entry?.name ?? basename(path, '.gguf'), path, bytes, from }];
}

/** Ollama names its files by digest; the small manifests say which is which (`manifests/<registry>/<owner>/<model>/<tag>`). */
async function ollama(top: string): Promise<FoundModel[]> {
	const found: FoundModel[] = [];
	for (const path of await manifests(join(top, 'manifests'), 4)) {
		const digest = await modelDigest(path);
		if (!digest) continue;
		const blob = join(top, 'blobs', `sha256-${digest}`);
		const bytes = await sizeOf(blob);
		if (bytes < smallest) continue;
		const entry = catalogue.find(known => known.sha256 === digest);
		found.push({ entry, name: entry?.name ?? `${basename(dirname(path))}:${basename(path)}`, path: blob, bytes, from: 'Ollama' });
	}
	return found;
}

async function manifests(folder: string, levels: number): Promise<string[]> {
	const entries = (await readdir(folder, { withFileTypes: true }).catch(() => [])).slice(0, mostFiles);
	const lists = entries.map(async entry => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return levels > 1 ? manifests(path, levels - 1) : [];
		return entry.isFile() ? [path] : [];
	});
	return (await Promise.all(lists)).flat().slice(0, mostFiles);
}

/** The digest of the weights that a manifest names; undefined when it is none that we can read. */
async function modelDigest(path: string): Promise<string | undefined> {
	if ((await sizeOf(path)) > 64 * 1024) return undefined;
	const text = await readFile(path, 'utf8').catch(() => '');
	const layer = /\{[^{}]*"application\/vnd\.ollama\.image\.model"[^{}]*\}/.exec(text)?.[0] ?? '';
	return /"digest"\s*:\s*"sha256:([0-9a-f]{64})"/.exec(layer)?.[1];
}

const sizeOf = (path: string): Promise<number> =>
	stat(path).then(
		stats => (stats.isFile() ? stats.size : 0),
		() => 0,
	);
