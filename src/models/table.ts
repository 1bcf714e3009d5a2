import { exact } from '../sanitise.js';
import type { CatalogueEntry } from './catalogue.js';
import type { FoundModel } from './find.js';
import type { Machine } from './machine.js';
import { gigabytes } from './plan.js';
import { type Advice, recommend } from './recommend.js';

/**
 * What there is, for a person: a line for each known model, best for this machine first, then the files of unknown models.
 * Speeds are expectations for the processor.
 */
export function table(found: readonly FoundModel[], machine: Machine): string {
	const advice = recommend(machine);
	const rows = [['', 'id', 'size', 'fits', 'tokens/s', 'licence', 'what it is'], ...advice.map(one => row(one, found))];
	const widths = rows[0]?.map((_cell, column) => Math.max(...rows.map(cells => cells[column]?.length ?? 0))) ?? [];
	const lines = rows.map(cells =>
		cells
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd(),
	);
	const best = advice.find(one => one.default);
	const strangers = found
		.filter(model => !model.entry)
		.map(model => `  ${exact(model.path).text}  ${gigabytes(model.bytes)}, kept by ${model.from}`);
	return [
		...lines,
		'',
		'* installed   + installed by another program',
		best
			? `Best for this machine: ${best.entry.id}, ${best.why}.`
			: `No known model runs well here: ${gigabytes(machine.memoryAvailable)} of memory are free.`,
		...(strangers.length > 0 ? ['Other model files (qwill --model PATH):', ...strangers] : []),
		'',
	].join('\n');
}

function row({ entry, plan, default: good }: Advice, found: readonly FoundModel[]): string[] {
	const fits = plan.fits ? (good || !entry.licence.commercial ? 'yes' : 'slow') : 'no';
	return [
		mark(entry, found),
		entry.id,
		`${entry.exact ? '' : '~'}${gigabytes(entry.bytes)}`,
		fits,
		String(plan.speed.write),
		entry.licence.name,
		entry.notes,
	];
}

function mark(entry: CatalogueEntry, found: readonly FoundModel[]): string {
	const keepers = found.filter(model => model.entry === entry).map(model => model.from);
	if (keepers.includes('qwill')) return '*';
	return keepers.length > 0 ? '+' : '';
}
