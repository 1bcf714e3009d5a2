/**
 * The profile of macOS's own sandbox (sandbox-exec(1)) for one command: what it sees, what of that it may write, and that it is
 * alone. Of two rules that meet, the later one counts; but a rule for one operation counts more than one for a family of them,
 * so nothing is taken back by a wider name than it was given by.
 */
import { dirname } from 'node:path';
import type { Place } from './place.js';
import type { Profile } from './profile.js';
import type { Private } from './secrets.js';
import { holds, systemOn } from './tools.js';

export type Enclosure = {
	place: Pick<Place, 'root' | 'home' | 'shown' | 'ours' | 'kept'>;
	private: Private;
	doors: Profile['doors'];
	/** Names in the root and behind doors that programs are started from, whether they are there or not. */
	controls: readonly string[];
	/** Entries of the system's settings that not everybody may read. */
	guarded: readonly string[];
	/** A folder that is the command's alone. */
	own: string;
};

/** What everything that runs is told of the machine; not what other processes were started with, which has its names here too. */
const facts = {
	prefixes: ['hw.', 'machdep.', 'kern.os', 'net.routetable.'],
	names: [
		'kern.argmax',
		'kern.boottime',
		'kern.hostname',
		'kern.iossupportversion',
		'kern.maxfiles',
		'kern.maxfilesperproc',
		'kern.maxproc',
		'kern.maxprocperuid',
		'kern.ngroups',
		'kern.secure_kernel',
		'kern.usrstack64',
		'kern.version',
		'sysctl.name2oid',
		'sysctl.proc_cputype',
		'vm.loadavg',
	],
};

/** Who a number or name of a person is, and where the system is told what went wrong. No keys, no other programs, no network. */
const services = [
	'com.apple.bsd.dirhelper',
	'com.apple.logd',
	'com.apple.system.logger',
	'com.apple.system.opendirectoryd.libinfo',
	'com.apple.system.opendirectoryd.membership',
];

/** Which shell, tools and time zone were chosen for the machine. */
const choices = ['/private/var/select', '/private/var/db/timezone', '/private/var/db/xcode_select_link'];
/** Below the system's folders, but the person's, other programs', or everything once more under another name. */
const notSystem = [
	'/Library/Application Support',
	'/Library/Caches',
	'/Library/Keychains',
	'/Library/Logs',
	'/System/Volumes/Data',
	'/opt/homebrew/var',
	'/usr/local/var',
];
/** Links to where the system's folders are, and what is above those. */
const ways = ['/etc', '/tmp', '/var', '/private', '/private/var', '/private/var/db', '/private/tmp', '/opt', '/dev'];

const read = 'file-read* file-test-existence file-map-executable';

/** The profile, and the `values` of its parameters: no path is part of the text, so none can be taken for a rule. */
export function seatbelt({ place, doors, private: { repositories, secrets }, controls, guarded, own }: Enclosure) {
	const values: Record<string, string> = {};
	const given = (filter: string, kind: string, paths: readonly string[]): string[] =>
		paths.map((path, index) => {
			values[`${kind}${index}`] = path;
			return `(${filter} (param "${kind}${index}"))`;
		});
	const kept = place.kept === undefined ? [] : [place.kept];
	const seen = [...place.shown.flatMap(({ real, at }) => [real, at]), ...doors.folders];
	const written = [place.root, ...(doors.writable ? doors.folders : [])];
	const readOnly = [...repositories, ...controls, ...place.ours];
	const above = unique([place.root, own, ...kept, ...seen].flatMap(foldersAbove));
	// With a folder around it what is closed would get another path, which nothing closes.
	const whole = unique([...secrets, ...readOnly].flatMap(foldersAbove).filter(path => written.some(folder => holds(folder, path))));
	const rules = [
		rule('allow process-fork process-exec'),
		rule('allow process-info* signal', ['(target same-sandbox)']),
		rule('allow sysctl-read', [...fixed('sysctl-name-prefix', facts.prefixes), ...fixed('sysctl-name', facts.names)]),
		rule('allow mach-lookup', fixed('global-name', services)),
		rule('allow ipc-posix-sem'),
		rule(`allow ${read}`, ['(literal "/")', ...fixed('subpath', [...systemOn.darwin, ...choices])]),
		rule('allow file-read*', fixed('literal', ['/dev/random', '/dev/urandom'])),
		rule('allow file-read* file-write-data', [...fixed('literal', ['/dev/null', '/dev/zero']), '(subpath "/dev/fd")']),
		rule(`deny ${read} file-write*`, [
			...given('subpath', 'HOME', [place.home]),
			...fixed('subpath', notSystem),
			...given('subpath', 'GUARDED', guarded),
		]),
		rule('allow file-read-metadata file-test-existence', [...fixed('literal', ways), ...given('literal', 'ABOVE', above)]),
		rule(`allow ${read}`, given('subpath', 'SHOWN', unique(seen))),
		rule(`allow ${read} file-write*`, [
			...given('subpath', 'ROOT', written),
			...given('subpath', 'OWN', [own]),
			...given('subpath', 'KEPT', kept),
		]),
		rule('deny file-write-unlink', given('literal', 'WHOLE', unique([...written, own, ...kept, ...whole]))),
		rule('deny file-write*', [...given('subpath', 'CLOSED', readOnly), ...given('regex', 'SPELT', controls.map(inAnyCase))]),
		rule('deny file-read-data file-read-xattr file-map-executable file-write*', given('literal', 'SECRET', secrets)),
		// Under another name in what can be written, a file elsewhere could be written and a closed one read.
		rule('deny file-link file-clone'),
		rule('deny network*'),
	];
	return { text: ['(version 1)', '(deny default)', ...rules.flat()].join('\n'), values };
}

/** Without filters a rule would hold for everything: `filters` that are none make no rule. */
const rule = (head: string, filters?: readonly string[]): string[] => {
	if (filters?.length === 0) return [];
	return [`(${[head, ...(filters ?? [])].join('\n\t')})`];
};

const fixed = (filter: string, texts: readonly string[]): string[] => texts.map(text => `(${filter} "${text}")`);

const unique = (paths: readonly string[]): string[] => [...new Set(paths)];

function foldersAbove(path: string): string[] {
	const above = dirname(path);
	return above === '/' || above === path ? [] : [...foldersAbove(above), above];
}

/** The pattern of a path and what is below it, its last name in capitals or not: on most disks here that is the same file. */
function inAnyCase(path: string): string {
	const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
	const above = dirname(path);
	const name = escaped(path.slice(above.length + 1)).replace(/[a-z]/gi, letter => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
	return `^${escaped(above)}/${name}(/|$)`;
}
