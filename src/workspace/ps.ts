/** Processes where there is no /proc, as ps(1) of macOS and the BSDs lists them. */
import { spawnSync } from 'node:child_process';
import type { Process } from './alive.js';

const columns = ['pid', 'ppid', 'pgid', 'stat', 'lstart', 'command'];

/** All that it lists now; none where it says nothing. */
export function listedByPs(): Process[] {
	const args = ['-A', '-E', '-w', '-w', ...columns.flatMap(name => ['-o', `${name}=`])];
	const { stdout } = spawnSync('/bin/ps', args, { encoding: 'latin1', env: { LC_ALL: 'C' }, timeout: 2000, maxBuffer: 2 ** 26 });
	return readPs(stdout ?? '');
}

/** Reads its lines. Which session a process belongs to is not told there: 0, which is nobody's. */
export const readPs = (text: string): Process[] =>
	text.split('\n').flatMap(line => {
		const [, pid, parent, group, state = '', start = '', words = ''] =
			/^ *(\d+) +(\d+) +(\d+) +(\S+) +(\S+ +\S+ +\d+ +[\d:]+ +\d+) +(.*)$/.exec(line) ?? [];
		if (pid === undefined) return [];
		return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: 0, start, buried: state.startsWith('Z'), words }];
	});
