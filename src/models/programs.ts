import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { parse } from 'node:path';

/**
 * What a program of this machine prints about itself within `timeout` ms; undefined when it is missing, fails or is slower. It runs
 * at the root of the disk: started in a project folder, `python3 -m` would run that project's files.
 */
export function askProgram(program: string, args: readonly string[], timeout = 1500): Promise<string | undefined> {
	const options = { timeout, killSignal: 'SIGKILL', windowsHide: true, cwd: parse(homedir()).root } as const;
	return new Promise(resolve => {
		execFile(program, [...args], options, (error, stdout) => resolve(error ? undefined : stdout));
	});
}
