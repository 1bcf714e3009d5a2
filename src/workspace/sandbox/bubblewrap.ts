/** Starting a command in bubblewrap. */
import { coverControls } from './control.js';
import { doorwayTo, noDoorway } from './doorway.js';
import type { Enclosed, Inside } from './engines.js';
import { filterFor } from './filter.js';
import { limited } from './limits.js';
import { bash, bubblewrap } from './probe.js';
import { type Ability, argumentsFor } from './profile.js';

/** Of the descriptors, 0 to 2 are the command's own. */
const filterAt = 3;
const toldAt = 4;
const othersFrom = 5;

/** How a command is boxed by a bubblewrap of these abilities. */
export function inBubblewrap(abilities: ReadonlySet<Ability>): (inside: Inside) => Enclosed {
	const filter = filterFor(process.arch === 'arm64' ? 'arm64' : 'x64');
	return ({ place, folders, hosts, private: found, words, folder, env, limits, thrownAway }) => {
		const controls = thrownAway ? { paths: [], release: () => {} } : coverControls(place.root, ...folders);
		const way = hosts.length > 0 ? doorwayTo(hosts, othersFrom, [place.root, ...folders]) : noDoorway;
		const { args, empties } = argumentsFor({
			...{ place, private: found, controls: controls.paths, folder, abilities, doors: { folders, writable: !thrownAway } },
			...{ filter: filterAt, told: toldAt, empty: (index: number) => othersFrom + way.feeds.length + index },
			way: way.args,
		});
		return {
			program: bubblewrap,
			args: [...args, bash(), '--norc', '--noprofile', '-c', limited(limits, way.words), 'box', ...words],
			env: { ...env, HOME: place.home, TMPDIR: '/tmp' },
			feeds: [filter, 'told', ...way.feeds, ...Array.from({ length: empties }, () => new Uint8Array())],
			release: controls.release,
		};
	};
}
