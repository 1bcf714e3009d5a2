import type { Verdict } from '../judge.js';
import { shuffled } from '../random.js';
import type { Files } from '../repository.js';
import { mentionsIn } from './facts.js';
import { pythonBugs, scriptBugs } from './humanevalfix.js';
import { type Language, projectWith } from './projects.js';
import type { RepositoryItem, Said, Suite } from './suite.js';

/** Projects of each language; they are the same whatever the program's seed is. */
const projectsEach = 3;
const choosingSeed = 20_240_602;
/** Words that an explanation has at the least, beside what is known of the place. */
const fewestWords = 8;

/** Functions of small projects that are to be explained: where each is, and where it is called, must be told, and nothing that is not so. */
export const explain: Suite = {
	name: 'explain',
	seconds: 60,
	read(data) {
		const bugs = { python: pythonBugs(data), script: scriptBugs(data) };
		return (['python', 'script'] as const).flatMap(language =>
			Array.from({ length: projectsEach }, (_, number) => {
				const seed = choosingSeed + number;
				const order = shuffled(bugs[language], seed);
				const project = order.map(bug => projectWith(bug, order, { language, seed })).find(one => one !== undefined);
				return project ? project.modules.map(({ name, path }) => itemOf({ name, path, language }, project.files)) : [];
			}).flat(),
		);
	},
};

type Asked = { name: string; path: string; language: Language };

export function itemOf({ name, path, language }: Asked, files: Files): RepositoryItem {
	const task = `/explain ${path}:${name}`;
	return {
		kind: 'repository',
		id: `${language} ${name}`,
		files,
		task,
		judge: async (_after, said) => judged(said, { name, path }, files),
	};
}

/** By lines of text, as a person would look it up: nothing of the program's own syntax trees. */
function judged(said: Said | undefined, { name, path }: { name: string; path: string }, files: Files): Verdict {
	const text = said?.text ?? '';
	const lines = files[path]!.trimEnd().split('\n');
	const from = lines.findIndex(line => new RegExp(`^(?:export const|def) ${name}\\b`).test(line)) + 1;
	const place = new RegExp(`${path.replaceAll('.', '\\.')}\`?,? lines ${from} to ${lines.length}\\b`);
	const calls = Object.entries(files).flatMap(([file, code]) =>
		code.split('\n').flatMap((line, index) => {
			const isCall =
				new RegExp(`(?<![\\w$.])${name}\\(`).test(line) && !new RegExp(`^\\s*(?:def |export const )${name}\\b|>>>|^\\s*//`).test(line);
			return isCall && !(file === path && index + 1 >= from) ? [`${file}:${index + 1}`] : [];
		}),
	);
	const told = [...new Set(text.match(/[\w./-]+\.(?:py|js):\d+/g))];
	const untold = calls.filter(one => !told.includes(one));
	const invented = told.filter(one => !calls.includes(one));
	const falsehoods = mentionsIn(text, name, files).flatMap(one => (one.holds ? [] : [one.text]));
	const [, ...words] = text.split('\n\n');
	const faults = [
		...(place.test(text) ? [] : [`it is in ${path}, lines ${from} to ${lines.length}`]),
		// Of many calls the first few are enough.
		...(untold.length > 0 && told.length < 6 ? [`not told: called in ${untold.join(', ')}`] : []),
		...(invented.length > 0 ? [`not called in ${invented.join(', ')}`] : []),
		...(falsehoods.length > 0 ? [`not there: ${falsehoods.join(', ')}`] : []),
		...(words.join(' ').split(/\s+/).length >= fewestWords ? [] : ['nothing is explained']),
	];
	return { right: faults.length === 0, broken: invented.length + falsehoods.length > 0, why: faults.join('; ') };
}
