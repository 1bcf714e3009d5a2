import { remarkLine } from '../agent/remark.js';
import { displayStream, printableJson } from '../sanitise.js';
import type { Face } from './face.js';

/**
 * Into a pipe or a file: the last reply with one newline, byte for byte, and only when the run succeeded. `json`: it is JSON, which
 * goes to a terminal as well, so what JSON leaves bare is escaped.
 */
export function textFace(json: boolean): Face {
	let answer = '';
	return {
		begin: () => '',
		see(event) {
			if (event.type === 'replied') answer = event.message.text;
			return '';
		},
		end(finish) {
			const whole = answer.replace(/\n+$/, '');
			return finish.subtype === 'success' ? `${json ? printableJson(whole) : whole}\n` : '';
		},
	};
}

/** On a terminal: every reply as it is written, made safe for it, each with one newline at its end. */
export function terminalFace(): Face {
	let stream = displayStream();
	let open = false;
	let blank = '';
	/** Newlines wait for what follows them, since none may follow. */
	const write = (text: string): string => {
		const all = blank + text;
		const shown = all.replace(/\n+$/, '');
		blank = all.slice(shown.length);
		return shown;
	};
	const finish = (): string => {
		const rest = write(stream.end());
		const text = open ? `${rest}\n` : rest;
		stream = displayStream();
		open = false;
		blank = '';
		return text;
	};
	return {
		begin: () => '',
		see(event) {
			if (event.type === 'replied') return finish();
			if (event.type === 'remark') return `${remarkLine(event)}\n`;
			if (event.type !== 'text') return '';
			open = true;
			return write(stream.push(event.text));
		},
		end: finish,
	};
}
