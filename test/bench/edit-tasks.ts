/** Small edits of files of this checkout, each answered with the whole file: what P10 is measured on. */

/** `about` stands in the file; without it the task has lost its sense and needs another. */
export type EditTask = { path: string; about: string; ask: string };

const rename = (path: string, from: string, to: string): EditTask => ({ path, about: from, ask: `Rename \`${from}\` to \`${to}\`.` });

export const editTasks: readonly EditTask[] = [
	rename('test/fixtures/broken-sum/sum.js', 'total', 'result'),
	{
		path: 'test/fixtures/broken-sum/sum.test.js',
		about: 'sum([1, 2, 3]), 6',
		ask: 'In the second test use the numbers 4, 5 and 6, whose sum is 15.',
	},
	rename('test/fixtures/broken-py/words.py', 'counts', 'frequencies'),
	{ path: 'test/fixtures/broken-py/test_words.py', about: 'class Count', ask: 'Add a docstring to the class `Count`.' },
	rename('src/attribution.ts', 'form', 'style'),
	{ path: 'src/bug.ts', about: 'last-bug.txt', ask: 'Call the file `newest-bug.txt` instead of `last-bug.txt`.' },
	{ path: 'src/nearest.ts', about: 'wanted.length / 3', ask: 'Allow a quarter of the word to differ instead of a third.' },
	rename('src/engine/queue.ts', 'mine', 'own'),
	rename('src/engine/local/inbox.ts', 'wake', 'notify'),
	{
		path: 'src/engine/local/characters.ts',
		about: 'longestCharacter',
		ask: 'Put the comment "// Bytes of UTF-8." above `longestCharacter`.',
	},
	{ path: 'src/engine/local/deaths.ts', about: 'slice(0, 200)', ask: 'Quote 300 characters of the last line instead of 200.' },
	rename('src/tools/numbered.ts', 'withoutNumbers', 'unnumbered'),
	rename('src/chat/held.ts', 'held', 'kept'),
	{ path: 'src/chat/deaf.ts', about: '250', ask: 'Make it half a second: 500 milliseconds.' },
	{ path: 'src/models/programs.ts', about: 'timeout = 1500', ask: 'Wait 3000 milliseconds by default instead of 1500.' },
	rename('src/models/fetch-job.ts', 'pollMs', 'lookMs'),
	rename('src/oneshot/output.ts', 'trouble', 'problem'),
	rename('src/workspace/clip.ts', 'dropped', 'lost'),
	rename('src/checks/reports/gradle.ts', 'total', 'all'),
	{ path: 'src/checks/reports/mocha.ts', about: "' > '", ask: "Join the names with ' / ' instead of ' > '." },
];

/** Text that copies nothing: what guessing must not slow down. */
export const freshTasks: readonly string[] = [
	'Write a long story about a lighthouse and the three people who keep it, in plain prose.',
	'Explain how a suspension bridge carries its load, for somebody who has never thought about it.',
	'Describe a market in the early morning, stall after stall.',
	'Write a Python class for a bank account with deposits, withdrawals and a history.',
	'Tell the history of writing, from clay to paper, in several paragraphs.',
];
