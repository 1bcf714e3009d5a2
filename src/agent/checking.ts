import type { ApprovalMode } from '../types.js';
import { orStopped } from './approval.js';
import type { AskPerson } from './conversation.js';
import type { RuleBook } from './rules.js';

export type CheckingRules = { rules: RuleBook; askPerson: AskPerson | undefined };
export type MayCheck = (names: readonly string[], mode: ApprovalMode, signal: AbortSignal) => Promise<boolean>;

/**
 * Whether the project's own linters may be run on changes: they read settings that may be programs of a stranger. The rules
 * decide, then the mode; else the person is asked, once in a conversation. Where nobody can be asked they are not run, silently.
 */
export function mayCheck({ rules, askPerson }: CheckingRules): MayCheck {
	const answered = new Map<string, Promise<boolean>>();
	return async (names, mode, signal) => {
		const call = { id: 'checks', tool: 'run_checks', args: {} };
		const ruled = (await rules.decide(call))?.effect;
		if (ruled === 'deny' || mode === 'plan') return false;
		if (ruled === 'allow' || (mode === 'yolo' && ruled === undefined)) return true;
		if (!askPerson) return false;
		const listed = names.join(', ');
		const asking = answered.get(listed) ?? ask(listed);
		answered.set(listed, asking);
		return await asking;

		async function ask(checkers: string): Promise<boolean> {
			const title = `check changes with ${checkers}`;
			const why = 'these programs of the project run at each change';
			const question = { call, title, risk: 'runs', preview: undefined, because: '', rule: 'run_checks', why } as const;
			const answer = await orStopped(() => askPerson!(question, signal), signal);
			if (signal.aborted) answered.delete(checkers);
			if (answer.kind === 'always') rules.add('run_checks');
			return answer.kind !== 'no';
		}
	};
}
