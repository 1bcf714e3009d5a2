import type { Work } from '../../agent/loop.js';
import { showFile } from '../../agent/material.js';
import { stepsOf } from '../../checks/steps.js';
import { say } from '../../prompts.js';
import { returned } from '../../returned.js';
import { begun } from '../begun.js';
import { insideOf } from './inputs.js';
import type { Steady } from './steady.js';
import type { Subject } from './subjects.js';

const tokensEach = 12;
const mostWords = 6;

/** What a word says of an input, and how that shows in the call. */
const claims: readonly (readonly [RegExp, RegExp])[] = [
	[/\bempty\b|\bno\b/, /\[\]|\{\}|""|''|\(\)/],
	[/\bnegative\b|\bminus\b|\bbelow zero\b/, /-\d/],
	[/\bzero\b/, /(?<![\d.])0(?![\d.])/],
	[/\bsingle\b|\bone\b/, /\[[^,\]]+\]|^[^,]*$/],
	[/\bnone\b|\bnull\b|\bmissing\b/, /None|null|undefined/],
	[/\bupper\b|\buppercase\b|\bcapital/, /[A-Z]/],
	[/\blower\b|\blowercase\b/, /[a-z]/],
	[/\bspaces?\b/, /['"][^'"]* [^'"]*['"]/],
	[/\bfloats?\b|\bdecimals?\b/, /\d\.\d/],
	[/\bstrings?\b|\btexts?\b|\bwords?\b/, /['"]/],
	[/\b(?:raises?|throws?|errors?|invalid|fails?)\b/, /^!/],
];

/** What each of the cases is about, in the words of the model where they fit what is called, else as the call is written. */
export async function titlesOf(
	{ subject, path, cases }: { subject: Subject; path: string; cases: readonly Steady[] },
	{ agent }: Work,
	signal: AbortSignal,
): Promise<string[]> {
	const plain = cases.map(one => titleOf(one));
	if (signal.aborted || cases.length === 0) return plain;
	const calls = cases.map(({ call }, i) => `${i + 1}. ${call}`).join('\n');
	const asked = say('jobs/tests#names', { file: showFile(path, `${subject.code}\n`), calls });
	const file = { path: 'names.txt', text: null };
	const prompt = { ...agent.head, messages: [{ role: 'user', text: asked }], tools: [], aside: true } as const;
	const maxTokens = tokensEach * cases.length;
	const { message } = await returned(agent.engine.reply({ ...prompt, maxTokens, ...begun(file, 1, { agent }, '1. ') }, signal));
	const said = new Map([...message.raw.matchAll(/^(\d+)\.\s*(.+)$/gm)].map(([, number, words]) => [Number(number), words!]));
	return cases.map((one, i) => wordsIn(said.get(i + 1) ?? '', one, subject.name) ?? plain[i]!);
}

function titleOf({ call, does, kind }: Steady): string {
	const [first = call, ...steps] = stepsOf(call);
	const shown = [first.replace(/^(?:const )?\w+ = /, ''), ...steps.map(step => step.slice(step.indexOf('.') + 1))].join(', ');
	return kind === 'error' ? `${shown} fails with ${does.slice(2).replace(/_, /g, '')}` : shown;
}

/** The words where they are few and nothing in them speaks against the call. */
function wordsIn(said: string, { call, does }: Steady, name: string): string | undefined {
	const words = said
		.replace(/[.:;`*"']+/g, ' ')
		.trim()
		.toLowerCase();
	const count = words.split(/\s+/).length;
	if (count < 2 || count > mostWords || !/^[a-z][a-z0-9 -]*$/.test(words) || /\d/.test(words)) return undefined;
	const holds = claims.every(([word, sign]) => !word.test(words) || sign.test(insideOf(call)) || (does.startsWith('!') && sign.test(does)));
	return holds ? `${name} ${words.replace(/\s+/g, ' ')}` : undefined;
}
