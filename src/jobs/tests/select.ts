/** What a call shows: the numbers of the mutants with which it does something else, and the lines that it runs. */
export type Shows = { kills: ReadonlySet<number>; lines: ReadonlySet<number> };

/** Tests for one function that anybody wants to read. */
const most = 12;
/** What a call that somebody thought of counts more than one that was made of it: it is easier to read. */
const thoughtOf = 1.5;

/**
 * Of these cases the few that show what none before them shows: the most mutants first, then lines; of equals the shorter one. `made`
 * are those that the program thought of.
 * `known` is what is shown already.
 */
export function telling<Case extends { shows: Shows; call: string; does: string; made: boolean }>(
	cases: readonly Case[],
	known: Shows,
): Case[] {
	const kills = new Set(known.kills);
	const lines = new Set(known.lines);
	const kept: Case[] = [];
	while (kept.length < most) {
		const ranked = cases
			.map(one => ({ one, kills: newIn(one.shows.kills, kills) * (one.made ? 1 : thoughtOf), lines: newIn(one.shows.lines, lines) }))
			.filter(each => each.kills + each.lines > 0 && !kept.includes(each.one))
			.sort((a, b) => b.kills - a.kills || b.lines - a.lines || lengthOf(a.one) - lengthOf(b.one));
		const best = ranked[0]?.one;
		if (!best) break;
		kept.push(best);
		for (const kill of best.shows.kills) kills.add(kill);
		for (const line of best.shows.lines) lines.add(line);
	}
	return kept;
}

const newIn = (some: ReadonlySet<number>, known: ReadonlySet<number>): number => [...some].filter(one => !known.has(one)).length;
const lengthOf = ({ call, does }: { call: string; does: string }): number => call.length + does.length;

/** What these cases show together. */
export const together = (cases: readonly Shows[]): Shows => ({
	kills: new Set(cases.flatMap(({ kills }) => [...kills])),
	lines: new Set(cases.flatMap(({ lines }) => [...lines])),
});
