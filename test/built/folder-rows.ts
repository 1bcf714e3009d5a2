import { chmodSync } from 'node:fs';
import { answered, ask, type Place, type Row } from './row.js';

const gone = {
	shell: 'rmdir "$PWD"; exec "$@"',
	code: 42,
	says: 'The folder that qwill was started in is gone; change to another one with cd.',
};
const state = (why: string) =>
	`qwill cannot keep conversations and undo in HERE/state/qwill/projects/work-ID: ${why}. Mend that, or let XDG_STATE_HOME name another folder.`;
const locked = (path: string, mode: number): Pick<Row, 'plain' | 'prepare'> => ({
	plain: true,
	prepare(place) {
		place.folder(place.at(path));
		chmodSync(place.at(path), mode);
	},
});
const fileAt = (path: string) => ({ prepare: (place: Place) => place.file(place.at(path), 'x') });

export const folderRows: readonly Row[] = [
	{ name: 'the folder is gone: a question', words: ask(), ...gone },
	{ name: 'the folder is gone: undo', words: ['undo'], ...gone },
	{ name: 'the folder is gone: doctor', words: ['doctor'], ...gone },
	{ name: 'the folder is gone: models', words: ['models', 'list'], ...gone },
	{
		name: 'the folder is unreadable',
		words: ask(),
		code: 42,
		says: 'The folder that qwill was started in may not be read; change to another one with cd.',
		...locked('work', 0o111),
	},
	{ name: 'the folder is read-only: a question', words: ask(), code: 0, says: '', answers: answered, ...locked('work', 0o555) },
	{ name: 'the folder is /', words: ask(), cwd: '../'.repeat(30), code: 0, says: '', answers: answered },
	{ name: 'no HOME', words: ask(), env: { HOME: undefined }, code: 0, says: '', answers: answered },
	{
		name: 'HOME is not there, nor the folders in it',
		words: ask(),
		env: { HOME: '/dev/null/home', XDG_STATE_HOME: undefined },
		code: 42,
		says: /^qwill cannot keep conversations and undo in \/dev\/null\/home\/\S+: a file is in the way\. Mend that, or let XDG_STATE_HOME name another folder\.\n$/,
	},
	{
		name: 'XDG_STATE_HOME is relative, and so counts for nothing',
		words: ask(),
		env: { XDG_STATE_HOME: 'relative' },
		shell: '"$@" && test ! -e relative',
		code: 0,
		says: '',
		answers: answered,
	},
	{ name: 'nothing on the PATH', words: ask(), env: { PATH: '' }, code: 0, says: '', answers: answered },
	{
		name: 'the state folder is read-only: a question',
		words: ask(),
		code: 42,
		says: state('permission denied'),
		...locked('state', 0o555),
	},
	{ name: 'the state folder is read-only: undo', words: ['undo'], code: 42, says: state('permission denied'), ...locked('state', 0o555) },
	{
		name: 'the state folder is unreadable: a question',
		words: ask(),
		code: 42,
		says: state('permission denied'),
		...locked('state/qwill', 0),
	},
	{
		name: 'the state folder is unreadable: sessions',
		words: ['sessions'],
		code: 42,
		says: 'HERE/state/qwill/projects/work-ID cannot be read (EACCES). Mend that, or let XDG_STATE_HOME name another folder.',
		...locked('state/qwill', 0),
	},
	{
		name: 'a file where the state folder should be: a question',
		words: ask(),
		code: 42,
		says: state('a file is in the way'),
		...fileAt('state/qwill'),
	},
	{
		name: 'a file where the state folder should be: redo',
		words: ['redo'],
		code: 42,
		says: state('a file is in the way'),
		...fileAt('state/qwill'),
	},
	{
		name: 'a file where the state folder should be: doctor',
		words: ['doctor'],
		code: 1,
		says: '',
		answers:
			/✗ State {5}HERE\/state\/qwill\/projects cannot be made: HERE\/state\/qwill is not a folder\n.*→ move HERE\/state\/qwill away\n/,
		...fileAt('state/qwill'),
	},
];
