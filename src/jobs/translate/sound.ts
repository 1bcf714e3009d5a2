import { type Segment, withWords } from './format.js';
import type { Done, Source } from './translate.js';

/** Only what leaves the file as a whole what it was but for its words; of texts that go together all or none. */
export async function sound(source: Source, done: readonly Done[]): Promise<Done[]> {
	const { path, text, segments, format } = source;
	const skeleton = await format.skeleton(text, path);
	const all = together(done);
	const holds = async (some: readonly Done[]) =>
		(await format.skeleton(withWords(text, segments, wordsOf(some, source)), path)) === skeleton;
	if (await holds(all)) return all;
	const each: Done[] = [];
	for (const one of all) each.push(one.words === undefined || (await holds([one])) ? one : left(one, otherwise));
	const alone = together(each);
	return (await holds(alone)) ? alone : alone.map(one => (one.words === undefined ? one : left(one, otherwise)));
}

const otherwise = 'the file would be built otherwise';

const left = ({ segment, line, terms }: Done, why: string): Done => ({ segment, line, terms, why });

function together(done: readonly Done[]): Done[] {
	const groups = new Set(done.filter(({ words }) => words === undefined).map(({ segment }) => segment.group));
	return done.map(one =>
		one.words !== undefined && one.segment.group !== undefined && groups.has(one.segment.group)
			? left(one, 'another form of it could not be said')
			: one,
	);
}

/** The words of each text of a file, in order; undefined for one that stays. */
export const wordsOf = (done: readonly Done[], { segments }: { segments: readonly Segment[] }): (string | undefined)[] =>
	segments.map(segment => done.find(one => one.segment === segment)?.words);
