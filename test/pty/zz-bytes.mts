import { readFileSync } from 'node:fs';
import { open } from '/work/main/test/pty/terminal.js';

const t = open({ args: ['--import', 'tsx', '/work/main/test/pty/fake-chat.ts', 'thousand'], cwd: '/work/main', cols: 120, rows: 40 });
await t.until(/^> /m);
const before = t.raw().length;
const cpu = () => {
	const f = readFileSync(`/proc/${t.pid}/stat`, 'utf8').split(') ')[1].split(' ');
	return (Number(f[11]) + Number(f[12])) / 100;
};
console.log('start', cpu());
const c0 = cpu();
t.type('go\r');
await t.until(/— Done/);
console.log('cpu', cpu() - c0);
console.log('bytes', t.raw().length - before, 'frames', (t.raw().match(/\x1b\[\?2026h/g) ?? []).length);
t.close();
process.exit(0);
