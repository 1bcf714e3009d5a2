import { Static } from 'ink';
import { useMemo } from 'react';
import { exactLine } from '../sanitise.js';
import { entryLines } from './entry.js';
import { Lines } from './Lines.js';
import type { Entry } from './state.js';
import { type Line, run } from './text/wrap.js';

type Printed = Entry | { kind: 'intro'; lines: readonly Line[] };

/** What has happened: printed once into the terminal's own scrollback, and again only when `epoch` grows. */
export function Past({
	past,
	from,
	epoch,
	columns,
	intro,
}: {
	past: readonly Entry[];
	from: number;
	epoch: number;
	columns: number;
	intro: readonly Line[];
}) {
	const printed = useMemo(
		(): Printed[] => [...(epoch === 0 ? [{ kind: 'intro' as const, lines: intro }] : []), ...past.slice(from)],
		[past, from, epoch, intro],
	);
	return (
		<Static key={epoch} items={printed}>
			{(entry, index) => <Lines key={index} lines={printedLines(entry, printed[index - 1], columns)} />}
		</Static>
	);
}

function printedLines(entry: Printed, previous: Printed | undefined, columns: number): readonly Line[] {
	if (entry.kind === 'intro') return entry.lines;
	if (previous?.kind === 'intro') return [[], ...entryLines(entry, undefined, columns)];
	return entryLines(entry, previous, columns);
}

/** The first lines of a new chat. */
export function introLines({ version, model, folder }: { version: string; model: string; folder: string }): Line[] {
	return [
		[run('qwill ', { bold: true }), run(`${version} · ${exactLine(model)} · ${exactLine(folder)}`, { dim: true })],
		[run('Everything stays on this machine. ? shows the keys, /help the commands.', { dim: true })],
	];
}
