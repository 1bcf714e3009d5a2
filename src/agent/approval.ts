import { z } from 'zod';
import { say } from '../prompts.js';
import type { ApprovalMode, Call, Display } from '../types.js';
import { isProtected } from '../workspace/names.js';
import { isPrivate, type Reached, reach } from '../workspace/reach.js';
import { readsOnly } from './commands.js';
import type { AskPerson, PersonAnswer, Question } from './conversation.js';
import { alwaysAsked } from './dangers.js';
import type { Agent, Answer, Ask } from './loop.js';
import { exactPath, pathOf } from './path-rules.js';
import type { RuleBook } from './rules.js';
import { shellCall } from './shell-rules.js';
import { changedBetween, shownWith } from './shown.js';

/** A call that was refused without a person: `flag` is what would allow it, when anything would. */
export type Denial = { call: Call; tool: string; title: string; flag: string | undefined };

export type Approving = {
	/** Asked at each call: the person may change it while a task runs. */
	mode(): ApprovalMode;
	rules: RuleBook;
	/** Without it what would be asked is refused. */
	askPerson?: AskPerson | undefined;
	root: string;
	/** Why programs are not boxed: then no mode but yolo runs any of them unasked. Undefined where they are. */
	unboxed: string | undefined;
	onDenied(denial: Denial): void;
	/** Told once, when a program is allowed that nothing boxes. */
	onUnboxed?: ((sentence: string) => void) | undefined;
};

/** What is to become of a call. `rule` is what "always" would save. */
type Decision =
	| { kind: 'yes' }
	| { kind: 'no'; text: string; told: string; flag?: string }
	| { kind: 'ask'; why?: string; rule?: string; flag?: string };

/**
 * Decides about each call: the strictest rule first, then what is asked about in every mode, then the mode. In doubt it
 * asks; where nobody can be asked it refuses, the model is told, and the run goes on.
 */
export function approver(approving: Approving): Agent['approve'] {
	let told = approving.unboxed === undefined;
	const tell = (ask: Ask) => {
		if (told || ask.risk !== 'runs') return;
		told = true;
		approving.onUnboxed?.(`No sandbox: ${approving.unboxed}. What is run here has all your rights.`);
	};
	return async (ask, signal) => {
		const decision = await decide(ask, approving);
		if (decision.kind === 'yes') {
			tell(ask);
			return { yes: true };
		}
		const { askPerson, onDenied } = approving;
		if (decision.kind === 'ask' && askPerson) return await askThem(ask, decision, { ...approving, askPerson, signal });
		onDenied({ call: ask.call, tool: ask.call.tool, title: ask.title, flag: decision.flag });
		return decision.kind === 'no'
			? { yes: false, text: decision.text, told: decision.told }
			: { yes: false, text: say('repair/refused#nobody') };
	};
}

async function decide(ask: Ask, { mode, rules, root, unboxed }: Approving): Promise<Decision> {
	const { call, risk } = ask;
	const ruled = await rules.decide(call);
	if (ruled?.effect === 'deny')
		return { kind: 'no', text: say('repair/refused#rule', { rule: ruled.rule }), told: `The rule ${ruled.rule} forbids it.` };
	const current = mode();
	if (current === 'plan' && risk !== 'reads')
		return {
			kind: 'no',
			text: say('repair/refused#plan'),
			told: 'In plan mode nothing is written or run.',
			flag: '--approval-mode default',
		};
	const shell = call.tool === 'run_shell_command' ? shellCall(call) : undefined;
	if (call.tool === 'run_shell_command' && !shell) return { kind: 'ask', why: 'the command cannot be read' };
	if (shell?.command.includes('\0'))
		return { kind: 'no', text: say('repair/refused#unreadable'), told: 'The command holds a NUL character.' };
	const danger = shell ? await alwaysAsked(shell.command, root, shell.directory) : await guarded(ask, root);
	if (danger !== undefined) return { kind: 'ask', why: danger };
	if (ruled?.effect === 'ask') return { kind: 'ask', why: `the rule ${ruled.rule} asks` };
	if (ruled?.effect === 'allow') return { kind: 'yes' };
	return await byMode(ask, current, { root, unboxed });
}

