#!/usr/bin/env node
// Starts dist/main.js. Kept in plain JavaScript that old versions of Node can read, to tell their users what is wrong.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const needed = 22;

if (Number(process.versions.node.split('.')[0]) < needed) startWithNewerNode();
else if (existsSync(join(root, 'dist', 'main.js'))) await import('../dist/main.js');
else end('qwill is not built yet. In its folder, run: npm start');

/** In a checkout, Node itself is one of the dependencies. */
function startWithNewerNode() {
	const node = join(root, 'node_modules', 'node', 'bin', 'node');
	if (!existsSync(node))
		return end(`qwill needs Node ${needed} or newer; this is Node ${process.versions.node}. Install a newer one from https://nodejs.org`);
	const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
	// Signals from a terminal reach both processes; this one waits for what the other makes of them. Those sent to this one are passed on.
	process.on('SIGINT', () => {});
	for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
	child.on('error', error => end(`${node} does not start: ${error.message}. In the folder of qwill, run: npm rebuild node`));
	child.on('exit', (code, signal) => {
		if (signal === null) process.exit(code);
		process.removeAllListeners(signal);
		process.kill(process.pid, signal);
	});
}

function end(sentence) {
	process.stderr.write(`${sentence}\n`);
	process.exitCode = 1;
}
