import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small workspace with things to be careful of: secrets, git's folder, links that lead out, a pipe. State goes beside it. */
export function makeWorld(): { root: string; outside: string } {
	const top = realpathSync(mkdtempSync(join(tmpdir(), 'qwill-approval-')));
	const [root, outside] = [join(top, 'ws'), join(top, 'outside')];
	process.env.XDG_STATE_HOME = join(top, 'state');
	for (const folder of [join(root, 'src', 'deep'), join(root, '.git', 'hooks'), join(root, '.qwill'), outside])
		mkdirSync(folder, { recursive: true });
	for (const file of [
		'src/a.js',
		'src/a.ts',
		'src/deep/b.ts',
		'a.txt',
		'package.json',
		'.env',
		'.env.local',
		'.git/config',
		'.qwill/config.json',
		'README.md',
	])
		writeFileSync(join(root, file), 'x\n');
	writeFileSync(join(outside, 'victim.txt'), 'x\n');
	symlinkSync(outside, join(root, 'out_link'));
	symlinkSync(join(outside, 'victim.txt'), join(root, 'file_link'));
	symlinkSync('src', join(root, 'in_link'));
	symlinkSync('../.env', join(root, 'src', 'innocent.txt'));
	execFileSync('mkfifo', [join(root, 'pipe')]);
	return { root, outside };
}
