/** The verbs as data, for parsing and --help; verbs.ts carries them out. */
import { namedJobs, spelledOut } from './jobs/named.js';

export const verbs = [
	{ name: 'models', shown: '[list | pull | use | path | rm]', meaning: 'the models there are, and which of them suit this machine' },
	{ name: 'doctor', shown: '', meaning: 'what works on this machine and what does not' },
	{ name: 'undo', shown: '', meaning: 'take back every file change since the last message' },
	{ name: 'redo', shown: '', meaning: 'bring back what undo took' },
	{ name: 'commit', shown: '[--split]', meaning: 'commit what is staged, with a message written from the diff' },
	{ name: 'blame', shown: 'FILE', meaning: 'who wrote each line: author or model, and with which seed' },
	{ name: 'fix', shown: '[words] [@file]', meaning: 'look for a change that makes the failing tests pass (-y writes it unasked)' },
	...namedJobs.map(({ name, argumentHint, purpose }) => ({ name, shown: argumentHint, meaning: purpose })),
	{ name: 'replay', shown: 'ID', meaning: 'hold a conversation again, in a copy, and say where replies differ' },
	{ name: 'sessions', shown: '[list | export ID | rm ID]', meaning: 'the conversations of this folder' },
	{ name: 'cache', shown: '[show | clear]', meaning: 'what models have read, kept so that it is not read again' },
	{ name: 'fim', shown: '--file FILE --line N [--column N]', meaning: 'the text for a hole in a file, and nothing else; for editors' },
	{ name: 'config', shown: '[KEY=VALUE | schema]', meaning: 'the settings in force; set one of yours; their JSON Schema' },
] as const;

export type Verb = (typeof verbs)[number]['name'];

/** The verbs that are said to the agent, in whichever face is open. */
export type Asked = 'fix' | (typeof namedJobs)[number]['name'];

export const isAsked = (verb: Verb): verb is Asked => verb === 'fix' || namedJobs.some(({ name }) => name === verb);

/** What is said for such a verb. */
export const askedAs = (verb: Verb, args: readonly string[]): string =>
	verb === 'fix' ? ['The tests fail. Fix them.', ...args].join(' ') : spelledOut(verb, args);
