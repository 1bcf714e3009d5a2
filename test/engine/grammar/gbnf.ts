/** Reads GBNF as llama.cpp does, as far as our grammars go, to match texts with it and to make texts of it. */
type Node =
	| { kind: 'chars'; not: boolean; ranges: [number, number][] }
	| { kind: 'text'; text: string }
	| { kind: 'rule'; name: string }
	| { kind: 'sequence'; nodes: Node[] }
	| { kind: 'choice'; nodes: Node[] }
	| { kind: 'repeat'; node: Node; min: number; max: number };

export type Grammar = {
	matches(text: string): boolean;
	/** A text of the grammar. `pick(n)` gives a number below n; repetitions go on for `more` times at the most, beyond what they must. */
	text(pick: (count: number) => number, more: number): string;
};

/** Throws when the grammar is none, names a rule that is not there, or could go round for ever without a character. */
export function readGbnf(source: string): Grammar {
	const rules = new Map<string, Node>();
	for (const line of source.split('\n').filter(Boolean)) {
		const [, name, body] = /^([A-Za-z0-9-]+) ::= (.*)$/.exec(line) ?? [];
		if (name === undefined || body === undefined || rules.has(name)) throw new Error(`no rule, or one twice: ${line}`);
		rules.set(name, parse(body));
	}
	const rule = (name: string): Node => {
		const node = rules.get(name);
		if (!node) throw new Error(`no rule ${name}`);
		return node;
	};
	for (const node of rules.values()) check(node, rule);
	return {
		matches: text => matcher([...text], rule)(rule('root'), 0).has([...text].length),
		text: (pick, more) => make(rule('root'), { rule, pick, more }),
	};
}

function check(node: Node, rule: (name: string) => Node): void {
	if (node.kind === 'rule') rule(node.name);
	if (node.kind === 'sequence' || node.kind === 'choice') for (const each of node.nodes) check(each, rule);
	if (node.kind === 'repeat') {
		check(node.node, rule);
		if (node.max > 1 && empty(node.node, rule)) throw new Error('a repetition of nothing');
		if (node.min > 2000 || (Number.isFinite(node.max) && node.max > 2000)) throw new Error('llama.cpp cannot count so far');
	}
}

function empty(node: Node, rule: (name: string) => Node): boolean {
	switch (node.kind) {
		case 'chars':
			return false;
		case 'text':
			return node.text === '';
		case 'rule':
			return empty(rule(node.name), rule);
		case 'sequence':
			return node.nodes.every(each => empty(each, rule));
		case 'choice':
			return node.nodes.some(each => empty(each, rule));
		case 'repeat':
			return node.min === 0 || empty(node.node, rule);
		default:
			throw node satisfies never;
	}
}

/** All places where the node may end that begins at a place. */
function matcher(text: string[], rule: (name: string) => Node) {
	const known = new Map<string, Set<number>>();
	const ends = (node: Node, at: number): Set<number> => {
		switch (node.kind) {
			case 'chars': {
				const code = text[at]?.codePointAt(0);
				return new Set(code !== undefined && inRanges(node, code) ? [at + 1] : []);
			}
			case 'text': {
				const length = [...node.text].length;
				return new Set(text.slice(at, at + length).join('') === node.text ? [at + length] : []);
			}
			case 'rule': {
				const key = `${node.name} ${at}`;
				const found = known.get(key) ?? ends(rule(node.name), at);
				known.set(key, found);
				return found;
			}
			case 'sequence':
				return node.nodes.reduce((places, each) => new Set(Array.from(places, place => [...ends(each, place)]).flat()), new Set([at]));
			case 'choice':
				return new Set(node.nodes.flatMap(each => [...ends(each, at)]));
			case 'repeat': {
				const all = new Set(node.min === 0 ? [at] : []);
				let places = new Set([at]);
				for (let count = 1; count <= node.max && places.size > 0; count++) {
					places = new Set([...places].flatMap(place => [...ends(node.node, place)]));
					if (count >= node.min) for (const place of places) all.add(place);
				}
				return all;
			}
			default:
				throw node satisfies never;
		}
	};
	return ends;
}

const inRanges = ({ not, ranges }: { not: boolean; ranges: [number, number][] }, code: number): boolean =>
	ranges.some(([from, to]) => from <= code && code <= to) !== not;

