import { namedIn } from './jobs/named.js';
import { Refusal } from './types.js';
import { isAsked, type Verb, verbs } from './verb-list.js';
import type { Reader } from './words.js';

/** Throws `Refusal` for flags that cannot both be meant, or not with this verb, with what to type instead. `words` are those between flags. */
export function refuseContradictions(read: Reader, verb: Verb | undefined, words: readonly string[]): void {
	const resumes = read.on('continue') || read.on('resume');
	const place = read.on('line') || read.on('column');
	const rows: readonly (readonly [boolean, string])[] = [
		[read.on('sandbox') && read.on('no-sandbox'), '--sandbox and --no-sandbox contradict each other; keep one.'],
		[
			read.on('no-sandbox') && (read.on('add-dir') || read.on('allow-host')),
			'--add-dir and --allow-host open doors in the sandbox, and --no-sandbox runs without one; keep one of them.',
		],
		[read.on('continue') && read.on('resume'), '-c and -r contradict each other; -c is the newest conversation, -r ID that one.'],
		[read.on('fork-session') && !resumes, '--fork-session needs -c or -r ID: it goes on in a copy of that conversation.'],
		[read.on('ephemeral') && read.on('fork-session'), '--ephemeral keeps no journal, --fork-session begins one; keep one of them.'],
		[read.on('print') && read.on('prompt-interactive'), '-p answers and ends, -i opens the chat; keep one.'],
		[read.on('prompt-interactive') && read.on('output-format'), '-i opens the chat, --output-format is for -p; keep one.'],
		[
			read.on('include-partial-messages') && !read.all('output-format').includes('stream-json'),
			'--include-partial-messages needs -o stream-json.',
		],
		[read.on('logprobs') && !read.all('output-format').some(format => format !== 'text'), '--logprobs needs -o json or -o stream-json.'],
		[
			read.on('json') && verb !== 'models' && verb !== 'sessions' && verb !== 'blame',
			'--json goes with the verbs models, sessions and blame; for an answer it is -o json.',
		],
		[
			read.on('json-schema') && (read.on('prompt-interactive') || verb !== undefined),
			'--json-schema goes with a question that is answered once: qwill -p "…" --json-schema FILE.',
		],
		[read.on('json-schema') && read.on('tools'), '--json-schema answers without tools; leave --tools off.'],
		[
			read.all('output-format').includes('sarif') && verb !== 'review' && !isReview([...read.all('print'), ...words]),
			'-o sarif goes with a review alone: qwill review -o sarif.',
		],
		[
			verb !== undefined && !isAsked(verb) && !read.on('split') && read.on('output-format'),
			`--output-format goes with a question (qwill -p "…") and with ${jobs}; models, sessions and blame take --json.`,
		],
		[read.on('split') && verb !== 'commit', '--split goes with the verb commit: qwill commit --split.'],
		[
			read.on('prompt-interactive') && words.some(word => !word.startsWith('@')),
			'-i already holds the first message; quote the whole of it.',
		],
		[
			(read.on('file') || place) && verb !== 'fim',
			'--file, --line and --column go with the verb fim; before a question a file goes as @FILE.',
		],
		[
			place && !read.on('file'),
			'--line and --column need --file FILE; qwill fim without them reads {"prefix", "suffix"} from standard input.',
		],
		[read.on('file') && !read.on('line'), '--file needs --line N, the line with the hole.'],
		[(read.on('to') || read.on('glossary')) && verb !== 'translate', '--to and --glossary go with: qwill translate --to LANG FILE…'],
	];
	const wrong = rows.find(([applies]) => applies);
	if (wrong) throw new Refusal(wrong[1], 42);
}

const jobs = verbs.flatMap(({ name }) => (isAsked(name) ? [name] : [])).join(', ');

const isReview = (said: readonly string[]): boolean => namedIn(said.filter(Boolean).join(' '))?.job.name === 'review';
