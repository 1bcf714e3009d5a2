/** Starting a command in macOS's own sandbox. A home and a temporary folder of its own are made for it, and go when it has ended. */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { realOr } from '../gone.js';
import { codeOf } from '../trouble.js';
import { controlsIn } from './control.js';
import type { Enclosed, Inside } from './engines.js';
import { limitedInSize } from './limits.js';
import { guardedSettings, type Place } from './place.js';
import { bash, sandboxExec } from './probe.js';
import { seatbelt } from './seatbelt.js';
import { holds, type Shown } from './tools.js';

export function inSeatbelt({ place, folders, private: found, words, env, limits, thrownAway }: Inside): Enclosed {
	const own = realpathSync.native(mkdtempSync(join(tmpdir(), 'qwill-box-')));
	const [home, temporary] = [join(own, 'home'), join(own, 'tmp')];
	for (const folder of [home, temporary]) mkdirSync(folder);
	const open = folders.map(folder => ({ real: folder, at: folder }));
	// Outer ones first: what is in them is there then.
	for (const shown of [...place.shown, ...open].toSorted((one, other) => one.at.length - other.at.length)) linkBelow(home, shown, place);
	const developer = developerTools();
	const { text, values } = seatbelt({
		place: developer === undefined ? place : { ...place, shown: [...place.shown, developer.shown] },
		private: found,
		doors: { folders, writable: !thrownAway },
		controls: thrownAway ? [] : [place.root, ...folders].flatMap(controlsIn),
		guarded: guardedSettings().map(realOr),
		own,
	});
	return {
		program: sandboxExec,
		args: [
			...Object.entries(values).flatMap(([name, value]) => ['-D', `${name}=${value}`]),
			...['-p', text, bash(), '--norc', '--noprofile', '-c', limitedInSize(limits), 'box', ...words],
		],
		env: { ...env, HOME: home, TMPDIR: temporary, ...(developer && { DEVELOPER_DIR: developer.path }) },
		feeds: [],
		release: () => remove(own),
	};
}

/** Tools and open folders that lie below the home are found from the other home too. */
function linkBelow(home: string, { real, at }: Shown, place: Place): void {
	if (!holds(place.home, at) || holds(place.root, at)) return;
	const link = join(home, at.slice(place.home.length));
	mkdirSync(dirname(link), { recursive: true });
	if (!existsSync(link)) symlinkSync(real, link);
}

/** Where compilers and git are, behind the programs of their names in /usr/bin; those look it up themselves, but not in here. */
function developerTools(): { path: string; shown: Shown } | undefined {
	const link = '/private/var/db/xcode_select_link';
	if (!existsSync(link)) return undefined;
	const path = realOr(link);
	const whole = /^.*?\.app(?=\/)/.exec(path)?.[0] ?? path;
	return { path, shown: { real: whole, at: whole } };
}

/** A command may have closed what it made; the system clears its temporary folder of that. */
function remove(folder: string): void {
	try {
		rmSync(folder, { recursive: true, force: true });
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
	}
}
