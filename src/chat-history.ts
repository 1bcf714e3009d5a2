import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from './chat/program.js';
import { jsonIn } from './json.js';
import { places } from './places.js';

/** Messages that are offered again. */
const most = 1000;

/** The messages sent from the project folder `root` (a real path), kept beside its conversations. */
export function chatHistory(root: string): Pick<Program, 'history' | 'remember'> {
	const path = join(places.project(root), 'history.jsonl');
	return {
		history: async () => readHistory(path),
		async remember(text) {
			mkdirSync(places.project(root), { recursive: true, mode: 0o700 });
			appendFileSync(path, `${JSON.stringify(text)}\n`, { mode: 0o600 });
		},
	};
}

function readHistory(path: string): string[] {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch {
		return []; // No message was sent from this folder yet.
	}
	return text
		.split('\n')
		.slice(-most)
		.flatMap(line => {
			const message = jsonIn(line); // The last line of a program that was killed may be torn.
			return typeof message === 'string' ? [message] : [];
		});
}
