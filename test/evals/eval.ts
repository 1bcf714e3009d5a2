import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../../src/types.js';
import { type Arm, modelFor, openArm } from './arms.js';
import { type Log, openLog, type Result } from './log.js';
import { evalOptions, type Options, usage } from './options.js';
import { rowsOf, tableOf } from './report.js';
import type { Item, Suite } from './suites/suite.js';

/**
 * `npm run eval`: what the built program gets done of tasks that nobody here wrote, beside one plain answer of the same model, on
 * the same items. The items are read where they lie and never kept; what they are judged by is seen by no arm.
 */
async function evaluate(options: Options): Promise<void> {
	const log = openLog(options.log);
	const model = options.arms.every(arm => arm === 'canonical') ? '-' : (await modelFor(options.model)).name;
	const end = performance.now() + options.minutes * 60_000;
	for (const suite of options.suites) await evaluateSuite(suite, { options, log, model, end });
	const rows = rowsOf(log.results());
	mkdirSync(dirname(options.json), { recursive: true });
	writeFileSync(options.json, `${JSON.stringify({ rows, results: log.results() }, undefined, '\t')}\n`);
	process.stdout.write(`${tableOf(rows)}\nThe single results are in ${options.log}, the report in ${options.json}\n`);
}

type Run = { options: Options; log: Log; model: string; end: number };

async function evaluateSuite(suite: Suite, { options, log, model, end }: Run): Promise<void> {
	const { seed, arms } = options;
	const seconds = options.seconds ?? suite.seconds;
	const items = suite.read(options.data, seed).slice(options.offset, options.offset + options.limit);
	const open = new Map<string, Arm>();
	const armOf = async (name: Options['arms'][number]): Promise<Arm> => {
		const known = open.get(name);
		const arm = known ?? (name === 'canonical' ? canonical : await openArm(name, { ...options, seconds, keep: folderOf(options, suite) }));
		open.set(name, arm);
		return arm;
	};
	try {
		for (const [index, item] of items.entries()) {
			let sound: boolean | undefined;
			for (const arm of arms) {
				const key = { suite: suite.name, item: item.id, arm, model: arm === 'canonical' ? '-' : model, seed, limit: seconds };
				if (log.has(key) || performance.now() > end) continue;
				sound ??= await isSound(item);
				const tried = sound ? await (await armOf(arm)).try(item) : 'void';
				if (tried === undefined) continue;
				const result: Result = {
					...key,
					...(tried === 'void' ? unjudged : { ...rounded(tried), broken: tried.broken ?? false, void: false }),
					revision,
				};
				log.add(result);
				process.stderr.write(`${suite.name} ${index + 1}/${items.length} ${item.id} ${arm}: ${lineOf(result)}\n`);
			}
		}
	} finally {
		for (const arm of open.values()) await arm.close();
	}
}

const folderOf = ({ keep }: Options, suite: Suite): string | undefined => (keep === undefined ? undefined : join(keep, suite.name));

/** Whether the item's own solution is right here; where there is none, that is taken for granted. */
async function isSound(item: Item): Promise<boolean> {
	if (item.kind === 'repository' && item.isSound) return item.isSound();
	return item.kind === 'engine' || !item.canonical || (await item.judge({ ...item.files, ...item.canonical })).right;
}

/** The items as they are, which have to be wrong: whether a judge can tell. */
const canonical: Arm = {
	async try(item) {
		if (item.kind === 'engine') return undefined;
		const { right } = await item.judge({ ...item.files, ...item.changed });
		return { right: !right, why: right ? 'right before anything was done' : '', seconds: 0, read: 0, written: 0 };
	},
	close: async () => {},
};

const unjudged = { seconds: 0, right: false, broken: false, void: true, read: 0, written: 0, why: 'its own solution is not right here' };

const rounded = <T extends { seconds: number }>(tried: T): T => ({ ...tried, seconds: Math.round(tried.seconds * 10) / 10 });

const lineOf = ({ right, seconds, why, void: empty }: Result): string =>
	`${empty ? 'void' : right ? 'right' : 'wrong'} in ${seconds} s${why ? ` (${why})` : ''}`;

const revision = (() => {
	const git = (...args: string[]) =>
		execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
	try {
		return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', ':/src', ':/prompts') === '' ? '' : '+'}`;
	} catch {
		return 'unknown';
	}
})();

try {
	const argv = process.argv.slice(2);
	if (argv.includes('--help')) process.stdout.write(usage);
	else await evaluate(evalOptions(argv));
} catch (error) {
	process.stderr.write(
		error instanceof Refusal ? `${error.message}\n` : `${error instanceof Error ? error.stack : String(error)}\n\n${usage}`,
	);
	process.exitCode = 1;
}
