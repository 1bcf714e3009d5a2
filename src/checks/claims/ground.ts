import { nearest } from '../../nearest.js';
import { isBuiltin } from './builtins.js';
import type { Claim } from './claims.js';
import { scripts, targets, versionsOf } from './manifests.js';
import { type Place, type Repository, wordsOf } from './repository.js';

/** Whether a claim holds; of a wrong one, what is true. */
export type Verdict = { ok: true } | { ok: false; truth: string };
type Of<Kind extends Claim['kind']> = Extract<Claim, { kind: Kind }>;

const ok = { ok: true } as const;
const wrong = (truth: string): Verdict => ({ ok: false, truth });

/** What a repository says of a claim; undefined where it cannot tell, or the claim turns out to be about something else. */
export async function ground(claim: Claim, repository: Repository): Promise<Verdict | undefined> {
	switch (claim.kind) {
		case 'path':
			return ofPath(claim, repository);
		case 'line':
			return ofLine(claim, repository);
		case 'symbol':
			return ofSymbol(claim, repository);
		case 'command':
			return ofCommand(claim, repository);
		case 'flag':
			return ofFlag(claim, repository);
		case 'version':
			return ofVersion(claim, repository);
		default:
			return claim satisfies never;
	}
}

/** The files that a path may mean: itself, else those that end with it. */
async function meant(path: string, repository: Repository): Promise<string[]> {
	const { paths } = await repository.paths();
	const wanted = path.toLowerCase();
	const same = paths.filter(one => one.toLowerCase() === wanted || one.toLowerCase().replace(/\.\w+$/, '') === wanted);
	return same.length > 0 ? same : paths.filter(one => one.toLowerCase().endsWith(`/${wanted}`));
}

async function ofPath({ path }: { path: string }, repository: Repository): Promise<Verdict | undefined> {
	const { paths, whole } = await repository.paths();
	if (path.endsWith('/')) {
		const wanted = `/${path.toLowerCase()}`;
		if (paths.some(one => `/${one.toLowerCase()}`.includes(wanted)) || (await repository.exists(path.slice(0, -1)))) return ok;
		if (!whole) return undefined;
		const folders = [
			...new Set(
				paths.flatMap(one =>
					one
						.split('/')
						.slice(0, -1)
						.map((_part, index, parts) => parts.slice(0, index + 1).join('/')),
				),
			),
		];
		const near = nearest(path.slice(0, -1), folders);
		return wrong(near === undefined ? 'there is no such folder' : `there is no such folder; ${near}/ is one`);
	}
	if ((await meant(path, repository)).length > 0 || (await repository.exists(path))) return ok;
	if (!whole || (await isWritten(path, repository)) !== false) return undefined;
	const near = nearPath(path, paths);
	return wrong(near === undefined ? 'there is no such file' : `there is no such file; ${near} is there`);
}

/** Whether the name of a file is a word of some text: then a program may make or fetch it. */
async function isWritten(path: string, repository: Repository): Promise<boolean | undefined> {
	const texts = await repository.texts();
	const whole = new RegExp(String.raw`(?<![\w./-])(?:\.\/)?${path.replace(/[.+$]/g, '\\$&')}(?![\w/-])`);
	return texts && [...texts.values()].some(text => text.includes(path) && whole.test(text));
}

function nearPath(path: string, paths: readonly string[]): string | undefined {
	const name = path.slice(path.lastIndexOf('/') + 1);
	const bare = (one: string) => one.slice(one.lastIndexOf('/') + 1);
	const stem = (one: string) => bare(one).replace(/\.\w+$/, '');
	return (
		paths.find(one => bare(one).toLowerCase() === name.toLowerCase()) ??
		paths.find(one => stem(one).toLowerCase() === stem(name).toLowerCase()) ??
		nearest(path, paths) ??
		paths.find(one => bare(one) === nearest(name, paths.map(bare)))
	);
}

async function ofLine({ path, from, to, near }: Of<'line'>, repository: Repository): Promise<Verdict | undefined> {
	const files = await meant(path, repository);
	if (files.length === 0) return ofPath({ path }, repository);
	const texts = await Promise.all(files.map(async file => ({ file, lines: linesOf(await repository.text(file)) })));
	const last = Math.max(from, to);
	const fitting = texts.filter(({ lines }) => lines === undefined || lines.length >= last);
	if (fitting.length === 0) {
		const count = texts[0]!.lines?.length ?? 0;
		return wrong(`${files[0]} has ${count} ${count === 1 ? 'line' : 'lines'}`);
	}
	if (near === undefined || fitting.some(({ lines }) => lines === undefined || isNear(near, lines, { from, to: last }))) return ok;
	const places = await repository.places(near);
	const place = places.find(({ path: own }) => files.includes(own)) ?? places[0];
	return place && wrong(`\`${near}\` is in ${at(place)}`);
}

const linesOf = (text: string | undefined): string[] | undefined => text?.replace(/\n$/, '').split('\n');
/** Lines that a number may be off without misleading: a decorator, a comment above. */
const off = 2;
const isNear = (name: string, lines: readonly string[], { from, to }: { from: number; to: number }): boolean =>
	lines.slice(Math.max(0, from - 1 - off), to + off).some(line => wordsOf(line).includes(name));

