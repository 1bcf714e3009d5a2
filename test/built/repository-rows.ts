import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { answered, ask, type Place, type Row, script } from './row.js';

/** A repository in this state: a question is answered all the same, and committing says what is wrong. */
const repository = (name: string, says: string, prepare: (place: Place) => void, more: Partial<Row> = {}): readonly Row[] => [
	{ name: `${name}: a question`, words: ask(), code: 0, says: '', answers: answered, prepare, ...(more.plain && { plain: true }) },
	{ name: `${name}: a commit`, words: ['commit', '-m', script, 'a message'], code: 1, says, prepare, ...more },
];

function committed(place: Place): void {
	place.git('init', '-b', 'main');
	place.git('config', 'user.name', 'A');
	place.git('config', 'user.email', 'a@example.org');
	place.file(place.at('work/a.txt'), 'one\n');
	place.git('add', '.');
	place.git('commit', '-m', 'first');
}

function staged(place: Place): void {
	committed(place);
	place.file(place.at('work/b.txt'), 'new\n');
	place.git('add', 'b.txt');
}

function inConflict(place: Place): void {
	committed(place);
	place.git('checkout', '-b', 'other');
	place.file(place.at('work/a.txt'), 'two\n');
	place.git('commit', '-am', 'second');
	place.git('checkout', 'main');
	place.file(place.at('work/a.txt'), 'three\n');
	place.git('commit', '-am', 'third');
	// Ends with 1, as every merge with a conflict.
	place.tool('sh', '-c', '! git -c user.name=A -c user.email=a@example.org merge other');
}

const damaged = 'git finds no sound repository here: its HEAD or its objects are damaged. Look with: git status';

export const repositoryRows: readonly Row[] = [
	...repository('no repository', 'This folder is in no git repository (git init makes one).', () => {}),
	...repository('a bare one', 'This folder is in no git repository (git init makes one).', place => place.git('init', '--bare', '.')),
	...repository('an empty one', 'Nothing is staged. Choose what to commit with: git add FILE', place => place.git('init'), { code: 42 }),
	...repository(
		'HEAD on no branch',
		'HEAD is on no branch (detached); make one first: git switch -c name. Nothing was committed.',
		place => {
			staged(place);
			place.git('checkout', '--detach');
		},
	),
	...repository('a merge with a conflict', 'A merge is under way; finish or abort it with git first. Nothing was committed.', inConflict),
	...repository(
		'a damaged index',
		'The index of this repository is damaged. git makes a new one: remove .git/index, then type git reset.',
		place => {
			committed(place);
			writeFileSync(place.at('work/.git/index'), 'rubbish');
		},
	),
	...repository('a damaged HEAD', damaged, place => {
		committed(place);
		writeFileSync(place.at('work/.git/HEAD'), 'rubbish');
	}),
	...repository('an empty .git', damaged, place => place.folder(place.at('work/.git'))),
	...repository('a .git that is a file', 'HERE/work/.git is a file that names no repository; qwill does not use git here.', place =>
		place.file(place.at('work/.git'), 'rubbish'),
	),
	...repository(
		'a .git that points elsewhere',
		'HERE/work/.git points to /etc, which does not point back; qwill does not use git here.',
		place => place.file(place.at('work/.git'), 'gitdir: /etc\n'),
	),
	...repository(
		'a .git that is a link',
		'HERE/work/.git is not a folder but a link or something else; qwill does not use git here.',
		place => symlinkSync('/etc', place.at('work/.git')),
	),
	...repository(
		'an unreadable .git',
		"git: unable to access 'HERE/work/.git/config': Permission denied.",
		place => {
			committed(place);
			chmodSync(place.at('work/.git'), 0);
		},
		{ plain: true },
	),
	...repository(
		'another git at work',
		'Another git program is at work in this repository, or one left its index.lock behind; qwill leaves that file alone.',
		place => {
			staged(place);
			writeFileSync(place.at('work/.git/index.lock'), '');
		},
	),
	{
		name: 'an empty message',
		words: ['commit', '-m', script, ' '],
		code: 42,
		says: 'The commit message is empty. Give one, or leave it out to have it written: qwill commit',
		prepare: staged,
	},
];
