import { commandsIn } from './commands.js';
import { pathsIn } from './paths.js';
import { read } from './prose.js';
import { symbolsIn } from './symbols.js';
import { versionsIn } from './versions.js';

/** What a text says of a repository, word for word, and the offset where it stands. */
export type Claim = { text: string; at: number } & (
	| { kind: 'path'; path: string }
	/** `near` is a name that is said to be defined there. */
	| { kind: 'line'; path: string; from: number; to: number; near?: string }
	/** `names` are the parts of `Cart.total`. `where` is the file that it is said to be in; `known` when the question has it too. */
	| { kind: 'symbol'; names: readonly string[]; where?: string; known: boolean }
	| { kind: 'command'; program: Program; name: string }
	| { kind: 'flag'; flag: string; script: string | undefined }
	| { kind: 'version'; name: string; version: string }
);
export type Program = 'npm' | 'make';

/** Characters of a reply that are looked at. */
const longest = 20_000;

/**
 * What a reply in Markdown clearly says of the repository, in the order of the text, each once. Not what it brings up itself
 * or proposes, what it says is not there, addresses, and what stands in a block of code, apart from a shell's commands. `told` is
 * what the model had been told: a name in it proves nothing.
 */
export function claimsIn(text: string, told = ''): Claim[] {
	const prose = read(text.slice(0, longest), told);
	const claims = [...pathsIn(prose), ...symbolsIn(prose), ...commandsIn(prose), ...versionsIn(prose)];
	const seen = new Set<string>();
	return claims
		.sort((a, b) => a.at - b.at)
		.filter(claim => {
			const key = JSON.stringify({ ...claim, at: 0 });
			return !seen.has(key) && seen.add(key);
		});
}