async function byMode(ask: Ask, mode: ApprovalMode, { root, unboxed }: Pick<Approving, 'root' | 'unboxed'>): Promise<Decision> {
	const { call, risk } = ask;
	if (mode === 'yolo' || risk === 'reads') return { kind: 'yes' };
	const shell = call.tool === 'run_shell_command' ? shellCall(call) : undefined;
	const noBox = unboxed === undefined ? {} : { why: `no sandbox: ${unboxed}` };
	if (shell) {
		const verdict = await readsOnly(shell.command, root, shell.directory);
		if (verdict.reads && unboxed === undefined) return { kind: 'yes' };
		return { kind: 'ask', ...noBox, ...(verdict.reads ? {} : { why: verdict.because }), flag: flagFor(shell.command), ...ruleFor(call) };
	}
	if (risk === 'writes') {
		const reached = await reachedBy(call, root);
		if (reached === undefined) return { kind: 'ask', flag: '--approval-mode yolo', ...ruleFor(call) };
		const { path, kind, names } = reached;
		if (kind === 'file' && names > 1)
			return { kind: 'ask', why: `${path} has ${names} names (hard links), of which one would change`, flag: '--approval-mode yolo' };
		if (isProtected(path) !== undefined) return { kind: 'ask', why: `other programs act on ${path}`, flag: '--approval-mode yolo' };
		if (halves(ask.preview))
			return { kind: 'ask', why: `it takes out more than half of ${path}`, flag: '--approval-mode yolo', ...ruleFor(call, path) };
		return mode === 'auto-edit' ? { kind: 'yes' } : { kind: 'ask', flag: '--approval-mode auto-edit', ...ruleFor(call, path) };
	}
	if (call.tool === 'run_tests' && mode === 'auto-edit' && unboxed === undefined) return { kind: 'yes' };
	const tests = call.tool === 'run_tests' && unboxed !== undefined;
	return {
		kind: 'ask',
		...(tests ? { why: `no sandbox: ${unboxed}. The tests, and each change that is tried with them, run as you` } : {}),
		flag: `--allowed-tools ${call.tool}`,
		...ruleFor(call),
	};
}

/** Whether a change leaves less than half of a file that has more than a screen. Models leave code out without saying so. */
function halves(preview: Display | undefined): boolean {
	if (preview?.kind !== 'diff' || preview.before === null) return false;
	const [old, fresh] = [preview.before, preview.after ?? ''].map(text => text.trimEnd().split('\n').length);
	return old! > 20 && fresh! < old! / 2;
}

/** Where a file tool's path leads, links resolved; undefined when it names none or leads outside, where the tool refuses. */
async function reachedBy(call: Call, root: string): Promise<Reached | undefined> {
	const path = pathOf(call);
	return path === undefined ? undefined : await reach(root, '.', path);
}

/** Files that no mode touches unasked: git's and qwill's own, secrets, and those a shell runs by itself. */
async function guarded({ call }: Ask, root: string): Promise<string | undefined> {
	const path = (await reachedBy(call, root))?.path;
	if (path === undefined) return undefined;
	const named = /(?:^|\/)\.(?:bash|zsh)\w*$|(?:^|\/)\.profile$/i.test(path) && (call.tool === 'edit' || call.tool === 'write_file');
	return isPrivate(path) || named ? `${path} is protected` : undefined;
}

/** What "always" would save: that command byte for byte, that file, that action. */
function ruleFor(call: Call, path?: string): { rule?: string } {
	const shell = call.tool === 'run_shell_command' ? shellCall(call) : undefined;
	if (shell) return shell.directory === '.' ? { rule: `Bash(${shell.command})` } : {};
	if (path !== undefined) return { rule: `Edit(${exactPath(path)})` };
	const action = z.object({ action: z.string() }).safeParse(call.args).data?.action;
	if (call.tool === 'git') return action === undefined ? {} : { rule: `git(${action})` };
	return { rule: call.tool };
}

/** The flag that would have allowed a command: by itself where it can stand in a list of rules, else the mode. */
const flagFor = (command: string): string =>
	/^[\w ./:=@+-]+$/.test(command) ? `--allowed-tools "Bash(${command})"` : '--approval-mode yolo';

type Asking = { askPerson: AskPerson; rules: RuleBook; root: string; signal: AbortSignal };

/** Asks, and once more where what a command acts on is not what it was when it was shown. */
async function askThem(ask: Ask, { why, rule }: { why?: string; rule?: string }, asking: Asking): Promise<Answer> {
	const { askPerson, rules, root, signal } = asking;
	const question: Question = { ...ask, rule, ...(why === undefined ? {} : { why }) };
	const shown = await shownWith(ask.call, root);
	const answer = await orStopped(() => askPerson(question, signal), signal);
	const changed = answer.kind === 'no' ? undefined : changedBetween(shown, await shownWith(ask.call, root));
	if (changed !== undefined)
		return await askThem(ask, { why: `${changed} has changed since this was shown`, ...(rule !== undefined && { rule }) }, asking);
	switch (answer.kind) {
		case 'yes':
			return { yes: true };
		case 'always':
			if (rule !== undefined) rules.add(rule);
			return { yes: true };
		case 'no':
			return no(answer.reason?.trim());
		default:
			return answer satisfies never;
	}
}

const no = (reason: string | undefined): Answer =>
	reason
		? { yes: false, text: say('repair/refused#reason', { reason }), told: `You said no: ${reason}` }
		: { yes: false, text: say('repair/refused#no'), told: 'You said no.' };

/** The person's answer; stopping is a no, before, while and after it is given. */
export async function orStopped(asking: () => Promise<PersonAnswer>, signal: AbortSignal): Promise<PersonAnswer> {
	const no: PersonAnswer = { kind: 'no' };
	if (signal.aborted) return no;
	let stop = () => {};
	const stopped = new Promise<PersonAnswer>(resolve => {
		stop = () => resolve(no);
		signal.addEventListener('abort', stop, { once: true });
	});
	try {
		const answer = await Promise.race([asking(), stopped]);
		return signal.aborted ? no : answer;
	} finally {
		signal.removeEventListener('abort', stop);
	}
}
