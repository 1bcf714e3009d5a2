/**
 * Opens files by the program's own walk while another program swaps what is on the way: `racer.ts ROOT TIMES`. Each time the
 * text of one of `aims` is read, or a new file made beside it; prints how often what came of it.
 */
import { closeSync, openSync } from 'node:fs';
import { Refusal } from '../../src/types.js';
import { rootAt, withSpot } from '../../src/workspace/inside.js';
import { readRegular } from '../../src/workspace/regular.js';
import { aims } from './races.js';

const [path = '', times = ''] = process.argv.slice(2);
const root = rootAt(path);
const counts: Record<string, number> = {};
for (let time = 0; time < Number(times); time++) {
	const came = await withSpot(root, aims[time % aims.length]!, spot => {
		if (time % 10 < 9) return readRegular(root, spot)?.bytes.toString() ?? 'absent';
		if (spot.missing.length > 0) return 'absent';
		closeSync(openSync(spot.at(`new${time}`), 'wx'));
		return 'made';
	}).catch(error => (error instanceof Refusal ? 'refused' : String(error)));
	counts[came] = (counts[came] ?? 0) + 1;
}
console.log(JSON.stringify(counts));
