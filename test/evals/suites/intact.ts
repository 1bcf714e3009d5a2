import type { Verdict } from '../judge.js';

/** What of a file has to be the same in every language, found without the program's own readers. */

/** `frame` is the file without its texts: keys, code, headings, order. `texts` are for people, by what they are known by. */
type Read = { frame: string; texts: ReadonlyMap<string, string> };

const tokens = /`[^`\n]+`|\]\([^)\s]*[^)]*\)|https?:\/\/[^\s)>\]]+|<\/?[a-zA-Z][^<>]*>|\{\{?[^{}\s]*\}?\}|%\(\w+\)[sd]|%[sd]|\d+/g;

/** What in a text stays, sorted: other languages have another order. */
const staying = (text: string): string => (text.match(tokens) ?? []).toSorted().join(' ');

/** Whether every tag that closes has its own opened in front of it: pairs are taken out from the inside. */
function isNested(text: string): boolean {
	const less = text.replace(/<(\w+)[^<>]*>([^<>]*)<\/\1>/g, '$2');
	return less === text ? !text.includes('</') : isNested(less);
}

/** What is lost, made up or moved in `after`, a translation of `before`; undefined where nothing is. */
export function broken(path: string, before: string, after: string): string | undefined {
	const [old, now] = [readOf(path, before), readOf(path, after)];
	if (!now) return 'it cannot be read any more';
	if (!old || old.frame !== now.frame) return 'its keys, code or order are not the same';
	for (const [key, text] of old.texts) {
		const said = now.texts.get(key);
		if (said === undefined) return `${key} is gone`;
		if (said !== '' && staying(said) !== staying(text)) return `${key}: "${staying(text)}" became "${staying(said)}"`;
		if (isNested(text) && !isNested(said)) return `${key}: a tag is closed before it is opened`;
	}
	return now.texts.size === old.texts.size ? undefined : 'a text was made up';
}

/** The texts with words in them of which something else was made, of how many. */
export function translatedIn(path: string, before: string, after: string): { said: string[]; all: number } {
	const [old, now] = [readOf(path, before), readOf(path, after)];
	const all = [...(old?.texts ?? [])].filter(([, text]) => /[A-Za-z]{3}/.test(text.replace(tokens, '')));
	const said = all.flatMap(([key, text]) => [now?.texts.get(key) ?? ''].filter(one => one !== '' && one !== text));
	return { said, all: all.length };
}

function readOf(path: string, text: string): Read | undefined {
	if (path.endsWith('.json')) return jsonOf(text);
	if (path.endsWith('.po')) return poOf(text);
	return path.endsWith('.properties') ? propertiesOf(text) : markdownOf(text);
}

function jsonOf(text: string): Read | undefined {
	const texts = new Map<string, string>();
	const walk = (value: unknown, at: string): unknown => {
		if (typeof value === 'string') return texts.set(at, value) && 'text';
		if (Array.isArray(value)) return value.map((one, index) => walk(one, `${at}[${index}]`));
		if (typeof value !== 'object' || value === null) return value;
		return Object.entries(value).map(([key, one]) => [key, walk(one, `${at}.${key}`)]);
	};
	try {
		return { frame: JSON.stringify(walk(JSON.parse(text), '')), texts };
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}

/** The texts are what is said, which is nothing at first: then it is what is to be said. */
function poOf(text: string): Read {
	const texts = new Map<string, string>();
	const frame = text.replace(/^(msgid "(.+)"\nmsgstr )"(.*)"$/gm, (_all, begun: string, id: string, said: string) => {
		texts.set(id, said === '' ? id : said);
		return begun;
	});
	return { frame, texts };
}

function propertiesOf(text: string): Read {
	const texts = new Map<string, string>();
	const frame = text.replace(/^([\w.]+) = (.*)$/gm, (_all, key: string, said: string) => {
		texts.set(key, said);
		return key;
	});
	return { frame, texts };
}

/** Blocks between empty lines; of their text the marks at the beginning of its lines are the frame. */
function markdownOf(text: string): Read {
	const texts = new Map<string, string>();
	const fences: string[] = [];
	const bare = text.replace(/^[ \t]*(```|~~~)[\s\S]*?^[ \t]*\1[ \t]*$/gm, fence => `\u0000${fences.push(fence)}`);
	const frame = bare
		.trim()
		.split(/\n(?:[ \t]*\n)+/)
		.map((block, index) => {
			if (block.startsWith('\u0000')) return fences[Number(block.slice(1)) - 1];
			const marks = [...block.matchAll(/^[ \t]*(?:#{1,6} |[-*+] |\d+[.)] |> ?|\|)/gm)].map(([mark]) => mark);
			texts.set(`block ${index + 1}`, block.replace(/^[ \t]*(?:#{1,6} |[-*+] |> ?)/gm, ''));
			return `${marks.join('')} ${block.split('|').length}`;
		});
	return { frame: frame.join('\n'), texts };
}

const scripts: Readonly<Record<string, RegExp>> = {
	ru: /\p{Script=Cyrillic}/u,
	ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
	zh: /\p{Script=Han}/u,
};
/** Words that are in every text of a language, and hardly in another. */
const usual: Readonly<Record<string, RegExp>> = {
	de: /(?<!\p{L})(?:der|die|das|und|ist|ein|eine|nicht|mit|zu|sie|von|wenn|oder|auf|den)(?!\p{L})/giu,
	fr: /(?<!\p{L})(?:le|les|et|est|une|des|du|vous|dans|pour|avec|ne|pas|sont|qui|votre)(?!\p{L})/giu,
	es: /(?<!\p{L})(?:el|los|las|y|es|una|del|para|con|no|por|como|su|cada|si)(?!\p{L})/giu,
	en: /(?<!\p{L})(?:the|and|is|of|to|are|with|for|you|that|it|be|your|this|each)(?!\p{L})/giu,
};

/** Of texts that were translated, those that are in this language as far as their letters and most usual words tell. */
export function inLanguage(tag: string, said: readonly string[]): string[] {
	const script = scripts[tag];
	if (script) return said.filter(text => script.test(text));
	const hits = (text: string, other: string) => text.match(usual[other]!)?.length ?? 0;
	return said.filter(text => Object.keys(usual).every(other => other === tag || hits(text, other) <= hits(text, tag)));
}

/** Right: nothing broken, and at least half of the texts in that language. */
export function verdictOf(tag: string, { path, before }: { path: string; before: string }, after: string | undefined): Verdict {
	if (after === undefined) return { right: false, why: 'nothing was written' };
	const why = broken(path, before, after);
	const { said, all } = translatedIn(path, before, after);
	const right = inLanguage(tag, said).length;
	const shares = { translated: [said.length, all], 'in the language': [right, said.length] } as const;
	if (why !== undefined) return { right: false, broken: true, why, shares };
	return { right: right * 2 >= all, why: `${said.length} of ${all} texts are translated, ${right} into ${tag}`, shares };
}
