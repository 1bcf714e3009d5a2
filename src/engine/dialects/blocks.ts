import { say } from '../../prompts.js';
import { offered, type Wanted } from './arguments.js';
import { fencedCall } from './calls-in.js';
import { editsIn } from './edits.js';
import { type Fence, fenceBody, marker, openFence } from './fence.js';
import { cutCall, type Found, type Reading, unreadable } from './found.js';
import { type Header, headerOf, longestHeader, pathInComment, pathInInfo } from './headers.js';

const shells = /^(?:sh|bash|shell|zsh|console|terminal|shell-session|shellsession)$/i;
const screens = /^(?:console|terminal|shell-session|shellsession)$/i;
const outputs = /^(?:text|txt|plaintext|output|log|none)$/i;

/**
 * What the `fenced` dialect finds at the start of a line: a header and its block, or a block alone. Undefined when neither
 * begins here.
 */
export function blockAt(text: string, reading: Reading): Found | undefined {
	if (/^[ \t]*(?:`{3}|~{3}|`{0,2}$|~{0,2}$)/.test(text)) return fencedBlock(text, reading, undefined);
	const newline = text.indexOf('\n');
	if (newline < 0) return reading.final === 'no' && text.length <= longestHeader ? { kind: 'wait' } : undefined;
	const header = headerOf(text.slice(0, newline));
	if (!header) return undefined;
	const start = newline + 1 + /^(?:[ \t\r]*\n)*/.exec(text.slice(newline + 1))![0].length;
	const rest = text.slice(start);
	if (rest.trim() === '') return reading.final === 'no' ? { kind: 'wait' } : undefined;
	const found = /^[ \t]*</.test(rest) ? bareEdits(rest, header.path, reading) : fencedBlock(rest, reading, header);
	return found?.kind === 'calls' ? { ...found, length: found.length + start } : found?.kind === 'wait' ? found : undefined;
}

/** The fenced block at the start of `text`: a call in JSON, a file, a command; undefined when it only shows something. */
function fencedBlock(text: string, reading: Reading, header: Header | undefined): Found | undefined {
	const final = reading.final !== 'no';
	const fence = openFence(text, final);
	if (fence === 'wait') return { kind: 'wait' };
	if (!fence) return undefined;
	const file = header?.sure && (!/^json/i.test(fence.info) || /json/i.test(header.path));
	const call = file ? undefined : fencedCall(text, reading);
	if (call) return call;
	const newline = text.indexOf('\n', fence.bodyAt);
	if (newline < 0 && !final) return { kind: 'wait' };
	const comment = pathInComment(text.slice(fence.bodyAt, newline < 0 ? text.length : newline));
	const target = fileOf(fence, header, comment);
	if (target && changesFiles(reading)) return fileBlock(text, fence, target, reading);
	return shells.test(fence.info) && offered('run_shell_command', reading.tools) ? commandBlock(text, fence, reading) : undefined;
}

type Target = { path: string; inComment: boolean };

/** Which file a block is a change of, if it is one. A shell block is one only under the bare path of a script. */
function fileOf(fence: Fence, header: Header | undefined, comment: string | undefined): Target | undefined {
	const inInfo = pathInInfo(fence.info);
	if (inInfo !== undefined) return { path: inInfo, inComment: false };
	if (
		header &&
		(!shells.test(fence.info) || (header.sure && /(?:\.(?:sh|bash|zsh|fish)|\/[^./]+)$/.test(header.path))) &&
		(header.sure || !outputs.test(fence.info))
	) {
		return { path: header.path, inComment: comment !== undefined && sameFile(comment, header.path) };
	}
	return comment !== undefined && !shells.test(fence.info) ? { path: comment, inComment: true } : undefined;
}

/** A comment that repeats the header is no line of the file. */
const sameFile = (comment: string, path: string): boolean => comment === path || path.endsWith(`/${comment}`);

const changesFiles = ({ tools }: Reading): boolean => offered('write_file', tools) !== undefined || offered('edit', tools) !== undefined;

function fileBlock(text: string, fence: Fence, { path, inComment }: Target, reading: Reading): Found {
	const nested = /\.(?:mdx?|markdown|rst)$/i.test(path) || /^(?:md|mdx|markdown)\b/i.test(fence.info);
	const block = fenceBody(text, fence, { nested, edits: true }, reading.final !== 'no');
	const editing = marker.search.test(text.slice(fence.bodyAt).split('\n', 1)[0]!);
	if (block === 'wait') return { kind: 'wait', tool: editing ? 'edit' : 'write_file' };
	if (!block.closed && reading.final === 'cut') return cutCall(block.length, editing ? 'edit' : 'write_file');
	if (/^(?:diff|patch)\b/i.test(fence.info) && !/\.(?:diff|patch)$/.test(path))
		return unreadable(block.length, say('dialects/unreadable#diff', { path }));
	return fileCalls(path, inComment ? block.body.slice(block.body.indexOf('\n') + 1) : block.body, block.length);
}

/** SEARCH / REPLACE markers without a fence around them. */
function bareEdits(text: string, path: string, reading: Reading): Found | undefined {
	const newline = text.indexOf('\n');
	if (newline < 0) return reading.final === 'no' && text.length <= longestHeader ? { kind: 'wait' } : undefined;
	if (newline > longestHeader || !marker.search.test(text.slice(0, newline)) || !changesFiles(reading)) return undefined;
	const end = /^[ \t]*>{5,9} ?(?:REPLACE|UPDATED)\b[^\n]*(?:\n|$)/m.exec(text);
	const whole = end && (end[0].endsWith('\n') || reading.final !== 'no');
	if (!whole) {
		if (reading.final === 'no') return { kind: 'wait', tool: 'edit' };
		return reading.final === 'cut' ? cutCall(text.length, 'edit') : unreadable(text.length, say('dialects/unreadable#markers', { path }));
	}
	const length = end.index + end[0].length;
	return fileCalls(path, text.slice(0, length), length);
}

function fileCalls(path: string, body: string, length: number): Found {
	const found = editsIn(body);
	if (found.kind === 'broken') return unreadable(length, say('dialects/unreadable#markers', { path }));
	const calls: Wanted[] =
		found.kind === 'none'
			? [{ tool: 'write_file', args: { file_path: path, content: body } }]
			: found.edits.map(edit => ({ tool: 'edit', args: { file_path: path, old_string: edit.old, new_string: edit.new } }));
	return { kind: 'calls', length, calls };
}

function commandBlock(text: string, fence: Fence, reading: Reading): Found | undefined {
	const block = fenceBody(text, fence, { nested: false, edits: false }, reading.final !== 'no');
	if (block === 'wait') return { kind: 'wait', tool: 'run_shell_command' };
	if (!block.closed && reading.final === 'cut') return cutCall(block.length, 'run_shell_command');
	const command = commandIn(block.body, screens.test(fence.info));
	return command === undefined
		? undefined
		: { kind: 'calls', length: block.length, calls: [{ tool: 'run_shell_command', args: { command } }] };
}

/** The command of a shell block: the lines after a `$ ` where there are any, else all; a screen without one is output. */
function commandIn(body: string, screen: boolean): string | undefined {
	const lines = body.replace(/\n$/, '').split('\n');
	const prompted = lines.filter(line => /^\s*\$ /.test(line));
	if (prompted.length) return prompted.map(line => line.replace(/^\s*\$ /, '')).join('\n');
	const says = lines.some(line => line.trim() && !line.trim().startsWith('#'));
	return says && !screen ? lines.join('\n') : undefined;
}
