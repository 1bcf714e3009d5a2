import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { counting, crashed } from './count.js';
import { makeWorld, program, type Ran, removeWorld, run, type Surface } from './play.js';

const lines = 20_000;
const reply = Array.from({ length: lines }, (_none, number) => `line ${number}`).join('\n');

type Case = {
	/** `"$@"` is the program. */
	line: string;
	code: number;
	words?: readonly string[];
	/** Milliseconds that the case itself takes. */
	takes?: number;
	/** Standard error. */
	says?: RegExp;
	out?: RegExp;
};

const nothing = /^$/;
/** Makes the program's code that of the line, where it does not stand last. */
const first = '; exit $PIPESTATUS';
const full = /^Standard output cannot be written: .*no space left.*\n$/i;

const cases: readonly Case[] = [
	{ line: `"$@" | head -1${first}`, code: 0, says: nothing, out: /^line 0\n$/ },
	{ line: `"$@" | head -1${first}`, words: ['-o', 'stream-json'], code: 0, says: nothing, out: /^\{"type":"system".*\}\n$/ },
	{ line: `"$@" | head -c 1${first}`, words: ['-o', 'json'], code: 0, says: nothing },
	{ line: `"$@" | true${first}`, code: 0, says: nothing, out: nothing },
	{ line: '"$@" >&-', code: 0, says: nothing },
	{ line: '"$@" >/dev/full', code: 1, says: full },
	{ line: '"$@" >/dev/full', words: ['-o', 'stream-json'], code: 1, says: full },
	{ line: `"$@" | (sleep 2; cat)${first}`, takes: 2000, code: 0, says: nothing, out: new RegExp(`\\nline ${lines - 1}\\n$`) },
	{ line: `"$@" | sleep 2${first}`, takes: 2000, code: 0, says: nothing, out: nothing },
	{ line: '"$@" 2>&-', code: 0, out: /^line 0\n/ },
	{ line: '"$@" 2>/dev/full', words: ['--verbose'], code: 0, out: /^line 0\n/ },
	{ line: '"$@" >&- 2>&-', code: 0 },
	{ line: '"$@" <&-', code: 0, out: /^line 0\n/ },
	{
		line: 'exec 3< <(exec sleep 30 2>/dev/null); "$@" <&3; code=$?; kill $!; exit $code',
		takes: 3000,
		code: 0,
		says: /going on without it/,
		out: /^line 0\n/,
	},
	{ line: `head -c 50000000 /dev/zero | tr '\\0' x | "$@"`, code: 42, says: /^More than 10 MB.*\n$/, out: nothing },
	{ line: `printf 'a\\0b' | "$@"`, code: 42, says: /^What was piped in holds NUL bytes.*\n$/, out: nothing },
	{ line: `printf '\\377\\376x' | "$@"`, code: 42, says: /^What was piped in is not valid UTF-8.*\n$/, out: nothing },
	{ line: 'yes | "$@"', code: 42, says: /^More than 10 MB.*\n$/, out: nothing },
];

/** Pipes that are closed, full, slow, endless or no text: the program ends soon, with the right code and no trace. */
export async function pipes(): Promise<Surface> {
	const world = makeWorld();
	const { surface, hostile } = counting('pipes');
	try {
		const script = join(world.base, 'long.md');
		writeFileSync(script, `${reply}\n`);
		const words = [program, '-m', `replies:${script}`, '-p', 'hi'];
		const usual = await run(world, words, { shell: '"$@" </dev/null >/dev/null' });
		for (const one of cases) {
			const ran = await run(world, [...words, ...(one.words ?? [])], { shell: one.line, millisecondsMost: 60_000 });
			const beyond = ran.milliseconds - (one.takes ?? 0) - 4 * usual.milliseconds;
			const said = `${one.line}: ${ran.code} ${ran.stderr.slice(0, 200)}`;
			hostile(said, crashed(ran), beyond > 2000 && `hangs for ${beyond} ms`, ...differences(one, ran));
		}
		return surface;
	} finally {
		removeWorld(world);
	}
}

const differences = ({ code, says, out }: Case, ran: Ran) => [
	ran.code !== code && `not ${code}`,
	says && !says.test(ran.stderr) && `does not say ${says}`,
	out && !out.test(ran.stdout) && `does not print ${out}`,
];
