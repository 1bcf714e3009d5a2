// The engine's process, which crashes at its first start, as a graphics driver does, and starts when it is started again.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mark = join(tmpdir(), `qwill-died-once-${process.ppid}`);
if (!existsSync(mark)) {
	writeFileSync(mark, '');
	process.kill(process.pid, 'SIGSEGV');
} else rmSync(mark);
await import('../../src/engine/local/child.js');