type Making = { rule: (name: string) => Node; pick: (count: number) => number; more: number };

function make(node: Node, making: Making): string {
	switch (node.kind) {
		case 'chars': {
			if (!node.not) {
				const [from, to] = node.ranges[making.pick(node.ranges.length)]!;
				return String.fromCodePoint(from + making.pick(Math.min(to - from + 1, 1000)));
			}
			const others = [...'abcXYZ 019_-.,:/{}[]é漢🦄'].filter(char => inRanges(node, char.codePointAt(0)!));
			return others[making.pick(others.length)]!;
		}
		case 'text':
			return node.text;
		case 'rule':
			return make(making.rule(node.name), making);
		case 'sequence':
			return node.nodes.map(each => make(each, making)).join('');
		case 'choice':
			return make(node.nodes[making.pick(node.nodes.length)]!, making);
		case 'repeat': {
			const most = Math.min(node.max, node.min + making.more);
			const count = node.min + making.pick(most - node.min + 1);
			return Array.from({ length: count }, () => make(node.node, making)).join('');
		}
		default:
			throw node satisfies never;
	}
}

function parse(body: string): Node {
	let rest = body;
	const take = (pattern: RegExp): RegExpExecArray | undefined => {
		const found = pattern.exec(rest) ?? undefined;
		rest = rest.slice(found?.[0].length ?? 0);
		return found;
	};
	const choice = (): Node => {
		const nodes = [sequence()];
		while (take(/^ *\| */)) nodes.push(sequence());
		return nodes.length === 1 ? nodes[0]! : { kind: 'choice', nodes };
	};
	const sequence = (): Node => {
		const nodes: Node[] = [];
		while (!/^ *($|[|)])/.test(rest)) nodes.push(repeated());
		if (nodes.length === 0) throw new Error(`an empty alternative in ${body}`);
		return nodes.length === 1 ? nodes[0]! : { kind: 'sequence', nodes };
	};
	const repeated = (): Node => {
		const node = single();
		const [, sign, min, comma, max] = take(/^(?:([*+?])|\{(\d+)(,?)(\d*)\})/) ?? [];
		if (sign !== undefined) return { kind: 'repeat', node, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
		if (min === undefined) return node;
		return { kind: 'repeat', node, min: Number(min), max: max ? Number(max) : comma ? Number.POSITIVE_INFINITY : Number(min) };
	};
	const single = (): Node => {
		take(/^ +/);
		const text = take(/^"((?:[^"\\]|\\.)*)"/);
		if (text) return { kind: 'text', text: unescaped(text[1]!).join('') };
		const name = take(/^[A-Za-z0-9-]+/);
		if (name) return { kind: 'rule', name: name[0] };
		const set = take(/^\[(\^?)((?:[^\]\\]|\\.)*)\]/);
		if (set) return { kind: 'chars', not: set[1] === '^', ranges: rangesOf(set[2]!) };
		if (!take(/^\(/)) throw new Error(`not understood: ${rest} in ${body}`);
		const inside = choice();
		if (!take(/^ *\)/)) throw new Error(`no end of a group in ${body}`);
		return inside;
	};
	const whole = choice();
	if (rest.trim() !== '') throw new Error(`not understood: ${rest}`);
	return whole;
}

/** The characters of a literal or a class; those that were escaped are no signs. */
function unescaped(text: string): string[] {
	return [...text.matchAll(/\\x([0-9A-F]{2})|\\u([0-9A-F]{4})|\\U([0-9A-F]{8})|\\(.)|([^\\])/gu)].map(
		([, two, four, eight, sign, plain]) => {
			const code = two ?? four ?? eight;
			if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
			if (sign !== undefined && !'"\\[]-'.includes(sign)) throw new Error(`unknown escape \\${sign}`);
			return sign ?? plain!;
		},
	);
}

function rangesOf(set: string): [number, number][] {
	const parts = [...set.matchAll(/((?:\\x..|\\u.{4}|\\U.{8}|\\.|[^\\]))(?:-((?:\\x..|\\u.{4}|\\U.{8}|\\.|[^\\])))?/gu)];
	return parts.map(([, from, to]) => {
		const code = (char: string) => unescaped(char)[0]!.codePointAt(0)!;
		return [code(from!), code(to ?? from!)];
	});
}
