/** Which folders beside the root may be opened to programs in the box: none by which a program could act later, or open more. */
import { statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { places } from '../../places.js';
import { Refusal } from '../../types.js';
import { realOr } from '../gone.js';
import { isProtected, shown } from '../names.js';
import { homes, placeOf, tooWide } from './place.js';
import { holds, isSystem } from './tools.js';

/** Below the home, hidden folders hold settings, keys and programs; but for these, which tools fill and can fill again. */
const caches = [
	'.bun/install/cache',
	'.cache',
	'.cargo/git',
	'.cargo/registry',
	'.ccache',
	'.gradle/caches',
	'.ivy2',
	'.local/share/pnpm',
	'.m2/repository',
	'.npm/_cacache',
	'.nuget/packages',
	'.pub-cache',
	'Library/Caches',
];

/**
 * The real path of the folder `typed`, which may begin with `~/` and is else relative to `root`. Throws `Refusal` 42 for what is no
 * folder, and for one that is too wide, secret, inside the root or the root inside it, or from which programs are started.
 */
export function folderFrom(typed: string, root: string): string {
	const home = homes()[0];
	const asked = typed === '~' || typed.startsWith('~/') ? join(home ?? '/', typed.slice(1)) : resolve(root, typed);
	const path = typed === '' || typed.includes('\0') ? undefined : realOr(asked);
	if (path === undefined || !isFolder(path)) throw notOpened(`"${shown(typed)}" is not a folder`);
	const reason = against(path, root);
	if (reason !== undefined) throw notOpened(reason);
	return path;
}

export const isFolder = (path: string): boolean => {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false; // Whatever the reason: programs could not use it either.
	}
};

export const notOpened = (reason: string): Refusal => new Refusal(`Not opened: ${reason}.`, 42);

/** As the person would name it: from the root, where that is short. */
export function nameFrom(root: string, path: string): string {
	const name = relative(root, path);
	return name.startsWith('../../../') ? path : name;
}

/** What else the system keeps, on Linux and on macOS. */
const kept = /^(?:\/run|(?:\/private)?\/var\/(?:db|root|run|spool))(?:\/|$)/;

/** What is against opening the folder, as the end of a sentence. */
function against(path: string, root: string): string | undefined {
	const name = shown(path);
	const wide = tooWide(path);
	if (wide !== undefined) return wide;
	if (isSystem(path) || kept.test(path)) return `${name} belongs to the system`;
	if (holds(root, path)) return `${name} is in the folder that qwill works in, where commands write already, but for what is protected`;
	if (holds(path, root)) return `${name} holds the folder that qwill works in; start qwill there instead`;
	if ([places.state(), places.cache(), places.config()].map(realOr).some(own => holds(own, path) || holds(path, own)))
		return `${name} holds what qwill keeps for itself`;
	if (isHidden(path) || isProtected(path) !== undefined) return `${name} is for settings, keys or programs`;
	const programs = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute).map(realOr);
	const started = programs.find(folder => holds(folder, path) || holds(path, folder));
	if (started !== undefined) return `your PATH has programs in ${shown(started)}, and one of a command's could take their place`;
	// Who may write above what the box shows could lead it elsewhere; a repository's own folder cannot be moved there.
	const below = placeOf(root, []).shown.find(({ real }) => real !== path && holds(path, real) && !isOwnRepository(path, real));
	return below && `${name} holds ${shown(below.real)}, which is shown to every command; name a folder beside or below that`;
}

const isOwnRepository = (folder: string, path: string): boolean => dirname(path) === folder && isProtected(path) === 'git';

const hidden = /^(?:\.(?!\.)|(?:Library|Applications)(?:\/|$))/;

/** In the home of whomever: with a dot, or where macOS keeps such things. */
function isHidden(path: string): boolean {
	const [elsewhere = '/'] = /^\/(?:home|Users)\/[^/]+/.exec(path) ?? [];
	return [...homes(), elsewhere].some(home => {
		const inHome = relative(home, path);
		return inHome === '' || (hidden.test(inHome) && !caches.some(cache => holds(join(home, cache), path)));
	});
}
