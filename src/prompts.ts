import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'prompts');
const pages = new Map<string, Map<string, string>>();

/**
 * The words the model is told, from `prompts/`. `say('tools/edit')` is a page up to its first `## ` heading,
 * `say('tools/edit#not-found', { path })` one section of it. `{name}` is replaced by its value; HTML comments, which are
 * for the authors, are dropped. A page, a section or a value that is missing is a bug and throws.
 */
export function say(where: string, values: Record<string, string | number> = {}): string {
	const [name, section = ''] = where.split('#') as [string, string?];
	const text = page(name).get(section);
	if (text === undefined) throw new Error(`prompts/${name}.md has no section "${section}"`);
	return text.replace(/\{([a-z][A-Za-z]*)\}/g, (_all, key: string) => {
		const value = values[key];
		if (value === undefined) throw new Error(`prompts/${where} needs a value for {${key}}`);
		return String(value);
	});
}

function page(name: string): Map<string, string> {
	const known = pages.get(name);
	if (known) return known;
	const source = readFileSync(join(folder, `${name}.md`), 'utf8').replace(/<!--[\s\S]*?-->\n?/g, '');
	const sections = new Map<string, string>();
	for (const part of `## \n${source}`.split(/^## /m).slice(1)) {
		const end = part.indexOf('\n');
		sections.set(part.slice(0, end).trim(), part.slice(end + 1).trim());
	}
	pages.set(name, sections);
	return sections;
}
