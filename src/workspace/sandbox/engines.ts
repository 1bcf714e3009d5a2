/** What boxes are made with: bubblewrap on Linux, sandbox-exec on macOS. Here, and where they are looked for, they are told apart. */

import type { Launch } from './box.js';
import { inBubblewrap } from './bubblewrap.js';
import type { Host } from './door-host.js';
import type { Limits } from './limits.js';
import type { Place } from './place.js';
import type { Ability } from './profile.js';
import { inSeatbelt } from './sandbox-exec.js';
import type { Private } from './secrets.js';

export type Engine = { name: 'bubblewrap'; abilities: ReadonlySet<Ability> } | { name: 'sandbox-exec' };

/** A command, and what it is to be boxed in. */
export type Inside = {
	place: Place;
	/** Folders that are open besides; to what is thrown away they can only be read. */
	folders: readonly string[];
	hosts: readonly Host[];
	private: Private;
	words: readonly string[];
	folder: string;
	env: Readonly<Record<string, string>>;
	limits: Limits;
	thrownAway: boolean;
};

/** What to start instead; `release` when it has ended. */
export type Enclosed = Pick<Launch, 'program' | 'args' | 'env' | 'feeds'> & { release(): void };

export const enclosing = (engine: Engine): ((inside: Inside) => Enclosed) =>
	engine.name === 'bubblewrap' ? inBubblewrap(engine.abilities) : inSeatbelt;
