import type { AskPerson, PersonAnswer, Question } from '../../agent/conversation.js';

export type Choice = { label: string; detail: string; value: string };

/** What is put before the person and takes the keys until it is answered. `id` tells one from the next. */
export type Dialogue =
	| { kind: 'question'; id: number; question: Question }
	| { kind: 'picker'; id: number; title: string; choices: readonly Choice[] };

/** Questions wait for each other; each is answered exactly once, or ends as "no" when its task is stopped. */
export type Dialogues = {
	current(): Dialogue | undefined;
	ask: AskPerson;
	pick(title: string, choices: readonly Choice[]): Promise<string | undefined>;
	/** Answers the question `id`; nothing happens when that one is no longer there. */
	answer(id: number, answer: PersonAnswer): void;
	choose(id: number, value: string | undefined): void;
	/** Says no to everything that waits. */
	dismiss(): void;
};

type Waiting = { dialogue: Dialogue; settle(answer: PersonAnswer | string | undefined): void };

export function createDialogues(changed: () => void): Dialogues {
	let waiting: Waiting[] = [];
	let last = 0;
	const settle = (id: number, kind: Dialogue['kind'], answer: PersonAnswer | string | undefined) => {
		const found = waiting.find(one => one.dialogue.id === id && one.dialogue.kind === kind);
		if (!found) return;
		waiting = waiting.filter(one => one !== found);
		found.settle(answer);
		changed();
	};
	const wait = (one: Waiting) => {
		waiting = [...waiting, one];
		changed();
	};
	return {
		current: () => waiting[0]?.dialogue,
		ask: (question, signal) =>
			new Promise(resolve => {
				const id = ++last;
				if (signal.aborted) return resolve({ kind: 'no' });
				const stopped = () => settle(id, 'question', { kind: 'no' });
				signal.addEventListener('abort', stopped, { once: true });
				wait({
					dialogue: { kind: 'question', id, question },
					settle: answer => {
						signal.removeEventListener('abort', stopped);
						resolve(typeof answer === 'object' ? answer : { kind: 'no' });
					},
				});
			}),
		pick: (title, choices) =>
			new Promise(resolve =>
				wait({
					dialogue: { kind: 'picker', id: ++last, title, choices },
					settle: answer => resolve(typeof answer === 'string' ? answer : undefined),
				}),
			),
		answer: (id, answer) => settle(id, 'question', answer),
		choose: (id, value) => settle(id, 'picker', value),
		dismiss: () => {
			for (const { dialogue } of waiting) settle(dialogue.id, dialogue.kind, dialogue.kind === 'question' ? { kind: 'no' } : undefined);
		},
	};
}
