/**
 * Tries calls on what one file of JavaScript or TypeScript defines, and on the same file with one line changed, as
 * `node --input-type=module -e THIS FILE REQUEST MARK`. Request and answer are those of probe.py. Everything runs in a thread that is
 * ended where it does not end by itself; the next one goes on behind that.
 */
import { readFileSync } from 'node:fs';
import { isMainThread, Worker } from 'node:worker_threads';

const [path, request, mark] = process.argv.slice(1);
const { calls, order, edits, seconds } = JSON.parse(request);
const end = performance.now() + seconds * 1000;
const text = readFileSync(path, 'utf8');
const all = calls.map((_, index) => index);
const jobs =
	edits.length > 0
		? edits.map(edit => ({ edit, indexes: all }))
		: order === 'alone'
			? all.map(index => ({ indexes: [index], watch: true, patience: 300 }))
			: [{ indexes: order === 'forward' ? all : all.toReversed(), watch: true, patience: 1000 }];

/** What runs in the thread; it knows nothing of what stands around it. */
function work() {
	const { parentPort, workerData } = require('node:worker_threads');
	const { rmSync, writeFileSync } = require('node:fs');
	const { Session } = require('node:inspector');
	const { syncBuiltinESMExports } = require('node:module');
	const { extname, resolve } = require('node:path');
	const { pathToFileURL } = require('node:url');
	const { runInThisContext } = require('node:vm');
	const { path, text, calls, jobs } = workerData;
	const longest = 400;
	const clock = performance.now.bind(performance);
	let active = false;
	let touched = null;
	const touch = what => {
		if (active) touched ??= what;
	};
	watchWorld();

	function watchWorld() {
		const RealDate = Date;
		globalThis.Date = new Proxy(RealDate, {
			construct(target, args, made) {
				if (args.length === 0) touch('the time');
				return Reflect.construct(target, args, made === globalThis.Date ? target : made);
			},
			apply(target, self, args) {
				touch('the time');
				return Reflect.apply(target, self, args);
			},
		});
		const wrap = (owner, names, what) => {
			for (const name of names) {
				const real = owner[name];
				const { writable, configurable } = Object.getOwnPropertyDescriptor(owner, name) ?? { configurable: true };
				if (typeof real !== 'function' || !(writable || configurable)) continue;
				const watched = new Proxy(real, {
					apply(target, self, args) {
						touch(what);
						return Reflect.apply(target, self, args);
					},
				});
				Object.defineProperty(owner, name, { value: watched, writable: true, configurable: true, enumerable: true });
			}
		};
		wrap(RealDate, ['now'], 'the time');
		wrap(Math, ['random'], 'chance');
		wrap(performance, ['now'], 'the time');
		wrap(globalThis, ['fetch'], 'the network');
		wrap(globalThis.crypto, ['randomUUID', 'getRandomValues'], 'chance');
		wrap(process, ['hrtime', 'cwd', 'uptime', 'memoryUsage'], 'the system');
		const env = { ...process.env };
		Object.defineProperty(process, 'env', {
			value: new Proxy(env, {
				get(target, name) {
					touch('the environment');
					return target[name];
				},
			}),
		});
		const modules = { fs: 'files', child_process: 'other programs', net: 'the network', dns: 'the network', http: 'the network' };
		Object.assign(modules, { https: 'the network', dgram: 'the network', os: 'the system', 'fs/promises': 'files' });
		for (const [name, what] of Object.entries(modules)) {
			const module = require(`node:${name}`);
			wrap(module, Object.keys(module), what);
		}
		const crypto = require('node:crypto');
		wrap(crypto, ['randomBytes', 'randomInt', 'randomUUID', 'randomFillSync', 'getRandomValues'], 'chance');
		syncBuiltinESMExports();
	}

	/** The value as it is written in code. Throws where it cannot be. */
	function source(value, depth = 0) {
		if (depth > 8) throw new Error();
		const inside = values => values.map(one => source(one, depth + 1)).join(', ');
		if (value === null || value === undefined || typeof value === 'boolean') return String(value);
		if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
		if (typeof value === 'bigint') return `${value}n`;
		if (typeof value === 'string') return quoted(value);
		if (Array.isArray(value) && Object.keys(value).length === value.length) return `[${inside(value)}]`;
		if (value instanceof Map) return value.size === 0 ? 'new Map()' : `new Map(${source([...value], depth + 1)})`;
		if (value instanceof Set) return value.size === 0 ? 'new Set()' : `new Set(${source([...value], depth + 1)})`;
		const above = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
		if (above !== Object.prototype || Object.getOwnPropertySymbols(value).length > 0) throw new Error();
		const pairs = Object.entries(value).map(([key, one]) => `${/^[A-Za-z_]\w*$/.test(key) ? key : quoted(key)}: ${source(one, depth + 1)}`);
		if (Object.hasOwn(value, '__proto__')) throw new Error();
		return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
	}
	const quoted = one => (/^[^'\\\p{C}\u2028\u2029]*$/u.test(one) ? `'${one}'` : JSON.stringify(one));

	const parses = call => {
		try {
			return Boolean(new Function(`return (${call});`));
		} catch {
			return false;
		}
	};
	const made = calls.map(call => (parses(call) ? `() => (${call})` : '() => { throw new SyntaxError(); }'));
	const kind = /^\s*(?:import|export)\b/m.test(text) ? 'm' : 'c';

	let count = 0;
	async function loaded(code) {
		const beside = resolve(`${path}.probed${workerData.thread}-${count++}.${kind}${extname(path).includes('t') ? 'ts' : 'js'}`);
		delete globalThis[Symbol.for('calls')];
		writeFileSync(beside, `${code}\n;globalThis[Symbol.for('calls')] = [${made.join(',\n')}];\n`);
		try {
			await import(pathToFileURL(beside));
		} finally {
			rmSync(beside);
		}
		return { calls: globalThis[Symbol.for('calls')], url: pathToFileURL(beside).href };
	}

	async function done(call, patience) {
		let waits = false;
		try {
			globalThis[Symbol.for('call')] = call;
			const started = clock();
			let value = runInThisContext("globalThis[Symbol.for('call')]()", { timeout: patience });
			waits = typeof value?.then === 'function';
			if (waits) {
				const late = new Promise(resolve => setTimeout(resolve, Math.max(1, patience - (clock() - started)), Symbol.for('late')));
				value = await Promise.race([value, late]);
				if (value === Symbol.for('late')) return { does: '! late', kind: 'late' };
			}
			try {
				const told = source(value);
				return { does: told.slice(0, longest), kind: told.length <= longest ? 'value' : 'other', waits };
			} catch {
				return { does: `<${value?.constructor?.name ?? typeof value}>`, kind: 'other' };
			}
		} catch (error) {
			if (error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return { does: '! late', kind: 'late' };
			const isError = typeof error?.name === 'string' && typeof error?.message === 'string';
			return { does: `! ${isError ? error.name : typeof error}`, kind: isError ? 'error' : 'other', waits };
		}
	}

	const session = new Session();
	session.connect();
	const ask = (method, options) => {
		let found;
		session.post(method, options, (_error, result) => {
			found = result;
		});
		return found;
	};
	const begins = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];

	/** The lines of the file that ran since this was asked last: the innermost range around where a line begins tells. */
	function linesRun(url) {
		const script = ask('Profiler.takePreciseCoverage').result.find(one => one.url === url);
		const ranges = (script?.functions ?? []).flatMap(one => one.ranges).filter(one => one.startOffset > 0 || one.endOffset < text.length);
		const sorted = ranges.toSorted((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset));
		return text.split('\n').flatMap((line, index) => {
			const at = begins[index] + line.search(/\S/);
			const inner = sorted.find(one => one.startOffset <= at && at < one.endOffset);
			return inner && inner.count > 0 ? [index + 1] : [];
		});
	}

	async function watched(indexes, patience) {
		ask('Profiler.enable');
		ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
		const module = await loaded(text);
		linesRun(module.url);
		const found = [];
		for (const index of indexes) {
			touched = null;
			active = true;
			const result = await done(module.calls[index], patience);
			active = false;
			const lines = linesRun(module.url);
			if (result.kind !== 'late') found.push([index, { ...result, touched, lines }]);
		}
		return found;
	}

	async function mutated([line, instead]) {
		const lines = text.split('\n');
		lines[line - 1] = instead;
		let module;
		try {
			module = await loaded(lines.join('\n'));
		} catch {
			return null;
		}
		const found = [];
		for (const call of module.calls) {
			const { does, kind } = await done(call, 500);
			found.push(does);
			// Nothing is known of the calls behind an endless one.
			if (kind === 'late') break;
		}
		return [...found, ...calls.slice(found.length).map(() => '')];
	}

	(async () => {
		for (const { edit, indexes, watch, patience, number } of jobs) {
			try {
				parentPort.postMessage({ number, found: watch ? await watched(indexes, patience) : await mutated(edit) });
			} catch {
				parentPort.postMessage({ number, found: null });
			}
		}
		process.exit();
	})();
}

/** Does these jobs from this number on, as far as they come; gives the number of the first that was not done. */
function thread(jobs, from, heard) {
	return new Promise(resolve => {
		const left = jobs.map((job, number) => ({ ...job, number })).slice(from);
		const workerData = { path, text, calls, jobs: left, thread: from };
		const worker = new Worker(`(${work})()`, {
			eval: true,
			execArgv: [],
			workerData,
			resourceLimits: { maxOldGenerationSizeMb: 256 },
			stdout: true,
		});
		let next = from;
		const patience = () => Math.max(1, Math.min(end - performance.now(), 5000 + (edits.length > 0 ? 0 : left[0].indexes.length * 1000)));
		const finish = () => {
			clearTimeout(timer);
			worker.terminate().then(() => resolve(next));
		};
		let timer = setTimeout(finish, patience());
		worker.on('message', ({ number, found }) => {
			heard(number, found);
			next = number + 1;
			clearTimeout(timer);
			timer = setTimeout(finish, patience());
		});
		worker.on('error', finish);
		worker.on('exit', finish);
	});
}

/** What each of the jobs found, as far as time goes. */
async function found(jobs) {
	const answers = jobs.map(() => null);
	for (let at = 0; at < jobs.length && performance.now() < end; ) {
		const next = await thread(jobs, at, (number, found) => {
			answers[number] = found;
		});
		if (next < jobs.length && performance.now() < end && edits.length > 0) answers[next] = ['! late', ...calls.slice(1).map(() => '')];
		at = next === jobs.length ? next : next + 1;
	}
	return answers;
}

if (isMainThread) {
	const answers = await found(jobs);
	const heard = calls.map(() => null);
	const hear = some => {
		for (const [index, result] of some.flatMap(one => one ?? [])) heard[index] = result;
	};
	if (edits.length === 0) hear(answers);
	// Where many do not end, they must not use up the time of those that do: the slow ones have more of it at the end, and few do.
	const slow = edits.length === 0 && order === 'alone' ? all.filter(index => heard[index] === null).slice(0, 3) : [];
	hear(await found(slow.map(index => ({ indexes: [index], watch: true, patience: 1000 }))));
	const answer = edits.length > 0 ? answers : { lines: [], calls: heard };
	process.stdout.write(`\n${mark}${JSON.stringify(answer)}\n`, () => process.exit());
}
