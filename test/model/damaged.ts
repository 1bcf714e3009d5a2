import { tinyBytes } from './tiny.js';

const whole = tinyBytes();
/** Where the weights begin, but for the rest of the last name. */
const header = whole.indexOf('output_norm.weight');

/** The tiny model with its header damaged, or cut off in it. */
export function damaged(random: (below: number) => number): Buffer {
	const bytes = Buffer.from(whole);
	const at = 4 + random(header - 12);
	switch (random(8)) {
		case 0:
			return bytes.subarray(0, at);
		case 1:
			return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(9))]);
		case 2:
			bytes.writeUInt32LE(0, at);
			return bytes;
		case 3:
			bytes.writeUInt32LE(0x7fffffff, at);
			return bytes;
		case 4:
			bytes.fill(255, at, at + 8);
			return bytes;
		default:
			for (let hit = random(4); hit >= 0; hit--) bytes[4 + random(header - 4)] = random(256);
			return bytes;
	}
}
