import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Clipboard, copyText } from '../../../src/chat/commands/clipboard.js';

function clipboard(env: NodeJS.ProcessEnv, works: readonly string[] = []): Clipboard & { log: string[] } {
	const log: string[] = [];
	return {
		log,
		env,
		async feed(program, args, text) {
			log.push([program, ...args, text].join(' '));
			return works.includes(program);
		},
		write: sequence => void log.push(sequence),
	};
}
const coded = Buffer.from('grüße').toString('base64');

describe('clipboard', { skip: process.platform === 'darwin' }, () => {
	it("takes the desktop's own program", async () => {
		const board = clipboard({ WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, ['wl-copy']);
		assert.equal(await copyText('grüße', board), 'wl-copy');
		assert.deepEqual(board.log, ['wl-copy grüße']);
	});
	it('tries the next one where a program is missing, and the terminal at last', async () => {
		const board = clipboard({ DISPLAY: ':0' }, []);
		assert.equal(await copyText('grüße', board), 'the terminal');
		assert.deepEqual(board.log, ['xclip -selection clipboard grüße', 'xsel --clipboard --input grüße', `\x1b]52;c;${coded}\x07`]);
	});
	it('over SSH goes through the terminal, whatever is installed there', async () => {
		const board = clipboard({ SSH_TTY: '/dev/pts/1', DISPLAY: ':10' }, ['xclip']);
		assert.equal(await copyText('grüße', board), 'the terminal');
		assert.deepEqual(board.log, [`\x1b]52;c;${coded}\x07`]);
	});
	it('is wrapped for tmux', async () => {
		const board = clipboard({ TMUX: '/tmp/tmux,1,0' });
		await copyText('grüße', board);
		assert.deepEqual(board.log, [`\x1bPtmux;\x1b\x1b]52;c;${coded}\x07\x1b\\`]);
	});
	it('says so when a text is too long for a terminal', async () => {
		const board = clipboard({});
		assert.equal(await copyText('x'.repeat(80_000), board), undefined);
		assert.deepEqual(board.log, []);
	});
});
