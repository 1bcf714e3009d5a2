import { structuredPatch } from 'diff';
import type { Remark } from '../../../src/types.js';
import { judged, type Verdict } from '../judge.js';
import { shuffled } from '../random.js';
import { changed as changedPaths } from '../repository.js';
import { type Defect, defects } from './defects.js';
import { type Harmless, harmless } from './harmless.js';
import { type Bug, pythonBugs, scriptBugs } from './humanevalfix.js';
import type { Planted } from './lines.js';
import { type Language, type Project, projectWith } from './projects.js';
import { block, type Item, type Said, type Suite } from './suite.js';

/** Changes of each kind; two in three are in Python. */
const each = 3;
/** The changes are the same whatever the program's seed is. */
const plantingSeed = 20_240_601;

type Sources = Readonly<Record<Language, readonly Bug[]>>;
const sources = (data: string): Sources => ({ python: pythonBugs(data), script: scriptBugs(data) });

/** Changes with one mistake that a program can prove: right when it is told of as verified, in its line. */
export const review: Suite = { name: 'review', seconds: 90, read: data => plantedDefects(sources(data)) };
/** Changes with none: right when nothing is told of as verified. */
export const reviewHarmless: Suite = { name: 'review-harmless', seconds: 90, read: data => plantedHarmless(sources(data)) };

export const plantedDefects = (bugs: Sources): Item[] => planted(defects, bugs);
export const plantedHarmless = (bugs: Sources): Item[] => planted(harmless, bugs);

type Kind = Defect | Harmless;

/** Each kind in turn, at solutions that no other item has. */
function planted(kinds: readonly Kind[], bugs: Sources): Item[] {
	const taken = new Set<string>();
	return Array.from({ length: each }, (_none, turn) => turn).flatMap(turn =>
		kinds.flatMap((kind, index): Item[] => {
			const onlyPython = 'pythonOnly' in kind;
			const language: Language = (turn + index) % 3 === 1 && !onlyPython ? 'script' : 'python';
			for (const bug of shuffled(bugs[language], plantingSeed + turn * kinds.length + index)) {
				if (taken.has(`${language} ${bug.entry_point}`)) continue;
				const project = projectWith(bug, bugs[language], { language, seed: plantingSeed + index });
				const [module] = project?.modules ?? [];
				const change = project && module && kind.plant(module, project, turn);
				if (!change) continue;
				taken.add(`${language} ${bug.entry_point}`);
				return [itemOf(`${kind.name} ${turn + 1} ${bug.task_id}`, kind, { project, change })];
			}
			return [];
		}),
	);
}

function itemOf(id: string, kind: Kind, { project, change }: { project: Project; change: Planted }): Item {
	const { files, run } = project;
	const now = { ...files, ...change.changed };
	const rules = 'rules' in kind ? kind.rules : undefined;
	const testsFail = async (): Promise<boolean> => !(await judged(now, run)).right;
	return {
		kind: 'repository',
		id,
		files,
		changed: change.changed,
		task: '/review',
		plain: { question: question(project, change), place: () => ({}) },
		// Tests pass before the change; behind one without a mistake too, and not where that is the mistake.
		async isSound() {
			const isMeant = rules === undefined ? false : rules.test('test-fails') ? true : undefined;
			return (await judged(files, run)).right && (isMeant === undefined || (await testsFail()) === isMeant);
		},
		async judge(after, said) {
			if (!said) return { right: false, why: 'nothing was said' };
			const other = changedPaths(now, after);
			if (other.length > 0) return { right: false, broken: true, why: `it changed ${other.join(', ')}` };
			return verdictOn(sureOf(said), { change, rules, testsFail });
		},
	};
}

type About = { change: Planted; rules: RegExp | undefined; testsFail(): Promise<boolean> };

/** What is told of as proven is `broken` where it is not the mistake, nor a test that fails indeed. */
async function verdictOn(remarks: readonly Said1[], { change, rules, testsFail }: About): Promise<Verdict> {
	const isIt = ({ path, line, rule }: Said1) =>
		rules !== undefined && path === change.path && change.lines.includes(line) && (rule === undefined || rules.test(rule));
	const found = remarks.some(isIt);
	const wrong: Said1[] = [];
	for (const one of remarks) if (!isIt(one) && !(one.rule === 'test-fails' && (await testsFail()))) wrong.push(one);
	const missed = found || rules === undefined ? [] : [`not told of: ${change.path}:${change.lines.join(',')}`];
	const why = [...missed, ...wrong.map(({ path, line, rule, text }) => `not so: ${path}:${line} ${rule ?? ''} ${text}`)].join('; ');
	return { right: rules === undefined ? wrong.length === 0 : found, broken: wrong.length > 0, why };
}

type Said1 = Pick<Remark, 'path' | 'line' | 'text'> & { rule?: string };

/** What is said to be proven; of a plain answer each line that names a place, since it says everything in one way. */
function sureOf({ text, remarks }: Said): Said1[] {
	if (remarks) return remarks.filter(({ certainty }) => certainty === 'verified');
	return [...text.matchAll(/^\W*([\w./-]+\.\w+):(\d+)\W*(.*)$/gm)].map(([, path = '', line, words = '']) => ({
		path,
		line: Number(line),
		text: words,
	}));
}

function question({ files }: Project, { changed }: Planted): string {
	const shown = Object.entries(changed).map(([path, text]) => {
		const { hunks } = structuredPatch(path, path, files[path] ?? '', text, '', '', { context: 100 });
		const lines = hunks.flatMap(hunk => numbered(hunk.lines, hunk.newStart));
		return `${path}, with the number of each line:\n${block('', lines.join('\n'))}`;
	});
	const wanted = 'Answer with one line for each mistake that was made, `PATH:LINE: what is wrong`, or with "none".';
	return `${shown.join('\n\n')}\n\nLines with + are new, those with - are gone. ${wanted}`;
}

function numbered(lines: readonly string[], start: number): string[] {
	let number = start;
	return lines.map(line => (line.startsWith('-') ? `    ${line}` : `${String(number++).padStart(3)} ${line}`));
}
