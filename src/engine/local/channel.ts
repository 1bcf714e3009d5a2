import type { Duplex } from 'node:stream';
import { deserialize, serialize } from 'node:v8';

/** What is done with what comes over a channel. */
export type Ear = {
	hear(message: unknown): void;
	/** Bytes came that are no message. Nothing after them is listened to. */
	garbage(): void;
};

const lengthBytes = 4;
/** Bytes of a message at the most. Text that strays onto the channel reads as a length far beyond it. */
const longest = 2 ** 28;

/**
 * Passes plain data to and fro between two processes, whole and in order; gives the function that sends. A message to nobody is
 * lost without an error. Not Node's own channel: that throws bytes which are no message at the whole program.
 */
export function channelOn(stream: Duplex, { hear, garbage }: Ear): (message: object) => void {
	let held: Buffer[] = [];
	let length = 0;
	let wanted = lengthBytes;
	let open: 'length' | 'message' = 'length';
	stream.on('error', () => {}); // The other side is gone, which its end says better.
	const stop = () => {
		stream.removeAllListeners('data').resume();
		garbage();
	};
	const taken = (): Buffer => {
		const all = held.length === 1 ? held[0]! : Buffer.concat(held);
		held = [all.subarray(wanted)];
		length -= wanted;
		return all.subarray(0, wanted);
	};
	stream.on('data', (bytes: Buffer) => {
		held.push(bytes);
		length += bytes.length;
		while (length >= wanted) {
			const part = taken();
			if (open === 'length') {
				wanted = part.readUInt32BE(0);
				open = 'message';
				if (wanted > longest) return stop();
				continue;
			}
			wanted = lengthBytes;
			open = 'length';
			const message = messageIn(part);
			if (message === undefined) return stop();
			hear(message);
		}
	});
	return message => {
		if (!stream.writable) return;
		const bytes = serialize(message);
		const head = Buffer.alloc(lengthBytes);
		head.writeUInt32BE(bytes.length);
		stream.write(Buffer.concat([head, bytes]));
	};
}

/** Undefined for bytes that are no value, which a message never is. */
function messageIn(bytes: Buffer): unknown {
	try {
		return deserialize(bytes);
	} catch {
		return undefined;
	}
}
