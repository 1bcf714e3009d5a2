import { languageOf } from './syntax/languages.js';

const tokens = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[([{]|[)\]}]|;/g;

/** The steps of a call, which are one behind the other with `;` between them: what the last gives is what the call gives. */
export function stepsOf(call: string): string[] {
	const steps: string[] = [];
	let [depth, from] = [0, 0];
	for (const { 0: token, index } of call.matchAll(tokens)) {
		if (/^[([{]$/.test(token)) depth++;
		else if (/^[)\]}]$/.test(token)) depth--;
		else if (token === ';' && depth === 0) {
			steps.push(call.slice(from, index).trim());
			from = index + 1;
		}
	}
	return [...steps, call.slice(from).trim()].filter(step => step !== '');
}

/** The same as one expression of the file's language. The steps before the last may give a value a name: `box = Box()`, `const box = new Box()`. */
export function expressionOf(call: string, path: string): string {
	const steps = stepsOf(call);
	const last = steps.at(-1);
	if (last === undefined || steps.length === 1) return call;
	if (languageOf(path) === 'python') return `(${steps.map(step => step.replace(/^(\w+) = /, '$1 := ')).join(', ')})[-1]`;
	return `(() => { ${steps.slice(0, -1).join('; ')}; return ${last}; })()`;
}

/** The same as statements of one line, of which `gives` makes the last, that gives what the call gives. */
export function statementsOf(call: string, gives: (last: string) => string): string {
	const steps = stepsOf(call);
	return [...steps.slice(0, -1), gives(steps.at(-1) ?? '')].join('; ');
}
