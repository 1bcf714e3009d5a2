import type { Bench } from '../../checks/probe.js';
import { languageOf } from '../../checks/syntax/languages.js';
import { insideOf, partsOf } from './inputs.js';
import type { Steady } from './steady.js';
import { steadyOf } from './steady.js';
import type { Study } from './study.js';

/** Names of which the second takes back what the first does. */
const pairs: readonly (readonly [string, string])[] = [
	['encode', 'decode'],
	['serialize', 'deserialize'],
	['serialise', 'deserialise'],
	['format', 'parse'],
	['stringify', 'parse'],
	['dump', 'load'],
	['dumps', 'loads'],
	['compress', 'decompress'],
	['encrypt', 'decrypt'],
	['escape', 'unescape'],
	['quote', 'unquote'],
	['pack', 'unpack'],
	['to', 'from'],
];

/** Values that go there and back; fewer say little. */
const [fewest, most] = [3, 6];

/** Seconds that it may take. */
const seconds = 3;

/** The one case that says of two of these functions that the second gives back what the first was given; undefined where it is not so. */
export async function roundTrip(
	studies: readonly Study[],
	{ path, copy }: { path: string; copy: Bench },
	signal: AbortSignal,
): Promise<(Steady & { title: string }) | undefined> {
	const plain = studies.filter(({ subject }) => subject.called.member === undefined);
	for (const there of plain) {
		const back = plain.find(other => isBack(there.subject.name, other.subject.name));
		if (!back) continue;
		const values = there.steady.flatMap(({ call, kind }) => {
			const [value, second] = partsOf(insideOf(call));
			return kind === 'value' && value !== undefined && second === undefined && !/^\w+\s*=(?!=)/.test(value) ? [value] : [];
		});
		const few = [...new Set(values)].slice(0, most);
		if (few.length < fewest) continue;
		const list = `[${few.join(', ')}]`;
		const both = `${back.subject.name}(${there.subject.name}(one))`;
		const call = languageOf(path) === 'python' ? `[${both} for one in ${list}]` : `${list}.map(one => ${both})`;
		const tried = await steadyOf(copy, { path, calls: [call, list], code: '', isKnown: () => true }, { seconds, signal });
		const found = tried?.steady.find(one => one.call === call && one.kind === 'value' && one.does === tried.gives.get(list));
		if (found) return { ...found, title: `${back.subject.name} gives back what ${there.subject.name} was given` };
	}
	return undefined;
}

/** Whether the names are the same but for the words of a pair. */
function isBack(name: string, other: string): boolean {
	return pairs.some(([there, back]) => {
		const inPlace = new RegExp(`(?<![a-z])${there}(?![a-z])`, 'i');
		const both =
			name.replace(inPlace, '*').toLowerCase() === other.replace(new RegExp(`(?<![a-z])${back}(?![a-z])`, 'i'), '*').toLowerCase();
		return both && inPlace.test(name.replace(/([a-z])([A-Z])/g, '$1_$2')) && name !== other;
	});
}
