/**
 * Runs calls, one after the other, against what one file defines, exported or not, and tells what each gave, as
 * `node --input-type=module -e THIS FILE CALLS MARK`. CALLS is a list of texts as JSON, and so is what stands behind MARK on the
 * last line that begins with it. An error is told by its kind.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

const [path, calls, mark] = process.argv.slice(1);
const longest = 2000;
const text = readFileSync(path, 'utf8');

// The calls stand behind the file's own text, where all of its names are known.
const kind = /^\s*(?:import|export)\b/m.test(text) ? 'm' : 'c';
const beside = `${path}.called.${kind}${extname(path).includes('t') ? 'ts' : 'js'}`;
const parses = call => {
	try {
		return Boolean(new Function(`return (${call});`));
	} catch {
		return false;
	}
};
const made = JSON.parse(calls).map(call => (parses(call) ? `() => (${call})` : '() => { throw new SyntaxError(); }'));
writeFileSync(beside, `${text}\n;globalThis[Symbol.for('calls')] = [${made.join(',\n')}];\n`);
try {
	await import(pathToFileURL(beside));
} finally {
	rmSync(beside);
}

const results = [];
for (const call of globalThis[Symbol.for('calls')]) {
	try {
		results.push(
			inspect(await call(), { depth: 8, sorted: true, compact: true, breakLength: Infinity, maxArrayLength: 1000 }).slice(0, longest),
		);
	} catch (error) {
		results.push(`! ${error?.name ?? typeof error}`);
	}
}
console.log(`\n${mark}${JSON.stringify(results)}`);
