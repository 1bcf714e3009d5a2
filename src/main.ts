import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatOf, type Options, parseOptions } from './options.js';
import { display } from './sanitise.js';
import { Refusal } from './types.js';

/** From packages' own file, so that there is one place to change it. */
const version = (): string =>
	(JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as { version: string }).version;

/**
 * The map of the program: options, then the settings, then a face or a verb. Gives the exit code. Each part is loaded when it is
 * needed: `--help` loads neither the screen nor the engine, a one-shot no screen.
 */
export async function main(argv: readonly string[]): Promise<number> {
	try {
		const options = parseOptions(argv, { stdin: process.stdin.isTTY ?? false, stdout: process.stdout.isTTY ?? false });
		if (!options.color) process.env.NO_COLOR = '1';
		switch (options.run.kind) {
			case 'version':
				process.stdout.write(`${version()}\n`);
				return 0;
			case 'help':
				process.stdout.write((await import('./help.js')).help());
				return 0;
			case 'verb':
				return await (await import('./verbs.js')).runVerb(options.run.verb, options.run.args, options);
			case 'fim':
				await engineAhead(options);
				return await (await import('./fim.js')).fim(options.run.place, options, process);
			case 'oneshot':
				await engineAhead(options);
				return await (await import('./run-oneshot.js')).runOneshot({ options, text: options.run.text, version: version() });
			case 'chat':
				return await chat(options, options.run.text);
			default:
				return options.run satisfies never;
		}
	} catch (error) {
		return fail(error, argv);
	}
}

async function chat(options: Options, text: string | undefined): Promise<number> {
	if (!process.stdin.isTTY || !process.stdout.isTTY)
		throw new Refusal('The chat needs a terminal on both ends. In a script: qwill -p "your question"', 42);
	// Before anything else is loaded: what is typed meanwhile is kept.
	const terminal = (await import('./chat/terminal.js')).holdTerminal();
	try {
		// What was typed already is read, and shown, before the rest loads, which leaves no time for it.
		await new Promise(setImmediate);
		await engineAhead(options);
		return await (await import('./run-chat.js')).runChatFace({ options, text, version: version(), terminal });
	} finally {
		terminal.release();
	}
}

/** The engine's process gets ready while the rest of this program loads, unless the command line says that there is none. */
async function engineAhead({ model, baseUrl }: Options): Promise<void> {
	if (baseUrl === undefined && !model?.startsWith('replies:')) (await import('./engine/local/process.js')).startAhead();
}

/** The third kind of failure is a bug: said as one, with what is needed to report it. */
async function fail(error: unknown, argv: readonly string[]): Promise<number> {
	if (error instanceof Refusal) return (await import('./oneshot/oneshot.js')).refuse(error, process, formatOf(argv));
	const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
	const log = (await import('./bug.js')).keepTrace(error, version());
	process.stderr.write(`qwill has a bug: ${display(detail)}\nNothing of yours was changed by this. ${log}\n`);
	return 70;
}

process.exitCode = await main(process.argv.slice(2));
// Whatever may still be open (a pipe nobody reads, a model being unloaded) does not keep a finished program alive.
setTimeout(() => process.exit(), 1000).unref();
