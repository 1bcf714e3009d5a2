import { useEffect, useMemo, useState } from 'react';
import { exactLine, display as safe } from '../sanitise.js';
import { Lines } from './Lines.js';
import { growingLines } from './markdown/markdown.js';
import type { Screen } from './session/session.js';
import type { LiveCall, Progress } from './state.js';
import { hang, type Line, run, wrap } from './text/wrap.js';

/** What goes on now, never taller than `rows`: the block being written, the call that runs, how far it is. */
export function Live({ screen, columns, rows }: { screen: Screen; columns: number; rows: number }) {
	const { live } = screen.chat;
	const seconds = useSeconds(screen.busy);
	const text = useMemo(() => (live.text.trim() === '' ? [] : growingLines(live.text, columns, rows)), [live.text, columns, rows]);
	const call = live.call && !screen.dialogue ? callLines(live.call, columns, screen.detail ? rows - 4 : 10) : [];
	const progress = screen.dialogue ? [] : progressLine(screen, seconds, columns);
	const parts = [text, call, progress].filter(lines => lines.length > 0);
	const lines = parts.flatMap(part => [[], ...part]);
	return <Lines lines={lines.slice(-Math.max(1, rows))} />;
}

/** The end of a running call's output, and how many lines came before. */
function callLines(call: LiveCall, columns: number, most: number): Line[] {
	const title = hang(run('◌ ', { colour: 'cyan' }), wrap([run(exactLine(call.title))], columns - 2));
	const output = safe(call.tail).replace(/\n+$/, '');
	const source = output === '' ? [] : output.split('\n').slice(-most);
	const shown = source.flatMap(line => wrap([run(line, { dim: true })], columns - 2)).slice(-most);
	const hidden = call.lines - source.length;
	const before: Line[] = hidden > 0 ? [[run(`  … ${hidden.toLocaleString('en-US')} lines before`, { dim: true, italic: true })]] : [];
	return [...title, ...before, ...shown.map(line => [run('  '), ...line])];
}

function progressLine({ chat, busy, secondsLeft }: Screen, seconds: number, columns: number): Line[] {
	const { progress, call, text } = chat.live;
	if (!progress && !busy) return [];
	const what = progress ? progressWords(progress, secondsLeft) : call ? 'running' : text === '' ? 'working' : 'writing';
	const since = busy && seconds > 0 ? ` · ${seconds} s` : '';
	return wrap([run(`${what}${since}${busy ? ' · Esc stops' : ''}`, { dim: true })], columns).slice(0, 1);
}

/** How far it is, in words: `reading 1,240/3,900, 9 s left`. */
export function progressWords(progress: Progress, secondsLeft: number | undefined): string {
	switch (progress.kind) {
		case 'loading':
			return exactLine(progress.what ?? `loading the model, ${Math.floor(progress.fraction * 100)} %`);
		case 'reading': {
			const left = secondsLeft === undefined || secondsLeft < 0.5 ? '' : `, ${Math.ceil(secondsLeft)} s left`;
			return `reading ${number(progress.done)}/${number(progress.total)}${left}`;
		}
		case 'writing-call':
			return `writing ${exactLine(progress.tool)}, ${number(progress.chars)} characters`;
		default:
			return progress satisfies never;
	}
}

const number = (value: number) => value.toLocaleString('en-US');

/** Whole seconds since `active` became true; one redraw a second, and none when idle. */
function useSeconds(active: boolean): number {
	const [seconds, setSeconds] = useState(0);
	useEffect(() => {
		setSeconds(0);
		if (!active) return;
		const begun = performance.now();
		const timer = setInterval(() => setSeconds(Math.floor((performance.now() - begun) / 1000)), 1000);
		return () => clearInterval(timer);
	}, [active]);
	return seconds;
}
