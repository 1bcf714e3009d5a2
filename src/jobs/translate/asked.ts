import { echoed } from '../../sanitise.js';
import { Refusal } from '../../types.js';

/** What a translation was asked for with: the tag of a language as typed, files, and the file of a glossary. */
export type Asked = { to: string; files: string[]; glossary: string | undefined };

/** Reads `--to de --glossary terms.txt README.md`; a language that comes first needs no `--to`. Throws `Refusal` 42 where one is missing. */
export function askedFor(words: readonly string[]): Asked {
	const left = [...words];
	const files: string[] = [];
	const said = new Map<string, string>();
	for (let word = left.shift(); word !== undefined; word = left.shift()) {
		const [, name, attached] = /^--(to|glossary)(?:=(.*))?$/.exec(word) ?? [];
		if (name === undefined && /^--?[a-z]/i.test(word))
			throw new Refusal(`translate has --to LANG and --glossary FILE, and no ${echoed(word)}.`, 42);
		if (name === undefined) files.push(word.replace(/^@/, ''));
		else said.set(name, attached ?? left.shift() ?? '');
	}
	const to = said.get('to') ?? files.shift();
	if (!to || files.length === 0 || said.get('glossary') === '')
		throw new Refusal('translate takes a language and files: /translate --to de README.md, perhaps with --glossary terms.txt', 42);
	return { to, files, glossary: said.get('glossary') };
}
