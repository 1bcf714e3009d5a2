import type { CheckedClaim } from '../../types.js';
import { isAbout } from './about.js';
import { claimsIn } from './claims.js';
import { ground } from './ground.js';
import type { Repository } from './repository.js';

/** A reply, the question that it answers, and all that the model had been told before it wrote. */
export type Answer = { reply: string; question: string; told: string };

/** Claims of one reply that are looked at. */
const most = 60;

/** What an answer says of the repository, as far as that can be told; nothing where it is about something else. */
export async function check({ reply, question, told }: Answer, repository: Repository): Promise<CheckedClaim[]> {
	const claims = claimsIn(reply, told).slice(0, most);
	if (claims.length === 0 || !(await isAbout(repository, { question, reply }))) return [];
	const checked: CheckedClaim[] = [];
	for (const claim of claims) {
		const verdict = await ground(claim, repository);
		if (verdict) checked.push({ kind: claim.kind, text: claim.text, ...verdict });
	}
	return checked;
}
