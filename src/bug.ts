import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { places } from './places.js';
import { mask } from './secrets.js';

/** Puts the trace of a bug where a report can find it, and says where. It holds no words of the conversation. */
export function keepTrace(error: unknown, version: string): string {
	const path = join(places.state(), 'last-bug.txt');
	const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
	try {
		mkdirSync(places.state(), { recursive: true, mode: 0o700 });
		writeFileSync(path, `qwill ${version}, Node ${process.version}, ${process.platform} ${process.arch}\n${mask(trace).text}\n`, {
			mode: 0o600,
		});
		return `Please report it with the file ${path}.`;
	} catch {
		return `Please report it: qwill ${version}, Node ${process.version}, ${process.platform} ${process.arch}.`; // The state folder is not writable either.
	}
}
