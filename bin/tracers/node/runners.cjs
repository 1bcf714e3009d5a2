/** How each test runner is heard to begin and to end a test. An id says all of a test's place: those of its parts go on from it. */
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const { isMainThread, MessagePort } = require('node:worker_threads');

/** `main` is the file that the process was started with. */
function watchTests(main = '', { begin, end, flush, watch }) {
	if (/[/\\]_?mocha\b/.test(main)) watchMocha({ begin, end });
	else if (/jest|react-scripts/.test(main)) watchJest({ begin, end });
	else if (/vitest/.test(main) || (!isMainThread && process.env.VITEST)) watchVitest({ flush, watch });
	else if (importsNodeTest(main)) watchNodeTest(main, { begin, end });
}

/** Asked of the file alone: hooks in a process without tests would make it report some. */
function importsNodeTest(file) {
	return existsSync(file) && /['"`]node:test['"`]/.test(readFileSync(file, 'utf8'));
}

function watchNodeTest(path, { begin, end }) {
	const { beforeEach, afterEach } = require('node:test');
	const id = test => test.fullName ?? test.name;
	beforeEach(test => begin({ id: id(test), test: test.name, path }));
	afterEach(test => end({ id: id(test), ok: test.passed !== false }));
}

/** Mocha gives its hooks to the global object; the last of them to come finds the others there. */
function watchMocha({ begin, end }) {
	let given;
	let done = false;
	const names = test => test.titlePath().join(' > ');
	Object.defineProperty(globalThis, 'afterEach', {
		configurable: true,
		enumerable: true,
		get: () => given,
		set(afterEach) {
			given = afterEach;
			if (done || typeof afterEach !== 'function') return;
			done = true;
			globalThis.beforeEach(function () {
				begin({ id: names(this.currentTest), test: names(this.currentTest), path: this.currentTest.file });
			});
			afterEach(function () {
				end({ id: names(this.currentTest), ok: this.currentTest.state !== 'failed', skipped: this.currentTest.pending === true });
			});
		},
	});
}

/** Jest tells the environment that it runs a file in. */
function watchJest({ begin, end }) {
	const load = Module._load;
	const seen = new WeakSet();
	Module._load = function (request, ...rest) {
		const loaded = load.call(this, request, ...rest);
		const kind = /environment/.test(request) ? (loaded?.TestEnvironment ?? loaded?.default ?? loaded) : undefined;
		if (typeof kind?.prototype?.getVmContext !== 'function' || seen.has(kind.prototype)) return loaded;
		seen.add(kind.prototype);
		const setup = kind.prototype.setup;
		kind.prototype.setup = async function () {
			await setup.call(this);
			const handle = this.handleTestEvent;
			this.handleTestEvent = async function (event, state) {
				await handle?.call(this, event, state);
				const names = event.test ? namesOf(event.test) : '';
				if (event.name === 'test_start') begin({ id: names, test: names });
				if (/^test_(done|skip|todo)$/.test(event.name))
					end({ id: names, ok: event.test.errors.length === 0, skipped: event.name !== 'test_done' });
			};
		};
		return loaded;
	};
}

/** Vitest's processes or threads, one for each file, are ended from outside once they have told how the tests went. */
function watchVitest({ flush, watch }) {
	const [teller, tell] = isMainThread ? [process, 'send'] : [MessagePort.prototype, 'postMessage'];
	const original = teller[tell];
	if (typeof original !== 'function') return;
	watch();
	teller[tell] = function (...message) {
		flush();
		return original.apply(this, message);
	};
}

const namesOf = test => (test.parent?.parent ? `${namesOf(test.parent)} > ${test.name}` : test.name);

module.exports = { watchTests };
