import { posix } from 'node:path';
import { statementsOf } from '../steps.js';
import type { Compiler } from './compiler.js';

/** A class of the same package: it sees what is not private. */
export const java: Compiler = {
	saying: {
		mark: place => `QwillProbe.ran(${place}); `,
		mutant: (number, body, gives) => `if (QwillProbe.is(${number})) ${gives ? body : `{ if (true) ${body} return; }`}`,
	},
	caller: 'probe.java',
	files({ path, text, caller, calls, marks }) {
		const driver = posix.join(posix.dirname(path), 'QwillProbe.java');
		const name = packageOf(text);
		const [head = '', end = ''] = caller
			.replace('PACKAGE', [...(name === '' ? [] : [`package ${name};`]), ...importsOf(text)].join('\n'))
			.replace('[MARKS]', `[${marks}]`)
			.split('CALLS\n');
		const lines = calls.map((call, number) => `            case ${number}: { ${inSteps(call)} }\n`);
		const files = new Map([
			[path, text],
			[driver, `${head}${lines.join('')}${end}`],
		]);
		return { files, driver, first: head.split('\n').length };
	},
	// Other classes are found from where the packages begin; what a build brings in besides is not known here.
	build: [
		'name=$(sed -n "s/^package  *\\([^; ]*\\).*/\\1/p" QwillProbe.java); up=.',
		'main=QwillProbe; [ -n "$name" ] && main=$name.QwillProbe && up=$(echo "$name" | tr . "\\n" | sed "s/.*/../" | paste -sd/ -)',
		'javac -nowarn -Xmaxerrs 1000 -encoding UTF-8 -sourcepath "$up" -d /tmp/qwill-probe *.java 2>&1',
	].join('\n'),
	// The machine takes longer to start than most calls: it makes many runs, and goes on behind what did not end.
	run: (mark, seconds) =>
		[
			`all="${mark}"; for each in "$@"; do all="$all;$each"; done; before=-1; echo 0 > /tmp/qwill-done`,
			`until done=$(cat /tmp/qwill-done); [ "$done" -ge $# ] || [ "$done" = "$before" ] || [ $SECONDS -ge ${seconds} ]; do before=$done`,
			'QWILL_PROBE="$all" java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp /tmp/qwill-probe "$main" /tmp/qwill-done 2>/dev/null; done',
		].join('\n'),
	parses: call => `class A { Object a() throws Throwable { ${inSteps(call)} } }\n`,
	fault: /^(?:\.\/)?([^\s:]+\.java):(\d+): error: /gm,
	world: [
		[
			/\b(?:System\.(?:currentTimeMillis|nanoTime)|(?:Instant|LocalDate|LocalDateTime|LocalTime|ZonedDateTime|Clock)\.(?:now|system)|new Date\(\))/,
			'the time',
		],
		[/\b(?:Math\.random|new Random\(|ThreadLocalRandom|SecureRandom|UUID\.randomUUID)/, 'chance'],
		[/\b(?:Socket|URL|HttpClient|HttpURLConnection|InetAddress)\b/, 'the network'],
		[/\b(?:ProcessBuilder|Runtime\.getRuntime)\b/, 'other programs'],
		[/\b(?:System\.(?:getenv|getProperty|in)|Files\.|new File|Paths?\.(?:get|of)|Locale\.getDefault)/, 'the system'],
	],
};

/** The package of a file; '' where it is in none. */
export const packageOf = (text: string): string => /^\s*package\s+([\w.]+)\s*;/m.exec(text)?.[1] ?? '';

/** What a file brings in, line by line. */
export const importsOf = (text: string): string[] => text.match(/^import [\w.* ]+;/gm) ?? [];

const inSteps = (call: string): string => statementsOf(call, last => `return ${last};`);
