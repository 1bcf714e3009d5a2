import { Refusal } from '../../types.js';
import { shown } from '../../workspace/names.js';
import type { Command } from './command.js';

export const sandbox: Command = {
	name: 'sandbox',
	aliases: [],
	purpose: 'whether commands are boxed in, and the doors that you open to them',
	argumentHint: '[open DIR|HOST | close]',
	async run(args, { program: { sandbox }, note }) {
		const [, verb = '', what = ''] = /^(\S*)\s*(.*)$/s.exec(args.trim()) ?? [];
		if (verb !== '' && verb !== 'open' && verb !== 'close')
			throw new Refusal(
				'/sandbox tells how it is; /sandbox open DIR or HOST lets commands use a folder or reach a host, /sandbox close closes what is open.',
			);
		if (!sandbox.on) {
			const how = `${sandbox.why}${sandbox.fix ? ` (${sandbox.fix})` : ''}`;
			if (verb !== '') throw new Refusal(`There is no sandbox, so it has no doors: ${how}. Every command asks, and runs as you.`);
			return note(`No sandbox: ${how}. Every command asks, and runs as you.`);
		}
		const { doors } = sandbox;
		if (verb === 'open') return note(opened(doors.open(what)));
		if (verb === 'close') doors.close();
		const open = doors.names().map(shown);
		const within = 'Commands run in the sandbox: they write in this folder and a temporary one, and reach no network.';
		note(
			open.length === 0 ? `${within} No door is open.` : `${within} Open to them besides: ${open.join(', ')}; /sandbox close closes that.`,
		);
	},
};

const opened = (name: string): string => `${shown(name)} is open to commands in this conversation. /sandbox close closes it.`;
