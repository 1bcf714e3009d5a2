/** The box's end of a way to open hosts: a small program in it that hands connections to `gate.ts`, through one descriptor. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Feed } from './box.js';
import { bare, type Host } from './door-host.js';
import { holds } from './tools.js';

/** What a box is started with besides: what is handed over, arguments of bubblewrap, and shell words to begin with. */
export type Doorway = { feeds: Feed[]; args: string[]; words: string };

export const noDoorway: Doorway = { feeds: [], args: [], words: '' };

/** Read before any command runs: where qwill itself is worked on, a command could put something else in its place. */
const source = readFileSync(join(import.meta.dirname, '../../../bin/doors/forward.mjs'));
const program = '/run/qwill-forward.mjs';

let gate: Promise<{ serveHosts(channel: Duplex, hosts: readonly Host[]): void }> | undefined;

/** Loads the other end of the way: when a door to a host is opened, for no start is to wait for it. */
export const loadGate = () => (gate ??= import('./gate.js'));

/** A way to `hosts`, whose descriptors are numbered from `from` on, for a box that may write in the folders `writable`. */
export function doorwayTo(hosts: readonly Host[], from: number, writable: readonly string[]): Doorway {
	const [descriptor, script] = [from, from + 1];
	const node = process.execPath;
	// In these it is there already; bound by its name, it could be a link by now that shows what the box must not see.
	const shown = writable.some(folder => holds(folder, node)) ? [] : ['--ro-bind', node, node];
	return {
		feeds: [{ serve: channel => void loadGate().then(({ serveHosts }) => serveHosts(channel, hosts)) }, source],
		args: [...shown, '--ro-bind-data', String(script), program],
		// In the background of another shell: it is no child of the command, and gone with the box.
		words: [
			`read -r port < <(env -i ${quoted(node)} ${program} ${descriptor} 2>/dev/null &)`,
			'wait $!',
			'if [ -n "$port" ]',
			'then for name in http_proxy https_proxy HTTP_PROXY HTTPS_PROXY; do export $name=http://127.0.0.1:$port; done',
			`export NODE_USE_ENV_PROXY=1 no_proxy=${ownNames(hosts)} NO_PROXY=${ownNames(hosts)}`,
			'else echo "The way to the open hosts could not be made; this command reaches none." >&2',
			'fi',
			'unset name port',
			'',
		].join('; '),
	};
}

/** Programs go on talking to themselves in the box, but where the person has opened that name of this machine. */
const ownNames = (hosts: readonly Host[]): string =>
	['localhost', '127.0.0.1', '::1'].filter(name => !hosts.some(host => bare(host.name) === name)).join(',');

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