const at = ({ path, line }: Place): string => `${path}:${line}`;

async function ofSymbol({ names, where, known, text }: Of<'symbol'>, repository: Repository): Promise<Verdict | undefined> {
	const last = names.at(-1)!;
	const words = await repository.words();
	if (!words) return undefined;
	if (where !== undefined) {
		const files = await meant(where, repository);
		const texts = await Promise.all(files.map(file => repository.text(file)));
		if (texts.some(one => one === undefined || wordsOf(one).includes(last))) return ok;
		if (isBuiltin(names)) return undefined;
		const elsewhere = await repository.places(last);
		if (files.length > 0 && elsewhere.length > 0) return wrong(`\`${last}\` is in ${at(elsewhere[0]!)}`);
		if (files.length > 0) return words.has(last) ? wrong(`\`${last}\` is not in ${files[0]}`) : absent(last, repository);
		if (known) return undefined;
	}
	if (isBuiltin(names)) return undefined;
	const owner = names.length > 1 ? await ofOwner(names, repository) : undefined;
	if (owner) return owner;
	if (words.has(last)) return ok;
	// Of something that is not this repository's, it knows nothing.
	if (names.length > 1 && !words.has(names.at(-2)!) && !/\(/.test(text)) return undefined;
	return absent(last, repository);
}

const inherits = /\b(?:extends|implements|include|extend|use)\b|class\s+\w+[ \t]*(?:\([^)\s]|<\s*\w|:[ \t]*\w)/;

/** A method of a class that is defined here and inherits nothing, in a language where a class is in one place. */
async function ofOwner(names: readonly string[], repository: Repository): Promise<Verdict | undefined> {
	const [last, owner] = [names.at(-1)!, names.at(-2)!];
	const classes = (await repository.places(owner)).filter(({ path }) => /\.(?:py|[cm]?[jt]sx?|java)$/.test(path));
	if (classes.length === 0 || !/^[A-Z]/.test(owner)) return undefined;
	const texts = await Promise.all(classes.map(({ path }) => repository.text(path)));
	if (texts.some(text => text === undefined || wordsOf(text).includes(last) || inherits.test(text))) return undefined;
	const [other] = await repository.places(last);
	return other ? wrong(`\`${last}\` is in ${at(other)}`) : undefined;
}

async function absent(name: string, repository: Repository): Promise<Verdict> {
	const near = nearest(name, await repository.defined());
	const [place] = near === undefined ? [] : await repository.places(near);
	return wrong(place ? `there is no such name here; \`${place.name}\` is in ${at(place)}` : 'there is no such name here');
}

/** What npm, yarn and their like do without a script. */
const npmOwn = /^(?:start|restart|stop|install|env)$/;

async function ofCommand({ program, name }: Of<'command'>, repository: Repository): Promise<Verdict | undefined> {
	const found = program === 'npm' ? await scripts(repository) : await targets(repository);
	if (!found || (program === 'npm' && npmOwn.test(name) && (await repository.exists('server.js')))) return undefined;
	const what = program === 'npm' ? 'package.json' : 'Makefile';
	const [first] = found;
	if (!first) return (await repository.paths()).whole ? wrong(`there is no ${what}`) : undefined;
	if (found.some(({ names }) => names.includes(name))) return ok;
	if (program === 'make' && (await repository.exists(name))) return ok;
	const near = nearest(name, first.names);
	return wrong(
		near === undefined
			? `${first.path} has no ${program === 'npm' ? 'script' : 'target'} ${name}`
			: `${first.path} has ${near}, not ${name}`,
	);
}

async function ofFlag({ flag, script }: Of<'flag'>, repository: Repository): Promise<Verdict | undefined> {
	const [file] = script === undefined ? [] : await meant(script, repository);
	const [words, texts] = [await repository.words(), await repository.texts()];
	if (!words || !texts || (script !== undefined && file === undefined)) return undefined;
	const name = flag.slice(2).replace(/^no-/, '');
	const camel = name.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
	const spellings = [name.replaceAll('-', '_'), camel, name.replaceAll('-', '')];
	if (
		spellings.some(word => words.has(word)) ||
		[...texts.values()].some(text => new RegExp(String.raw`(?<!\w)${name}(?![\w-])`).test(text))
	)
		return ok;
	const source = file === undefined ? [...texts.values()].join('\n') : (texts.get(file) ?? '');
	const near = nearest(flag, [...new Set(source.match(/(?<![\w-])--[a-z][\w-]*/g) ?? [])]);
	return wrong(`there is no such flag${file === undefined ? '' : ` in ${file}`}${near === undefined ? '' : `; ${near} is one`}`);
}

async function ofVersion({ name, version }: Of<'version'>, repository: Repository): Promise<Verdict | undefined> {
	const found = await versionsOf(name, repository);
	if (!found) return undefined;
	const begins = (whole: string, start: string) => `${whole}.`.startsWith(`${start.replace(/(?:\.0)+$/, '')}.`);
	const fits = found.versions.some(one => begins(one, version) || begins(version, one));
	return fits ? ok : wrong(`${found.name} is ${found.versions[0]}`);
}
