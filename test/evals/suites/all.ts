import { bfcl } from './bfcl.js';
import { commit } from './commit.js';
import { docs } from './docs.js';
import { editeval } from './editeval.js';
import { exercism } from './exercism.js';
import { explain } from './explain.js';
import { fim } from './fim.js';
import { grounding } from './grounding.js';
import { humaneval } from './humaneval.js';
import { humanevalfix, humanevalfixJs } from './humanevalfix.js';
import { mbpp } from './mbpp.js';
import { multiplE } from './multipl-e.js';
import { humanevalfix2 } from './planted.js';
import { review, reviewHarmless } from './review.js';
import { routing } from './routing.js';
import type { Suite } from './suite.js';
import { tests } from './tests.js';
import { translate } from './translate.js';

export const suites: readonly Suite[] = [
	humanevalfix,
	humanevalfixJs,
	humanevalfix2,
	humaneval,
	mbpp,
	multiplE('js'),
	multiplE('ts'),
	editeval,
	exercism,
	bfcl('bfcl-simple'),
	bfcl('bfcl-multiple'),
	bfcl('bfcl-irrelevance'),
	tests,
	fim,
	commit,
	docs,
	review,
	reviewHarmless,
	explain,
	grounding,
	routing,
	translate,
];
