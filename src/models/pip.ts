import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { display } from '../sanitise.js';
import type { Part } from './parts.js';

/** How pip ended: `ok`, or why not, in words for the person. `full` when the disk was. */
export type PipEnd = { ok: true } | { ok: false; why: string; full?: true };

/**
 * Lets pip download one wheel, with its pinned digest, into `folder`; nothing is installed and nothing of the package runs.
 * It works in `folder/tmp`, so that what has arrived can be seen there. `kill` ends it and all it started.
 */
export async function startPip(part: Part, folder: string): Promise<{ ended: Promise<PipEnd>; kill(): void }> {
	const list = join(folder, 'requirements.txt');
	const work = join(folder, 'tmp');
	await writeFile(list, `${part.requirement} --hash=sha256:${part.sha256}\n`, { mode: 0o600 });
	const options = [
		'--no-deps',
		'--require-hashes',
		'--only-binary=:all:',
		'--no-cache-dir',
		'--disable-pip-version-check',
		'--no-input',
		'--quiet',
	];
	const child = spawn('python3', ['-m', 'pip', 'download', ...options, '--retries', '1', '-r', list, '-d', folder], {
		// `-m` looks for modules in the working folder first, which must therefore never be the person's project.
		cwd: work,
		env: { ...pipEnvironment(), TMPDIR: work },
		stdio: ['ignore', 'ignore', 'pipe'],
		detached: true,
	});
	const kill = () => {
		if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
		try {
			process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
		} catch {} // It has ended in the meantime.
	};
	process.once('exit', kill);
	let said = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		said = (said + text).slice(-8000);
	});
	const ended = new Promise<PipEnd>(resolve => {
		child.once('error', error =>
			resolve({ ok: false, why: 'code' in error && error.code === 'ENOENT' ? 'python3 is not installed' : error.message }),
		);
		child.once('close', code => resolve(code === 0 ? { ok: true } : explain(said)));
	}).finally(() => process.off('exit', kill));
	return { ended, kill };
}

/** The person's own settings of pip, of the network and of python's installation, and nothing else. */
function pipEnvironment(): NodeJS.ProcessEnv {
	const kept =
		/^(PATH|HOME|USERPROFILE|SYSTEMROOT|LANG|LC_\w+|PIP_\w+|PYENV_\w+|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|(https?|no|all)_proxy|XDG_\w+)$/i;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name)));
}

function explain(said: string): PipEnd {
	const lines = said.split('\n').map(line => line.trim());
	const last = lines.findLast(line => /^ERROR:/i.test(line)) ?? lines.findLast(line => line !== '') ?? 'pip failed without a word';
	if (/no space left on device|ENOSPC/i.test(said)) return { ok: false, why: 'the disk is full', full: true };
	if (/No module named pip/i.test(said)) return { ok: false, why: 'python3 has no pip (python3 -m ensurepip)' };
	if (/DO NOT MATCH THE HASHES/i.test(said)) return { ok: false, why: 'a part did not have its digest and was refused' };
	if (/NewConnectionError|name resolution|ConnectTimeout|Network is unreachable|Connection refused|ProxyError/i.test(said)) {
		return { ok: false, why: 'the package index cannot be reached' };
	}
	return { ok: false, why: display(last.replace(/^ERROR:\s*/i, '')).slice(0, 200) };
}
