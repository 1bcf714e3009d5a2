import { statementsOf } from '../steps.js';
import { type Compiler, eachRun } from './compiler.js';

/** The tests' own module below the file: it sees what the file keeps to itself. */
export const rust: Compiler = {
	saying: {
		mark: place => `qwill_ran(${place}); `,
		mutant: (number, body) => `if qwill_mutant() == ${number} { return ${body}; }`,
	},
	caller: 'probe.rs',
	files({ path, text, caller, calls, marks }) {
		const [begin = '', end = ''] = caller.replaceAll(/MARKS(?=\])/g, String(marks)).split('CALLS\n');
		const head = text + begin;
		const lines = calls.map(call => `        || { ${inSteps(call)} },\n`);
		return { files: new Map([[path, `${head}${lines.join('')}${end}`]]), driver: path, first: head.split('\n').length };
	},
	// Errors as lines of text within JSON, which also tells where the programs are.
	build: [
		'out=$(cargo test --offline --no-run --message-format=json-diagnostic-short 2>/dev/null) || { echo "$out"; exit 1; }',
		'for one in $(echo "$out" | grep -o \'"executable":"[^"]*"\' | cut -d\'"\' -f4)',
		'do "$one" --list 2>/dev/null | grep -q "qwill_probe::run" && exe=$one && break; done; [ -n "$exe" ]',
	].join('\n'),
	run: eachRun('"$exe" qwill_probe::run --nocapture --test-threads=1'),
	parses: call => `fn a() { ${inSteps(call)} }\n`,
	fault: /"rendered":"([^"\\:]+\.rs):(\d+):\d+: error/g,
	world: [
		[/\b(?:SystemTime|Instant|Utc|Local)::now\b/, 'the time'],
		[/\b(?:rand|fastrand|getrandom)::|\bthread_rng\b|\bRandomState\b/, 'chance'],
		[/\b(?:TcpStream|TcpListener|UdpSocket|reqwest|ureq)\b/, 'the network'],
		[/\bCommand::new\b/, 'other programs'],
		[/\b(?:fs|env|io)::|\bFile::|\bstdin\(\)/, 'the system'],
	],
};

/** What it borrows lives as long as it is looked at. */
const inSteps = (call: string): string => statementsOf(call, last => `match ${last} { value => (&&&Given(&value)).told() }`);
