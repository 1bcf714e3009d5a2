/**
 * Writes down which lines of the project each test runs. Loaded by `NODE_OPTIONS=--require=…` into every process, in Node from 18
 * on; the log is that of ../python/qwill_trace.py. V8 counts, here in the process itself: from one test to the next, and with its exit.
 */
const { appendFileSync } = require('node:fs');
const { isAbsolute, join, relative, sep } = require('node:path');
const { isMainThread, Worker } = require('node:worker_threads');
const { watchTests } = require('./runners.cjs');
const { pointsOf, linesOf, pathOf } = require('./lines.cjs');

const { QWILL_TRACE_ROOT: root, QWILL_TRACE_LOGS: logs, QWILL_TRACE_TEST: parent = '' } = process.env;
const foreign = /(^|\/)(\.[^/]*|node_modules|site-packages|dist-packages|venv)\//;
const name = `${process.pid}-${process.hrtime.bigint().toString(16)}`;

const session = root && logs ? open() : undefined;
/** What is known of each script: the points in it that stand for lines, and its functions. */
const scripts = new Map();
const files = new Map();
/** The tests that run, by their ids; several, where they run side by side. */
const active = new Map();
let count = 0;
let busy = false;
let watched = false;

if (session) start();

function open() {
	try {
		const { Session } = require('node:inspector');
		const opened = new Session();
		opened.connect();
		return opened;
	} catch {
		return undefined; // This process has no inspector: the one that only starts others for their tests.
	}
}

function start() {
	ask('Profiler.enable');
	ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
	record('process', JSON.stringify(inRoot(process.argv[1] ?? '') ?? process.argv.slice(1).join(' ')), JSON.stringify(parent));
	const leave = ok => {
		flush();
		record('exit', Number(ok));
	};
	process.on('exit', code => leave(code === 0));
	// Where node's test runner meets an error outside of tests, there is no exit to hear of.
	process.on('uncaughtExceptionMonitor', () => leave(false));
	process[Symbol.for('qwill.trace')] = { flush };
	watchTests(process.argv[1], { begin, end, flush, watch });
	if (inRoot(process.argv[1] ?? '')) watch();
}

/** What a test that does not end has run is asked for from another thread, which even an endless loop cannot keep from it. */
function watch() {
	if (watched || !isMainThread) return;
	watched = true;
	const worker = new Worker(join(__dirname, 'watch.cjs'), { execArgv: [], env: {}, stdout: false, stderr: false });
	worker.on('error', () => {});
	worker.unref();
}

function ask(method, parameters) {
	let answer;
	session.post(method, parameters, (error, result) => {
		if (!error) answer = result;
	});
	return answer;
}

function record(...words) {
	appendFileSync(join(logs, `${name}.log`), `${words.join('\t')}\n`);
}

function inRoot(path) {
	const inside = isAbsolute(path) ? relative(root, path).split(sep).join('/') : '..';
	return inside === '' || inside === '..' || inside.startsWith('../') || foreign.test(inside) ? undefined : inside;
}

/** A test begins; within another one it is part of that. */
function begin({ id, test, path }) {
	if ([...active.keys()].some(outer => id.startsWith(`${outer} `))) return;
	watch();
	flush();
	active.set(id, ++count);
	record('test', count, JSON.stringify(test), JSON.stringify(inRoot(path ?? '') ?? ''));
	process.env.QWILL_TRACE_TEST = `${name}:${count}`;
}

function end({ id, ok, skipped }) {
	const number = active.get(id);
	if (number === undefined) return;
	flush();
	record('end', number, skipped ? '-' : Number(ok));
	active.delete(id);
	if (active.size === 0) delete process.env.QWILL_TRACE_TEST;
}

/** What has run since the last time goes to the tests that run now. */
function flush() {
	if (busy) return;
	busy = true;
	try {
		for (const script of ask('Profiler.takePreciseCoverage')?.result ?? []) {
			const path = pathOf(script.url);
			if (!path || !inRoot(path)) continue;
			const known = scripts.get(script.scriptId) ?? { points: pointsOf(script, path, sourceOf), functions: new Map() };
			scripts.set(script.scriptId, known);
			for (const [file, lines] of linesOf(script, known)) write(file, lines);
		}
	} finally {
		busy = false;
	}
}

function write(path, lines) {
	const inside = inRoot(path);
	if (!inside || lines.size === 0) return;
	let number = files.get(inside);
	if (number === undefined) {
		number = files.size;
		files.set(inside, number);
		record('file', number, JSON.stringify(inside));
	}
	for (const test of active.size > 0 ? active.values() : [0]) record('lines', test, number, [...lines].join(','));
}

/** The text that V8 compiled, which tools that translate do not leave on the disk. */
function sourceOf(scriptId) {
	ask('Debugger.enable');
	const source = ask('Debugger.getScriptSource', { scriptId })?.scriptSource;
	ask('Debugger.disable');
	return source;
}
