import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { echoed } from '../sanitise.js';
import { Refusal, type Tier } from '../types.js';
import { type CatalogueEntry, catalogue, type DialectName, entryOf, nearestId, starter } from './catalogue.js';
import { type FoundModel, findModels } from './find.js';
import { type GgufHeader, readHeader } from './gguf.js';
import type { Machine } from './machine.js';
import { type Plan, planFor, runsWell } from './plan.js';
import { verifiedDigest } from './verify.js';
import { dialectOf, tierOf, weightsOfHeader } from './weights.js';

/** A model file that has been checked and may be loaded, and how. `why` is one sentence for the person. */
export type ChosenModel = {
	name: string;
	path: string;
	entry: CatalogueEntry | undefined;
	header: GgufHeader;
	tier: Tier;
	dialect: DialectName;
	plan: Plan;
	sha256: string;
	why: string;
};

/** The model that would have to be fetched first. */
export type MissingModel = { missing: CatalogueEntry };

/**
 * The model to run: the wanted one (a path, or an id of the catalogue), else the best installed one that runs well here, never
 * one that forbids commercial use. Its header and its digest have been checked; hashing a new file takes about a second for
 * each gigabyte. Throws `Refusal` (41): unknown id, no such file, damaged, does not fit.
 */
export async function chooseModel(wanted: string | undefined, machine: Machine, signal?: AbortSignal): Promise<ChosenModel | MissingModel> {
	if (wanted === undefined) return chooseUnasked(machine, signal);
	const found = await find(wanted);
	return 'missing' in found ? found : check(found, machine, signal);
}

/**
 * The known model that `wanted` (a path, or an id of the catalogue) names, when it has to be fetched first; undefined when it is
 * here. Only the file's header is looked at. Throws `Refusal` (41): unknown id, no such file, damaged.
 */
export async function toBeFetched(wanted: string): Promise<CatalogueEntry | undefined> {
	const found = await find(wanted);
	if ('missing' in found) return found.missing;
	readHeader(found.path);
	return undefined;
}

async function find(wanted: string): Promise<Candidate | MissingModel> {
	if (isPath(wanted)) return { path: fullPath(wanted), entry: undefined, why: 'it was asked for' };
	const entry = entryOf(wanted);
	const found = await findModels();
	const model = entry ? found.find(one => one.entry === entry) : found.find(one => one.name === wanted);
	if (model) return { ...model, why: `it was asked for (kept by ${model.from})` };
	if (entry) return { missing: entry };
	throw new Refusal(
		`There is no model "${echoed(wanted)}". The nearest is ${nearestId(wanted)}; \`qwill models list\` shows all, and a path to a .gguf file works too.`,
		41,
	);
}

async function chooseUnasked(machine: Machine, signal?: AbortSignal): Promise<ChosenModel | MissingModel> {
	const candidates = (await findModels()).flatMap(found => judge(found, machine));
	candidates.sort((a, b) => Number(b.well) - Number(a.well) || (a.well ? b.value - a.value : a.value - b.value));
	const refusals: string[] = [];
	for (const { found, well } of candidates) {
		const others = candidates.length > 1 ? ` of ${candidates.length} installed models` : ' installed model';
		const why = well ? `the best${others} for this machine (kept by ${found.from})` : `the lightest${others}, none of which runs well here`;
		try {
			return await check({ ...found, why }, machine, signal);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			refusals.push(error.message);
		}
	}
	if (refusals[0] && candidates.some(candidate => candidate.found.entry === starter)) throw new Refusal(refusals[0], 41);
	return { missing: starter };
}

/**
 * The next larger model for code on this machine that fits beside `name`, which is at work: undefined where there is none, and
 * for models that are not the catalogue's. Nothing is checked but sizes.
 */
export async function nextLarger(name: string, machine: Machine): Promise<CatalogueEntry | undefined> {
	const current = catalogue.find(entry => entry.name === name);
	if (!current) return undefined;
	const larger = (await findModels()).flatMap(found => {
		const { entry } = found;
		const header =
			entry && entry.purpose === 'code' && entry.licence.commercial && entry.parameters > current.parameters && headerOrNothing(found.path);
		return entry && header && planFor(weightsOfHeader(header), machine).fits ? [entry] : [];
	});
	return larger.sort((a, b) => a.parameters - b.parameters)[0];
}

type Judged = { found: FoundModel; well: boolean; value: number };

/** None for what may not be a default: damaged, no known chat model, not free for commercial use, too large. */
function judge(found: FoundModel, machine: Machine): Judged[] {
	const entry = found.entry;
	if (entry && !entry.licence.commercial) return [];
	// Files of other programs that we do not know may be anything: embeddings, experiments, any licence.
	if (!entry && found.from !== 'qwill') return [];
	const header = headerOrNothing(found.path);
	if (!header) return entry === starter ? [{ found, well: false, value: 0 }] : [];
	const plan = planFor(weightsOfHeader(header), machine);
	if (!plan.fits && entry !== starter) return [];
	const { parameters } = header.tensors;
	const tier = Number(tierOf(parameters)[1]);
	const code = entry?.purpose === 'code' ? 1 : 0;
	return [{ found, well: runsWell(plan, machine), value: tier * 1e13 + code * 1e12 + parameters }];
}

function headerOrNothing(path: string): GgufHeader | undefined {
	try {
		return readHeader(path);
	} catch (error) {
		if (error instanceof Refusal) return undefined; // A damaged file is no candidate; asked for by name it is told.
		throw error;
	}
}

type Candidate = { path: string; entry: CatalogueEntry | undefined; why: string };

async function check({ path, entry, why }: Candidate, machine: Machine, signal?: AbortSignal): Promise<ChosenModel> {
	refuseLonePart(path);
	const header = readHeader(path);
	const plan = planFor(weightsOfHeader(header), machine);
	const name = entry?.name ?? basename(path, '.gguf');
	if (!plan.fits)
		throw new Refusal(`${name} does not fit: it ${plan.why}. Close other programs, or choose a smaller model (\`qwill models list\`).`, 41);
	const sha256 = await verifiedDigest(path, { sha256: entry?.sha256, bytes: entry?.exact ? entry.bytes : undefined }, signal);
	return { name, path, entry, header, tier: tierOf(header.tensors.parameters), dialect: dialectOf(header), plan, sha256, why };
}

/** Throws `Refusal` (41) when the file is one of several, and not all of them lie beside it. */
function refuseLonePart(path: string): void {
	const [, stem, count = '0'] = /^(.*)-\d{5}-of-(\d{5})\.gguf$/.exec(path) ?? [];
	for (let part = 1; part <= Number(count); part++) {
		const other = `${stem}-${String(part).padStart(5, '0')}-of-${count}.gguf`;
		if (other === path || existsSync(other)) continue;
		const names = `${echoed(basename(path))} is one of ${Number(count)} parts, and ${echoed(basename(other))} is not beside it`;
		throw new Refusal(`${names}. Fetch all parts into one folder.`, 41);
	}
}

/** A path has a slash or ends in `.gguf`; ids have neither. */
const isPath = (wanted: string) => /[\\/]/.test(wanted) || /\.gguf$/i.test(wanted);
const fullPath = (wanted: string) => (wanted.startsWith('~/') ? join(homedir(), wanted.slice(2)) : resolve(wanted));
