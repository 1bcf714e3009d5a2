import { type CatalogueEntry, catalogue } from './catalogue.js';
import type { Machine } from './machine.js';
import { type Plan, planFor, runsWell } from './plan.js';
import { weightsOfEntry } from './weights.js';

/** A model, how it would run here, and whether and why it is worth having. The first of a list is the advice. */
export type Advice = { entry: CatalogueEntry; plan: Plan; default: boolean; why: string };

/**
 * Every known model, best first: those that may be a default here (run well, free for any use), then those
 * that fit but are slow or restricted, the faster first, then the rest. Among the good the higher tier, models for code, the larger.
 */
export function recommend(machine: Machine, entries: readonly CatalogueEntry[] = catalogue): Advice[] {
	return entries
		.map(entry => advise(entry, machine))
		.sort((a, b) => rank(b) - rank(a) || (a.default ? better(a, b) : b.plan.speed.write - a.plan.speed.write));
}

function advise(entry: CatalogueEntry, machine: Machine): Advice {
	const plan = planFor(weightsOfEntry(entry), machine);
	const well = runsWell(plan, machine);
	const reasons = [plan.why];
	if (plan.fits && !well) reasons.push('slow or tight here');
	if (!entry.licence.commercial) reasons.push('not for commercial use');
	return { entry, plan, default: well && entry.licence.commercial, why: reasons.join('; ') };
}

const rank = (advice: Advice) => (advice.default ? 2 : advice.plan.fits ? 1 : 0);
const better = (a: Advice, b: Advice) => tier(b) - tier(a) || forCode(b) - forCode(a) || b.entry.parameters - a.entry.parameters;
const tier = (advice: Advice) => Number(advice.entry.tier[1]);
const forCode = (advice: Advice) => Number(advice.entry.purpose === 'code');
