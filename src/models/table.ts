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

/** What there is, for programs: the known models in the same order, then the files of unknown ones. Speeds are tokens a second. */
export const rowsOf = (found: readonly FoundModel[], machine: Machine): object[] => [
	...recommend(machine).map(advice => ({
		id: advice.entry.id,
		name: advice.entry.name,
		bytes: advice.entry.bytes,
		fits: fits(advice),
		speed: advice.plan.speed.write,
		licence: advice.entry.licence.name,
		files: found.filter(model => model.entry === advice.entry).map(({ path, from }) => ({ path, from })),
	})),
	...found.filter(model => !model.entry).map(({ name, path, bytes, from }) => ({ id: path, name, bytes, files: [{ path, from }] })),
];

const fits = ({ entry, plan, default: good }: Advice): 'yes' | 'slow' | 'no' =>
	plan.fits ? (good || !entry.licence.commercial ? 'yes' : 'slow') : 'no';

function row(advice: Advice, found: readonly FoundModel[]): string[] {
	const { entry, plan } = advice;
	return [
		mark(entry, found),
		entry.id,
		`${entry.exact ? '' : '~'}${gigabytes(entry.bytes)}`,
		fits(advice),
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
