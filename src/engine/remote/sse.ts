const longestEvent = 16 * 2 ** 20;

/**
 * The data of each server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html), however the bytes are
 * split. Comments, and fields other than `data`, are passed over. Throws when an event grows past 16 million characters.
 */
export async function* eventsIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
	let data: string[] = [];
	let length = 0;
	for await (const line of linesOf(bytes)) {
		const field = /^data(?:: ?|$)/.exec(line)?.[0];
		if (field !== undefined) data.push(line.slice(field.length));
		length = data.length === 0 ? 0 : length + line.length;
		if (length > longestEvent) throw new Error('an event is too long');
		if (line !== '' || data.length === 0) continue;
		yield data.join('\n');
		data = [];
	}
	// Some servers leave out the empty line after the last event.
	if (data.length > 0) yield data.join('\n');
}

/** Lines ended by LF, CR LF or CR, without their ends. */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	let rest = '';
	let skipLf = false;
	for await (const chunk of bytes) {
		let text = decoder.decode(chunk, { stream: true });
		if (skipLf && text !== '') {
			text = text.replace(/^\n/, '');
			skipLf = false;
		}
		const lines = `${rest}${text}`.split(/\r\n|\r|\n/);
		skipLf ||= text.endsWith('\r');
		rest = lines.pop() ?? '';
		if (rest.length > longestEvent) throw new Error('an event is too long');
		yield* lines;
	}
	rest += decoder.decode();
	if (rest !== '') yield rest;
}
