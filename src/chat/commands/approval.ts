import { nearest } from '../../nearest.js';
import { type ApprovalMode, Refusal } from '../../types.js';
import type { Command, CommandHost } from './command.js';

const modes: readonly { mode: ApprovalMode; means: string }[] = [
	{ mode: 'plan', means: 'reads only; nothing is changed' },
	{ mode: 'default', means: 'asks before every change and command' },
	{ mode: 'auto-edit', means: 'edits files here without asking' },
	{ mode: 'yolo', means: 'asks for almost nothing' },
];

export const approvalMode: Command = {
	name: 'approval-mode',
	aliases: [],
	purpose: 'what is done without asking',
	argumentHint: '[plan|default|auto-edit|yolo]',
	async run(args, host) {
		const current = host.program.conversation.mode;
		const offered = modes.filter(({ mode }) => mode !== 'yolo' || host.program.yoloAllowed);
		const choices = offered.map(({ mode, means }) => ({ label: mode, detail: mode === current ? `${means} · now` : means, value: mode }));
		const chosen = args || (await host.pick('What may be done without asking?', choices));
		if (chosen !== undefined) setMode(chosen, host);
	},
};

export const plan: Command = {
	name: 'plan',
	aliases: [],
	purpose: 'think first: nothing is changed until you leave this mode',
	async run(_args, host) {
		setMode('plan', host);
	},
};

function setMode(name: string, host: CommandHost): void {
	const names = modes.map(({ mode }) => mode);
	const found = modes.find(({ mode }) => mode === name.replace('_', '-'));
	if (!found) {
		const near = nearest(name, names);
		throw new Refusal(`There is no approval mode "${name}". ${near ? `Did you mean ${near}?` : `There are ${names.join(', ')}.`}`);
	}
	if (found.mode === 'yolo' && !host.program.yoloAllowed) throw new Refusal('The mode yolo has to be asked for at the start: qwill --yolo');
	host.setMode(found.mode);
	host.note(`Approval mode ${found.mode}: ${found.means}. Shift-Tab changes it.`);
}

export const permissions: Command = {
	name: 'permissions',
	aliases: [],
	purpose: 'rules of what is allowed, asked and denied; take one back',
	async run(_args, host) {
		const rules = await host.program.rules();
		if (rules.length === 0) return host.note('There are no rules. "Always" in a question makes one.');
		const text = rules.map(({ effect, rule, from }) => `${effect.padEnd(6)} ${rule}  (${from})`).join('\n');
		host.show({ kind: 'text', text }, 'Rules: deny goes before ask, ask before allow');
		const removable = rules.filter(each => each.removable);
		if (removable.length === 0) return;
		const choices = removable.map(({ rule, effect, from }) => ({ label: rule, detail: `${effect} · ${from}`, value: rule }));
		const rule = await host.pick('Take a rule back? Esc leaves them.', choices);
		if (rule === undefined) return;
		await host.program.removeRule(rule);
		host.note(`The rule ${rule} is gone.`);
	},
};
