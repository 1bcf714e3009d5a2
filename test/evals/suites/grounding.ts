import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckedClaim } from '../../../src/types.js';
import type { Share, Verdict } from '../judge.js';
import { openProgram } from '../program.js';
import { shuffled } from '../random.js';
import type { Files } from '../repository.js';
import { lookedUp, type Mention, mentionsIn } from './facts.js';
import { pythonBugs, scriptBugs } from './humanevalfix.js';
import { type Language, projectWith } from './projects.js';
import type { RepositoryItem, Said, Suite } from './suite.js';

/** Projects and falsehoods are the same whatever the program's seed is. */
const choosingSeed = 20_240_601;
/** Falsehoods that are planted in one answer. */
const plantedEach = 3;

/**
 * Questions about small projects. Of each answer the program says what is not so, and again of the same answer with falsehoods
 * planted in the place of what was true, which is recited to it: right when it says so of all that is wrong and of nothing else.
 */
export const grounding: Suite = {
	name: 'grounding',
	seconds: 120,
	read(data) {
		const bugs = { python: pythonBugs(data), script: scriptBugs(data) };
		const made = (language: Language, number: number): Asked[] => {
			const order = shuffled(bugs[language], choosingSeed + number);
			const project = order.map(bug => projectWith(bug, order, { language, seed: choosingSeed + number })).find(one => one !== undefined);
			return project
				? [
						asked(
							project.files,
							project.modules.map(({ name, path }) => ({ name, path })),
							language,
						),
					]
				: [];
		};
		const projects = [...made('python', 1), ...made('script', 2), ...made('python', 3), ownPart()];
		return projects.flatMap(({ files, questions }, index) =>
			questions.map((question, number) => itemOf(`${index + 1}.${number + 1}`, question, files)),
		);
	},
};

type Asked = { files: Files; questions: readonly string[] };

function asked(files: Files, [one, two]: readonly { name: string; path: string }[], language: Language): Asked {
	const isPython = language === 'python';
	const app = isPython ? 'app.py' : 'app.js';
	const questions = [
		`Which functions does ${one!.path} define?`,
		`Where is ${two!.name} defined in this project, and where is it called?`,
		'How do I run the tests of this project?',
		isPython ? 'Which flags does cli.py take?' : 'Which scripts does package.json have?',
		`Which version of ${isPython ? 'requests' : 'chalk'} does this project use?`,
		`Explain ${app} briefly.`,
	];
	return { files: { ...files, ...(isPython ? pythonExtras : scriptExtras(files['package.json']!)) }, questions };
}

const pythonExtras: Files = {
	'cli.py': `import argparse

from app import main


def parse_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=1, help="how often")
    parser.add_argument("--quiet", action="store_true", help="print nothing")
    return parser.parse_args()


if __name__ == "__main__":
    options = parse_options()
    for _ in range(options.repeat):
        main()
`,
	'requirements.txt': 'requests==2.31.0\nrich==13.7.1\n',
	Makefile: 'check:\n\tpython3 -m unittest discover -s tests -t .\n\nlint:\n\truff check .\n',
};

const scriptExtras = (text: string): Files => {
	const manifest: unknown = JSON.parse(text);
	const more = {
		scripts: { test: 'node --test', lint: 'eslint lib', 'build:docs': 'jsdoc lib' },
		dependencies: { chalk: '5.3.0', zod: '3.23.8' },
	};
	return { 'package.json': `${JSON.stringify({ ...(manifest as object), ...more }, undefined, 2)}\n` };
};

/** A part of this repository. */
function ownPart(): Asked {
	const checkout = join(import.meta.dirname, '..', '..', '..');
	const paths = execFileSync('git', ['ls-files', 'package.json', 'src/jobs/translate', 'prompts/jobs/translate.md'], {
		cwd: checkout,
		encoding: 'utf8',
	});
	const files = Object.fromEntries(
		paths
			.trim()
			.split('\n')
			.map(path => [path, readFileSync(join(checkout, path), 'utf8')]),
	);
	const questions = [
		'Which functions does src/jobs/translate/judge.ts export?',
		'Where is languageOf defined in this project?',
		'Which scripts does package.json have? Name them briefly.',
		'Which version of zod does this project use?',
		'Explain src/jobs/translate/memory.ts briefly.',
		'Which formats are there in this project, and in which files?',
	];
	return { files, questions };
}

export function itemOf(id: string, question: string, files: Files): RepositoryItem {
	return {
		kind: 'repository',
		id: `${id} ${question}`,
		files,
		task: question,
		async judge(_after, said) {
			if (!said || said.text === '') return { right: false, why: 'nothing was answered' };
			const own = marked(said, question, files);
			const planted = plant(said, question, files);
			const again = planted === undefined ? nothing : marked(await recited(planted, question, files), question, files);
			return summed([own, again]);
		},
	};
}

