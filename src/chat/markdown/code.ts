import { createRequire } from 'node:module';
import type { HLJSApi } from 'highlight.js';
import type { Style } from '../text/colour.js';
import { type Run, run } from '../text/wrap.js';

/**
 * A program text in colours, line ends kept. In an unknown language, or when very long, it stays plain. The last texts
 * are remembered, so that drawing the same block again costs nothing.
 */
export function highlight(code: string, language: string): Run[] {
	if (language === '' || code.length > longest) return [run(code)];
	const key = `${language}\n${code}`;
	const known = drawn.get(key);
	if (known) return known;
	const fresh = colours(code, language);
	if (drawn.size >= 32) drawn.delete(drawn.keys().next().value ?? '');
	drawn.set(key, fresh);
	return fresh;
}

const longest = 30_000;
const drawn = new Map<string, Run[]>();
let loaded: HLJSApi | undefined;

/** Loaded at the first block of code: its 37 languages would delay the first frame. */
function library(): HLJSApi {
	loaded ??= createRequire(import.meta.url)('highlight.js/lib/common') as HLJSApi;
	return loaded;
}

function colours(code: string, language: string): Run[] {
	const name = language.toLowerCase();
	if (!library().getLanguage(name)) return [run(code)];
	return readSpans(library().highlight(code, { language: name, ignoreIllegals: true }).value);
}

/** Reads the markup that highlight.js writes: nested spans with a class, and five entities. */
function readSpans(html: string): Run[] {
	const runs: Run[] = [];
	const styles: Style[] = [{}];
	for (const [piece, scope, entity] of html.matchAll(/<span class="([^"]*)">|<\/span>|&(amp|lt|gt|quot|#x27);|[^<&]+/g)) {
		if (scope !== undefined) styles.push({ ...styles.at(-1), ...styleOf(scope) });
		else if (piece === '</span>') styles.pop();
		else runs.push(run(entity ? entities[entity]! : piece, styles.at(-1) ?? {}));
	}
	return runs;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };

function styleOf(scope: string): Style {
	const name = /hljs-([a-z_]+)/.exec(scope)?.[1] ?? '';
	return byScope[name] ?? {};
}

/** Scopes: https://highlightjs.readthedocs.io/en/latest/css-classes-reference.html */
const byScope: Record<string, Style> = {
	keyword: { colour: 'magenta' },
	literal: { colour: 'yellow' },
	number: { colour: 'yellow' },
	string: { colour: 'green' },
	regexp: { colour: 'green' },
	comment: { dim: true },
	meta: { dim: true },
	title: { colour: 'blue' },
	section: { bold: true },
	name: { colour: 'blue' },
	type: { colour: 'cyan' },
	built_in: { colour: 'cyan' },
	attr: { colour: 'cyan' },
	addition: { colour: 'green' },
	deletion: { colour: 'red' },
	subst: {},
};
