import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { loadConfig } from './config.js';
import type { Engine } from './engine/engine.js';
import { fillHole } from './jobs/fill.js';
import type { Sides } from './jobs/middle.js';
import { coders } from './models/catalogue-coders.js';
import type { Io } from './oneshot/oneshot.js';
import { createOutput } from './oneshot/output.js';
import { createProgress } from './oneshot/progress.js';
import { readPiped } from './oneshot/stdin.js';
import { listenForStop } from './oneshot/stop.js';
import { openEngine } from './open-engine.js';
import { serverIn } from './open-server.js';
import type { Options, Place } from './options.js';
import { display, echoed } from './sanitise.js';
import { Refusal } from './types.js';
import { rootAt, withSpot } from './workspace/inside.js';
import { readExisting } from './workspace/regular.js';
import { decode, lf } from './workspace/text.js';
import { codeOf } from './workspace/trouble.js';

/** The two sides of a hole, and the line ends of the text it is in. */
type Hole = { sides: Sides; eol: '\n' | '\r\n' };

const patienceMs = 2000;

/**
 * Fills the hole at `place`, or between the prefix and the suffix that stand as JSON on standard input. stdout gets the text for
 * the hole and nothing else, in the line ends of the text around it, on a terminal made safe for it; standard error stays empty where nothing is special. Gives
 * the exit code; throws `Refusal`: 41 without a model that can, 42 for a place that is none.
 */
export async function fim(place: Place | undefined, options: Options, io: Io): Promise<number> {
	const stop = listenForStop(io, patienceMs);
	const out = createOutput(io.stdout, stop.abort);
	const say = (line: string): void => void io.stderr.write(`${display(line)}\n`);
	let engine: Engine | undefined;
	try {
		const hole = place ? await holeAt(place) : await holeBetween(io.stdin, stop.signal, say);
		if (!hole) return stop.code() ?? 130;
		const config = loadConfig({ root: process.cwd(), env: process.env, options });
		for (const note of config.notes) say(note);
		engine = openEngine(config.model, { offline: config.offline, ephemeral: true, server: serverIn(config) });
		const working = middleFor(hole, { engine, verbose: options.verbose, tell: text => void io.stderr.write(text) }, stop.signal);
		const middle = await Promise.race([working, stop.impatient]);
		if (typeof middle === 'string') await Promise.race([out.write(io.stdout.isTTY ? display(middle) : middle), stop.impatient]);
		const trouble = out.trouble();
		if (trouble?.kind === 'failed') throw new Refusal(`Standard output cannot be written: ${trouble.message}`);
		return trouble ? 0 : (stop.code() ?? 0);
	} finally {
		await engine?.close();
		stop.release();
	}
}

type Means = { engine: Engine; verbose: boolean; tell(text: string): void };

/** Undefined when it was stopped. */
async function middleFor({ sides, eol }: Hole, { engine, verbose, tell }: Means, signal: AbortSignal): Promise<string | undefined> {
	const progress = createProgress(verbose);
	const warming = engine.warm(undefined, signal);
	for (let step = await warming.next(); ; step = await warming.next()) {
		if (signal.aborted) return undefined;
		if (!step.done) {
			// To load a model is usual; many editors take what is said of it for the answer.
			const usual = step.value.type === 'loading' && step.value.what === undefined;
			if (verbose || !usual) tell(progress(step.value));
		} else if (step.value && 'detail' in step.value) throw new Refusal(step.value.detail, step.value.reason === 'no-model' ? 41 : 1);
		else break;
	}
	const middle = await fillHole(sides, engine, signal);
	if (signal.aborted) return undefined;
	if (middle === undefined) {
		const able = coders.map(({ id }) => id).join(', ');
		throw new Refusal(`${echoed(engine.model.name)} has no tokens for filling a hole. Choose a model that has, with -m: ${able}.`, 41);
	}
	return eol === '\r\n' ? middle.replaceAll('\n', '\r\n') : middle;
}

/** The text of the file on both sides of the place. */
async function holeAt({ file, line, column }: Place): Promise<Hole> {
	const { text, eol } = await read(file);
	const lines = text.split('\n');
	const name = echoed(file);
	if (line > lines.length) throw new Refusal(`${name} has ${counted(lines.length, 'line')}; --line is 1 to ${lines.length}.`, 42);
	const own = lines[line - 1] ?? '';
	const at = (column ?? own.length + 1) - 1;
	if (at > own.length)
		throw new Refusal(`Line ${line} of ${name} has ${counted(own.length, 'UTF-16 unit')}; --column is 1 to ${own.length + 1}.`, 42);
	const before = [...lines.slice(0, line - 1), own.slice(0, at)].join('\n');
	const after = [own.slice(at), ...lines.slice(line)].join('\n');
	if (!before.isWellFormed())
		throw new Refusal(`Column ${at + 1} of line ${line} of ${name} is inside a character; ${at} and ${at + 2} are its ends.`, 42);
	return { sides: { before, after }, eol };
}

const counted = (count: number, what: string): string => `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;

/** The text of a file, wherever it is: the person named it. */
async function read(file: string): Promise<{ text: string; eol: Hole['eol'] }> {
	try {
		const path = realpathSync(file);
		const { bytes } = await withSpot(rootAt(dirname(path)), basename(path), spot => readExisting(rootAt(dirname(path)), spot));
		const { text, eol } = decode(bytes, file);
		return { text, eol: eol === '\r\n' ? eol : '\n' };
	} catch (error) {
		if (error instanceof Refusal) throw new Refusal(error.message, 42);
		const code = codeOf(error);
		if (code === undefined) throw error;
		throw new Refusal(
			`--file: ${code === 'ENOENT' ? `there is no file ${echoed(file)}` : `${echoed(file)} cannot be read (${code})`}.`,
			42,
		);
	}
}

const form = '{"prefix": "before the hole", "suffix": "behind it"}';

/** The sides as they stand on standard input; undefined when it was stopped. */
async function holeBetween(stdin: Io['stdin'], signal: AbortSignal, say: (line: string) => void): Promise<Hole | undefined> {
	const waiting = () => say(`Waiting for ${form} on standard input.`);
	const json = await readPiped(stdin, { needed: true, signal, say: waiting });
	if (signal.aborted) return undefined;
	if (json === undefined) throw new Refusal(`Where is the hole? Say --file FILE --line N, or pipe in ${form}.`, 42);
	const { prefix, suffix } = sidesIn(json);
	const eol = /\r\n/.test(prefix + suffix) && !/(?<!\r)\n/.test(prefix + suffix) ? '\r\n' : '\n';
	return { sides: { before: lf(prefix), after: lf(suffix) }, eol };
}

function sidesIn(json: string): { prefix: string; suffix: string } {
	let said: unknown;
	try {
		said = JSON.parse(json);
	} catch (error) {
		throw new Refusal(`Standard input is not ${form}: ${echoed(error instanceof Error ? error.message : String(error))}.`, 42);
	}
	const { prefix, suffix } = (said ?? {}) as Record<string, unknown>;
	if (typeof prefix !== 'string' || typeof suffix !== 'string')
		throw new Refusal(`Standard input is not ${form}: "prefix" and "suffix" must both be texts.`, 42);
	if (!prefix.isWellFormed() || !suffix.isWellFormed())
		throw new Refusal('The prefix or the suffix holds half a character: the hole is inside of one.', 42);
	return { prefix, suffix };
}