/** What of an answer is false, of that what is marked; what is true, and of that what is marked all the same; what only the program knows. */
type Marked = { missed: string[]; falsehoods: number; wronged: string[]; truths: number; unknown: string[] };
const nothing: Marked = { missed: [], falsehoods: 0, wronged: [], truths: 0, unknown: [] };

export function marked({ text, claims = [] }: Said, question: string, files: Files): Marked {
	const mentions = mentionsIn(text, question, files);
	const isMarked = ({ text: said }: Mention) => claims.some(claim => !claim.ok && claim.text === said);
	const wrong = claims.filter(({ ok }) => !ok);
	const verdict = (claim: CheckedClaim) => mentions.find(one => one.text === claim.text)?.holds ?? lookedUp(claim.text, files)?.holds;
	const falsehoods = mentions.filter(({ holds }) => !holds);
	// That a name is somewhere does not tell whether it is where it is said to be.
	const isPlace = ({ truth = '' }: CheckedClaim) => / is (?:not )?in /.test(truth);
	return {
		missed: falsehoods.filter(one => !isMarked(one)).map(({ text: said }) => said),
		falsehoods: falsehoods.length,
		wronged: wrong.filter(claim => verdict(claim) === true && !isPlace(claim)).map(({ text: said }) => said),
		truths: new Set([
			...mentions.filter(({ holds }) => holds).map(one => one.text),
			...claims.filter(claim => verdict(claim) === true).map(one => one.text),
		]).size,
		unknown: wrong
			.filter(claim => (verdict(claim) ? isPlace(claim) : !falsehoods.some(one => one.text === claim.text)))
			.map(claim => `${claim.text}: ${claim.truth}`),
	};
}

function summed(all: readonly Marked[]): Verdict {
	const missed = all.flatMap(one => one.missed);
	const wronged = all.flatMap(one => one.wronged);
	const falsehoods = all.reduce((sum, one) => sum + one.falsehoods, 0);
	const truths = all.reduce((sum, one) => sum + one.truths, 0);
	const shares: Record<string, Share> = {
		'false marked': [falsehoods - missed.length, falsehoods],
		'true marked': [wronged.length, truths],
	};
	const told: [string, string[]][] = [
		['not marked', missed],
		['marked though true', wronged],
		['to be looked at', all.flatMap(one => one.unknown)],
	];
	const why = told.flatMap(([what, list]) => (list.length > 0 ? [`${what}: ${list.join(', ')}`] : [])).join('; ');
	return { right: missed.length + wronged.length === 0, broken: wronged.length > 0, why, shares };
}

/** The words of the answer with some of what is true in them made false; undefined where nothing is. A block of code would be carried out. */
export function plant({ text }: Said, question: string, files: Files): string | undefined {
	const words = text.replace(/^```[\s\S]*?(?:^```|$(?![\s\S]))/gm, '').replace(/^---$/gm, '');
	const all = mentionsIn(words, question, files).filter(({ holds }) => holds);
	const chosen = shuffled(all, choosingSeed).slice(0, plantedEach);
	return chosen.length === 0 ? undefined : chosen.reduce((whole, one) => whole.split(one.text).join(falseOf(one)), words);
}

function falseOf({ text, kind }: Mention): string {
	switch (kind) {
		case 'path':
			return text.replace(/(\.\w+)$/, '_base$1');
		case 'line':
			return `${text}99`;
		case 'name':
			return text.replace(/^((?:\w+\.)*\w+)/, '$1_item');
		case 'version':
			return text.replace(/(\d+)/, digits => String(Number(digits) + 4));
		case 'flag':
		case 'command':
			return `${text}-all`;
		default:
			return kind satisfies never;
	}
}

/** What the program says of an answer that is given to it. */
async function recited(answer: string, question: string, files: Files): Promise<Said> {
	const folder = mkdtempSync(join(tmpdir(), 'qwill-recited-'));
	const replies = join(folder, 'replies.md');
	writeFileSync(replies, answer);
	const program = openProgram({ model: `replies:${replies}`, seed: 1, seconds: 60, cascade: false, keep: undefined });
	try {
		const item: RepositoryItem = {
			kind: 'repository',
			id: 'recited',
			files,
			task: question,
			judge: async () => ({ right: true, why: '' }),
		};
		return (await program.attempt(item)).said ?? { text: '' };
	} finally {
		program.close();
		rmSync(folder, { recursive: true, force: true });
	}
}
