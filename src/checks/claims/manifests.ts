import { jsonIn } from '../../json.js';
import type { Repository } from './repository.js';

/** What a project says of itself in its manifests. */
export type Manifest = { path: string; names: readonly string[] };

type Data = Record<string, unknown>;
const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string | undefined): Data {
	const value = jsonIn(text ?? '');
	return isData(value) ? value : {};
}

const part = (data: Data, name: string): Data => {
	const value = data[name];
	return isData(value) ? value : {};
};

async function all(repository: Repository, name: RegExp): Promise<string[]> {
	const { paths } = await repository.paths();
	return paths.filter(path => name.test(path)).slice(0, 20);
}

/** The scripts of every package.json, the one nearest to the root first. */
export async function scripts(repository: Repository): Promise<Manifest[]> {
	const paths = await all(repository, /(?:^|\/)package\.json$/);
	const found = await Promise.all(
		paths.map(async path => ({ path, names: Object.keys(part(parsed(await repository.text(path)), 'scripts')) })),
	);
	return found.sort((a, b) => a.path.length - b.path.length);
}

/** The targets of every Makefile; undefined where they cannot be told: some are included, or made by a pattern. */
export async function targets(repository: Repository): Promise<Manifest[] | undefined> {
	const paths = await all(repository, /(?:^|\/)(?:GNU)?[Mm]akefile$/);
	const found: Manifest[] = [];
	for (const path of paths) {
		const text = (await repository.text(path)) ?? '';
		if (/^-?s?include\b|^[^\t#\n]*%[^\n]*:|\$\(eval/m.test(text)) return undefined;
		const names = [...text.matchAll(/^([\w.\- \t/]+?)\s*::?(?!=)/gm)].flatMap(match => match[1]!.trim().split(/\s+/));
		found.push({ path, names: names.filter(name => !name.startsWith('.')) });
	}
	return found;
}

/** The versions that a dependency is known by: as it is locked, else as it is asked for. Undefined for what is none, or for a range. */
export async function versionsOf(name: string, repository: Repository): Promise<{ name: string; versions: string[] } | undefined> {
	const wanted = plain(name);
	const found = (await Promise.all([ofNode(wanted, repository), ofPython(wanted, repository), ofOthers(wanted, repository)])).flat();
	const own = found.filter(one => one.version !== undefined);
	const exact = own.filter(one => one.locked);
	const versions = [...new Set([...exact, ...own].map(({ version }) => version!))];
	return versions.length > 0 && found.length === own.length ? { name: own[0]!.name, versions } : undefined;
}

/** `version` is undefined where a range is asked for. */
type Found = { name: string; version: string | undefined; locked: boolean };
const plain = (name: string): string => name.toLowerCase().replace(/\.js$/, '').replace(/[_.]/g, '-');
/** One version, exact or the least of those that fit. */
const exactly = (range: string): string | undefined => /^[\^~=v]*\s*(\d+(?:\.\d+)*(?:-[\w.]+)?)(?:\.[x*])?$/.exec(range.trim())?.[1];
const least = (range: string): string | undefined => /(\d+(?:\.\d+)*)/.exec(range)?.[1];

async function ofNode(wanted: string, repository: Repository): Promise<Found[]> {
	const found: Found[] = [];
	for (const path of await all(repository, /(?:^|\/)package\.json$/)) {
		const pack = parsed(await repository.text(path));
		const lock = part(parsed(await repository.text(path.replace(/package\.json$/, 'package-lock.json'))), 'packages');
		for (const kind of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'])
			for (const [name, range] of Object.entries(part(pack, kind))) {
				if (plain(name) !== wanted || typeof range !== 'string') continue;
				const locked = part(lock, `node_modules/${name}`).version;
				if (typeof locked === 'string') found.push({ name, version: locked, locked: true });
				found.push({ name, version: exactly(range) ?? (typeof locked === 'string' ? locked : undefined), locked: false });
			}
		const engine = Object.entries(part(pack, 'engines')).find(([name]) => plain(name) === wanted)?.[1];
		if (typeof engine === 'string') found.push({ name: wanted, version: least(engine), locked: false });
	}
	return found;
}

/** requirements.txt, pyproject.toml and setup.cfg, by their lines. */
async function ofPython(wanted: string, repository: Repository): Promise<Found[]> {
	const found: Found[] = [];
	for (const path of await all(repository, /(?:^|\/)(?:requirements[\w.-]*\.txt|pyproject\.toml|setup\.cfg|setup\.py)$/)) {
		const text = (await repository.text(path)) ?? '';
		for (const [, name = '', sign = '', version = '', rest = ''] of text.matchAll(
			/(?:^|["'\s])([A-Za-z][\w.-]*)(?:\[[\w, ]*\])?\s*(===?|~=|>=|<=?|>)\s*v?(\d+(?:\.\d+)*)([^"'\n]*)/gm,
		))
			if (plain(name) === wanted)
				found.push({ name, version: /^(?:===?|~=)$/.test(sign) && !/^\s*,/.test(rest) ? version : undefined, locked: /^===?$/.test(sign) });
		for (const [, name = '', range = ''] of text.matchAll(/^([A-Za-z][\w-]*)\s*=\s*(?:\{[^}\n]*version\s*=\s*)?"([\^~=]*\d[\w.]*)"/gm))
			if (plain(name) === wanted) found.push({ name, version: exactly(range), locked: false });
		const python = wanted === 'python' ? /requires-python\s*=\s*"([^"]*)"/.exec(text)?.[1] : undefined;
		if (python !== undefined) found.push({ name: 'python', version: least(python), locked: false });
	}
	return found;
}

/** Cargo.toml and go.mod. */
async function ofOthers(wanted: string, repository: Repository): Promise<Found[]> {
	const found: Found[] = [];
	for (const path of await all(repository, /(?:^|\/)Cargo\.toml$/))
		for (const [, name = '', range = ''] of ((await repository.text(path)) ?? '').matchAll(
			/^([\w-]+)\s*=\s*(?:\{[^}\n]*version\s*=\s*)?"([\^~=]*\d[\w.]*)"/gm,
		))
			if (plain(name) === wanted) found.push({ name, version: exactly(range), locked: false });
	for (const path of await all(repository, /(?:^|\/)go\.mod$/))
		for (const [, name = '', version = ''] of ((await repository.text(path)) ?? '').matchAll(
			/^\s*(?:require\s+)?([\w./-]+)\s+v(\d[\w.-]*)/gm,
		))
			if (plain(name) === wanted || plain(name.split('/').at(-1)!) === wanted) found.push({ name, version, locked: true });
	return found;
}
