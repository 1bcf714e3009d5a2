import { type Agent, pursue, type Task, type Work } from '../agent/loop.js';
import type { About } from '../agent/material.js';
import type { Prompt } from '../engine/engine.js';
import type { AgentEvent, Ending } from '../types.js';
import { gather } from './about.js';
import { change } from './change.js';
import { type Choice, choose } from './choose.js';
import { fix } from './fix.js';
import { grounded } from './grounded.js';
import { namedIn } from './named.js';
import { rename, renameIn } from './rename.js';
import { targetsIn } from './targets.js';
import { test } from './test.js';

/** What a message asks for. Decided by the program, by words and by what is in the repository; where it is unsure, a small model is asked. */
export type Kind = 'fix' | 'test' | 'change' | 'talk' | 'unsure';

/** What a small model must find as probable as this before a job is done that nobody named; and what is worth offering one. */
const sure = 0.8;
const worthOffering = 0.4;

/** Works on what was last heard by the job that it asks for; where no job fits, by the loop itself. */
export async function* approach(task: Task, work: Work, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending> {
	const { agent } = work;
	const named = namedIn(task.text);
	if (named) return yield* (await named.job.load())(named.args, work, signal);
	const route = await routeOf(task, agent);
	// Tests are run, and changes of a word tried, while the model loads.
	const fixed = yield* fixing(route, task, work, signal);
	if (fixed) return fixed;
	const wish = can(agent, 'write_file') ? renameIn(task.text) : undefined;
	const renamed = wish && (yield* rename({ ...wish, targets: route.targets }, work, signal));
	if (renamed) return renamed;
	const failure = yield* agent.engine.warm(undefined, signal);
	if (failure) return failure;
	const { kind, targets, offer } = await decided(route, task, agent, signal);
	const late = kind !== route.kind && (yield* fixing({ kind, targets }, task, work, signal));
	if (late) return late;
	if (agent.engine.model.tier !== 'T0') return yield* grounded(pursue(work, signal), work);
	if (kind === 'test' && can(agent, 'run_tests')) return yield* test(work, signal);
	// Where no tests fail, because there are none, a file that is named can be mended all the same.
	if (kind === 'change' || (kind === 'fix' && targets.length > 0)) return yield* change({ task, targets }, work, signal);
	if (kind === 'fix') return yield* pursue(work, signal);
	const ending = yield* grounded(
		pursue(work, signal, () => withoutTools),
		work,
	);
	if (offer !== undefined && ending.reason === 'answered') yield { type: 'note', text: offer };
	return ending;
}

/** The fix, where that is asked for and tests may be run; undefined where it is another task. */
async function* fixing(
	{ kind, targets }: Route,
	task: Task,
	work: Work,
	signal: AbortSignal,
): AsyncGenerator<AgentEvent, Ending | undefined> {
	return kind === 'fix' && can(work.agent, 'run_tests') ? yield* fix({ task, targets }, work, signal) : undefined;
}

const offers: Partial<Record<Kind, string>> = {
	fix: 'To have failing tests made to pass: /fix',
	change: 'To have a file changed: name it with @ and say what is to change.',
};

type Route = { kind: Kind; targets: Awaited<ReturnType<typeof targetsIn>> };

/** The route; of what is unsure a model of few means tells which it is, and `offer` is for the person where it is not sure either. */
async function decided(route: Route, { text }: Task, agent: Agent, signal: AbortSignal): Promise<Route & { offer?: string | undefined }> {
	if (route.kind !== 'unsure') return route;
	const choice = agent.engine.model.tier === 'T0' ? await choose(text, agent, signal) : undefined;
	return { ...route, ...heeded(choice, route.targets.length > 0) };
}

/** What comes of the model's choice: the job where it is sure of it, else an answer, with an offer where the job may be meant. */
export function heeded(choice: Choice | undefined, namesFiles: boolean): { kind: Kind; offer?: string | undefined } {
	const { kind = 'talk', probability = 1 } = choice ?? {};
	const doable = kind !== 'change' || namesFiles;
	if (probability >= sure && doable) return { kind };
	return { kind: 'talk', offer: probability >= worthOffering ? offers[kind] : undefined };
}

/** What `approach` would ask first about this task, as far as that is known: a job asks in a way of its own. */
export async function ahead(task: Task, agent: Agent): Promise<Partial<Prompt> | undefined> {
	if (namedIn(task.text)) return undefined;
	const { kind } = await routeOf(task, agent);
	if (kind === 'talk' || kind === 'unsure') return agent.engine.model.tier === 'T0' ? withoutTools : {};
	return kind === 'fix' || agent.engine.model.tier === 'T0' ? undefined : {};
}

/**
 * What a question is about: a small model is offered no tools to find out. A job that has a name shows the model itself what it
 * reads, and so does a small model's change of what is too long to be shown whole.
 */
export async function about(task: Task, agent: Agent): Promise<About> {
	if (namedIn(task.text)) return { paths: [], facts: [], named: [] };
	if (agent.engine.model.tier !== 'T0') return { paths: [], facts: [] };
	const { kind, targets } = await routeOf(task, agent);
	if (kind === 'talk' || kind === 'unsure') return await gather(task.text, agent.workspace);
	return { paths: [], facts: [], pieces: targets.map(({ path }) => path) };
}

/** A small model that is offered tools uses them where nobody asked for it, so a plain question goes without. */
const withoutTools: Partial<Prompt> = { tools: [] };

const can = (agent: Agent, tool: string) => agent.specs.some(spec => spec.name === tool);

async function routeOf(task: Task, agent: Agent): Promise<Route> {
	if (!can(agent, 'write_file')) return { kind: 'talk', targets: [] };
	const targets = await targetsIn(task.text, agent.workspace);
	return { kind: kindOf(task.text, targets.length > 0), targets };
}

const asks =
	/^\s*(what|why|how|when|where|which|who|whose|is|are|was|does|do|did|explain|describe|tell|show|should|summari[sz]e|review|check|read|print|list|compare|count|find)\b/i;
const failing =
	/\b(tests?|specs?|suite|build|ci)\b[^.?!]*\b(fail\w*|broken|red|break\w*|error\w*|crash\w*|pass\w*|green)\b|\b(failing|broken|red)\s+(unit\s+)?(tests?|specs?|suite)\b/i;
const runsTests =
	/^\s*(please |now |can you |could you )*(re-?run|run|execute|start) (all |the |my |our |these |unit |project'?s? )*tests?( suite| again| now| please)*\s*[.!?]*\s*$/i;
/** A file named with `@` and a sentence that is no question is a wish for it, whatever its verb. */
const wishes = /(^|\s)@\S/;
const questions = /[?？]|(^|[,:]\s*)(what|why|how|which)\b|\b(explain|describe|summari[sz]e|tell|show)\b/i;
const begins = /^\s*(please )?(implement|write|create|add|complete)\b/i;
const mends = /\b(fix|repair|debug|solve|correct)\b/i;
const changes =
	/\b(add|append|change|convert|create|delete|drop|extend|extract|fix|handle|implement|improve|insert|make|modify|move|refactor|remove|rename|replace|rewrite|simplify|sort|split|support|translate|turn|update|use|write)\b/i;

const carriesOut = /^\s*(please )?(run|execute|start|install|build|deploy)\b/i;

/** In several languages, what somebody who wants something done to tests or bugs speaks of. */
const concerns =
	/\b(tests?|specs?|builds?|bugs?|broken|crash\w*|fehler\w*|prueba\w*|error(es)?|erreur\w*|teste?s?|tester)\b|тест|ошибк|баг|テスト|エラー|バグ|测试|測試|错误|錯誤|테스트|오류/iu;

/** Which job these words ask for, in English; in other languages it is sure only where a file is named with `@`. */
export function kindOf(text: string, namesFiles: boolean): Kind {
	if (runsTests.test(text)) return 'test';
	if (renameIn(text)) return 'change';
	if (namesFiles && begins.test(text)) return 'change';
	if (asks.test(text) && !/\bfix (it|them|this|that)\b/i.test(text)) return 'talk';
	if (failing.test(text) || (mends.test(text) && /\b(bugs?|it|them|this|errors?|tests?|failures?)\b/i.test(text))) return 'fix';
	if (namesFiles && (changes.test(text) || mends.test(text) || (wishes.test(text) && !questions.test(text)))) return 'change';
	if ([asks, questions, begins, changes, carriesOut].some(words => words.test(text))) return 'talk';
	return namesFiles || concerns.test(text) ? 'unsure' : 'talk';
}
