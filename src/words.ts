import { type Flag, type FlagName, flags, spelled } from './flags.js';
import { nearest } from './nearest.js';
import { echoed } from './sanitise.js';
import { Refusal } from './types.js';
import { verbs } from './verb-list.js';

/** The command line taken apart: values per flag in order (`''` for a flag given without one), and the words between them. */
export type Words = { given: ReadonlyMap<FlagName, readonly string[]>; words: readonly string[]; afterDashes: readonly string[] };

export type Reader = ReturnType<typeof reader>;

/** Typed access to what was given. Throws `Refusal` 42 when a flag that takes one value is repeated with another. */
export function reader(given: Words['given']) {
	const text = (name: FlagName): string | undefined => {
		const values = [...new Set(given.get(name))];
		if (values.length > 1)
			throw new Refusal(`--${name} is given twice, as "${echoed(values[0]!)}" and "${echoed(values[1]!)}"; keep one.`, 42);
		return values[0] || undefined;
	};
	return {
		text,
		on: (name: FlagName): boolean => given.has(name),
		all: (name: FlagName): readonly string[] => given.get(name) ?? [],
		one<Choice extends string>(name: FlagName, choices: readonly Choice[]): Choice | undefined {
			const value = text(name);
			const choice = choices.find(one => one === value);
			if (value === undefined || choice) return choice;
			const near = nearest(value, choices);
			throw new Refusal(`--${name} is ${choices.join(', ')}, not "${echoed(value)}"${near ? `; did you mean ${near}?` : '.'}`, 42);
		},
		whole(name: FlagName, least: number): number | undefined {
			const value = text(name);
			if (value === undefined) return undefined;
			const number = /^\d{1,10}$/.test(value) ? Number(value) : -1;
			if (number >= least && number < 2 ** 32) return number;
			throw new Refusal(`--${name} is a whole number from ${least} to ${2 ** 32 - 1}, not "${echoed(value)}".`, 42);
		},
	};
}

/** Throws `Refusal` 42: a word that is almost a verb was meant as one; as a question it would only load a model and waste a minute. */
export function refuseNearVerb({ words, afterDashes }: Words): void {
	const [first = '', ...more] = words;
	if (more.length + afterDashes.length > 1) return;
	const near = first === 'help' ? '--help' : nearest(first, verbNames);
	if (near) throw new Refusal(`"${first}" is no verb; did you mean: qwill ${near}? As a question it is: qwill -p "${words.join(' ')}"`, 42);
}

/** Those that are long enough to be told from other words: "fix" is not meant to be "fim". */
const verbNames = verbs.map(verb => verb.name).filter(name => name.length > 3);

type Known = Flag & { name: FlagName };
const byName = new Map<string, Known>(flags.flatMap((flag: Known) => [flag.name, ...(flag.also ?? [])].map(name => [name, flag] as const)));
const byShort = new Map<string, Known>(flags.flatMap((flag: Known) => (flag.short ? [[flag.short, flag] as const] : [])));

/** `-` alone, `-5` and `- a list` are words; `-x`, `--xyz` are flags. */
const flagShape = /^(?:-([A-Za-z]+)|--([A-Za-z][^=\s]*))(?:=([\s\S]*))?$/;

/** Takes `--k v` and `--k=v` apart. Throws `Refusal` 42 for an unknown flag, a missing value, a value where none belongs. */
export function splitWords(argv: readonly string[]): Words {
	const given = new Map<FlagName, string[]>();
	const words: string[] = [];
	const waiting = [...argv];
	for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
		if (word === '--') return { given, words, afterDashes: waiting };
		const shape = flagShape.exec(word);
		if (!shape) {
			words.push(refuseDash(word));
			continue;
		}
		const flag = find(word, shape[1], shape[2]);
		const values = valuesOf({ flag, typed: echoed(word.split('=')[0]!), attached: shape[3] }, waiting);
		given.set(flag.name, [...(given.get(flag.name) ?? []), ...values]);
	}
	return { given, words, afterDashes: [] };
}

function find(word: string, short: string | undefined, long: string | undefined): Known {
	const known = short === undefined ? byName.get(long ?? '') : byShort.get(short);
	if (known) return known;
	const typed = echoed(word.split('=')[0]!);
	const near = nearest(short ?? long ?? '', [...byName.keys()]);
	const meant = near && byName.get(near);
	const verb = nearest(short ?? long ?? '', verbNames);
	if (meant) throw new Refusal(`${typed} is not a flag; did you mean ${spelled(meant)}? It means: ${meant.meaning}.`, 42);
	if (verb) throw new Refusal(`${typed} is not a flag; did you mean the verb: qwill ${verb}?`, 42);
	throw new Refusal(`${typed} is not a flag; qwill --help lists them all. Text that begins with a dash goes after --.`, 42);
}

function refuseDash(word: string): string {
	if (!/^--?[A-Za-z]/.test(word)) return word;
	throw new Refusal(`"${echoed(word)}" begins like a flag; put -- before text that begins with a dash.`, 42);
}

type Typed = { flag: Known; typed: string; attached: string | undefined };

/** The values of one flag as typed; may take the next word off `waiting`. */
function valuesOf({ flag, typed, attached }: Typed, waiting: string[]): string[] {
	const next = waiting[0];
	const free = next !== undefined && next !== '--' && !flagShape.test(next);
	switch (flag.kind) {
		case 'switch':
			if (attached !== undefined) throw new Refusal(`${typed} takes no value; leave off "=${echoed(attached)}".`, 42);
			return [''];
		case 'attached':
			return [attached ?? ''];
		case 'optional':
			if (attached !== undefined) return [needed(flag, typed, attached)];
			return [free && flag.takes?.(next) ? waiting.shift()! : ''];
		case 'list': {
			const value = attached ?? (free ? waiting.shift() : undefined);
			return value === '' ? [] : splitList(needed(flag, typed, value));
		}
		case 'value':
		case 'each':
			return [needed(flag, typed, attached ?? (free ? waiting.shift() : undefined))];
		default:
			throw flag.kind satisfies never;
	}
}

function needed(flag: Known, typed: string, value: string | undefined): string {
	if (value) return value;
	throw new Refusal(`${typed} needs a value: ${typed} ${flag.shown ?? 'VALUE'} (${flag.meaning}).`, 42);
}

/** At commas, but not inside the brackets of a rule such as `Bash(cut -d, -f1)`. */
function splitList(value: string): string[] {
	return (value.match(/(?:\([^()]*\)?|[^,(])+/g) ?? []).map(item => item.trim()).filter(Boolean);
}
