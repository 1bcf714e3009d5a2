import type { Check } from '../change.js';
import { argumentCounts } from './arguments.js';
import { leftovers, mergeMarkers, plantedSecrets } from './leftovers.js';
import { parses } from './parses.js';
import { removed } from './removed.js';
import { selves } from './selves.js';
import { twice } from './twice.js';
import { undefinedNames } from './undefined.js';
import { unreachable } from './unreachable.js';
import { unused } from './unused.js';

/** Everything that is looked for in the text of a change, in the order in which it counts where two speak of one line. */
export const checks: readonly Check[] = [
	mergeMarkers,
	parses,
	undefinedNames,
	removed,
	argumentCounts,
	twice,
	unreachable,
	selves,
	unused,
	leftovers,
	plantedSecrets,
];
