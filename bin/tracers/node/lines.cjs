/** From V8's counted ranges of a script to lines of the files it was made from. */
const { existsSync, readFileSync } = require('node:fs');
const { dirname, resolve } = require('node:path');
const { fileURLToPath } = require('node:url');

/** The file of a script's address; undefined for those of Node itself and for what was evaluated. */
function pathOf(url) {
	const plain = url.replace(/[?#].*$/s, '');
	if (plain.startsWith('file://')) return fileURLToPath(plain);
	return plain.startsWith('/') ? plain : undefined;
}

/** Places in a script's text, in their order: `{ at, file, line }`. A line is told by the words in it, comments by none. */
function pointsOf(script, path, sourceOf) {
	const file = existsSync(path) ? readFileSync(path, 'utf8').replace(/^\uFEFF/, '') : '';
	const length = Math.max(...script.functions.flatMap(({ ranges }) => ranges.map(({ endOffset }) => endOffset)));
	const source = length === file.length ? file : (sourceOf(script.scriptId) ?? file);
	return mapped(source, path) ?? (file !== '' && source.includes(file) ? words(file, path, source.indexOf(file)) : words(source, path));
}

/** `from` is where the text begins in what was compiled: some wrap it. */
function words(source, file, from = 0) {
	const bare = source.replace(/^#!.*/, blank).replace(/^([ \t]*)(\/\/.*|\/\*[\s\S]*?\*\/)/gm, blank);
	const points = [];
	let at = from;
	for (const [index, text] of bare.split('\n').entries()) {
		for (const word of text.matchAll(/[\w$]+/g)) points.push({ at: at + word.index, file, line: index + 1 });
		at += text.length + 1;
	}
	return points;
}

const blank = text => text.replace(/[^\n]/g, ' ');

/** By the source map that the text names, in itself or in a file beside it. */
function mapped(source, path) {
	const named = [...source.matchAll(/^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm)].at(-1)?.[1];
	if (named === undefined) return undefined;
	const data = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(named);
	const beside = resolve(dirname(path), named);
	if (!data && !existsSync(beside)) return undefined;
	try {
		const text = !data ? readFileSync(beside, 'utf8') : data[1] ? Buffer.from(data[2], 'base64').toString() : decodeURIComponent(data[2]);
		return segments(JSON.parse(text), source, data ? path : beside);
	} catch {
		return undefined;
	}
}

function segments({ mappings, sources, sourceRoot = '' }, source, path) {
	const files = sources.map(name => pathOf(name) ?? resolve(dirname(path), sourceRoot, name ?? ''));
	const starts = [0];
	for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
	const points = [];
	let [file, line] = [0, 0];
	for (const [row, text] of mappings.split(';').entries()) {
		let column = 0;
		for (const segment of text.split(',')) {
			const [across, toFile, toLine] = numbers(segment);
			if (across === undefined) continue;
			column += across;
			if (toFile === undefined) continue;
			file += toFile;
			line += toLine;
			const at = (starts[row] ?? source.length) + column;
			if (/[\w$]/.test(source[at] ?? '')) points.push({ at, file: files[file], line: line + 1 });
		}
	}
	return points;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 VLQ, as source maps have it (ECMA-426). */
function numbers(text) {
	const found = [];
	let [value, shift] = [0, 0];
	for (const letter of text) {
		const digit = digits.indexOf(letter);
		value += (digit & 31) << shift;
		shift += 5;
		if (digit & 32) continue;
		found.push(value & 1 ? -(value >> 1) : value >> 1);
		[value, shift] = [0, 0];
	}
	return found;
}

/**
 * The lines, by file, that have run since the counts were taken last. V8 then leaves functions out that have not run, so those it once
 * told of are kept in `known`: a place belongs to the innermost range around it.
 */
function linesOf({ functions }, known) {
	for (const { ranges } of functions) known.functions.set(`${ranges[0].startOffset}-${ranges[0].endOffset}`, { ...ranges[0], count: 0 });
	const counted = functions.flatMap(({ ranges }) => ranges);
	const ran = new Set(functions.map(({ ranges }) => `${ranges[0].startOffset}-${ranges[0].endOffset}`));
	const idle = [...known.functions].filter(([key]) => !ran.has(key)).map(([, range]) => range);
	const ranges = [...counted, ...idle].sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
	const around = [];
	const lines = new Map();
	let next = 0;
	for (const { at, file, line } of known.points) {
		while (next < ranges.length && ranges[next].startOffset <= at) around.push(ranges[next++]);
		while (around.length > 0 && around.at(-1).endOffset <= at) around.pop();
		if (!((around.at(-1)?.count ?? 0) > 0)) continue;
		if (!lines.has(file)) lines.set(file, new Set());
		lines.get(file).add(line);
	}
	return lines;
}

module.exports = { pathOf, pointsOf, linesOf };
