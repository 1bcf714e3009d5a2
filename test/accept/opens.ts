/**
 * Opens many damaged things in one process, as the program does at its start: `opens.ts journals|configs|models FOLDER PLACE SCRIPT`. Each file
 * of the folder is put in its place, opened, and asked one question; prints what came of each, one JSON line each.
 */
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { start as empty, reduce } from '../../src/chat/state.js';
import { checkHeader } from '../../src/engine/local/header.js';
import { readHeader } from '../../src/models/gguf.js';
import { parseOptions } from '../../src/options.js';
import { setupOf, start } from '../../src/start.js';
import { Refusal } from '../../src/types.js';
import { wordsFor } from './play.js';

const [what = '', folder = '', place = '', script = ''] = process.argv.slice(2);
const options = parseOptions(wordsFor(script, []).slice(1), { stdin: false, stdout: false });
const onSetup = { warn() {} };

/** The conversation as it opens, is drawn, and goes on. */
async function journal(path: string): Promise<string> {
	const { conversation } = await start(setupOf(options, onSetup), { kind: 'path', path, fork: false });
	try {
		conversation.events.reduce(reduce, empty);
		const asking = conversation.ask({ text: 'hi', material: '' }, new AbortController().signal);
		for (;;) {
			const step = await asking.next();
			if (step.done) return step.value.reason;
		}
	} finally {
		await conversation.close();
	}
}

/** The header of a model, as the one that chooses and the one that loads look at it. */
async function model(path: string): Promise<string> {
	readHeader(path);
	checkHeader(path);
	return 'sound';
}

const config = async (): Promise<string> => `notes: ${setupOf(options, onSetup).config.notes.length}`;
const open = { journals: journal, configs: config, models: model }[what];
if (!open) throw new Error(`There is nothing called ${what}.`);
for (const name of readdirSync(folder).sort()) {
	rmSync(place, { force: true });
	copyFileSync(join(folder, name), place);
	const said = await open(place).then(
		text => ({ name: basename(name), text }),
		error => ({
			name: basename(name),
			...(error instanceof Refusal ? { text: error.message, code: error.exitCode } : { bug: String(error?.stack ?? error) }),
		}),
	);
	process.stdout.write(`${JSON.stringify(said)}\n`);
}
