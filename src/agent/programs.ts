import { typesOfCode } from './code-types.js';

/**
 * A program that only reads, and the options with which it still does. Options by exact name only: GNU programs take any
 * unambiguous beginning of a long one, and several have an option that writes a file or starts a program.
 */
export type Program = {
	/** Letters that take no value; they may stand together. */
	letters?: string;
	/** Letters that take a value, in the same word or the next. */
	valued?: Record<string, RegExp>;
	long?: readonly string[];
	longValued?: Record<string, RegExp>;
	/** `-20` and, for tail, `+20`. */
	count?: RegExp;
	/** What the other words are: paths, or words that match; `pattern` first unless one of these options gave it. */
	operands: 'paths' | RegExp | { pattern: readonly string[]; thenPaths: true };
	/** Operands at the most. */
	most?: number;
	/** Options with which it reads all of a folder, hidden files too. */
	recursive?: readonly string[];
};

const words = (text: string): readonly string[] => text.split(' ');
const any = /^[\s\S]*$/;
const number = /^\d+$/;
const size = /^[-+]?\d+[bkKMGT]?B?$/;
const lines = /^[-+]?\d+$/;
const fields = /^[\d.,bdfgiMhnRrV-]+$/;
const color = /^(?:auto|always|never)$/;
/** Which files are searched: names left out, or an extension of source code. A wider pattern finds hidden files too. */
const fileGlob = new RegExp(`^(?:![\\s\\S]+|(?:[\\w./-]*/|\\*\\*/)?\\*\\.(?:${typesOfCode}|\\{(?:(?:${typesOfCode}),?)+\\}))$`);

export const programs: Record<string, Program> = {
	cat: {
		letters: 'AbeEnstTuv',
		long: words('number number-nonblank squeeze-blank show-all show-ends show-tabs show-nonprinting'),
		operands: 'paths',
	},
	cut: {
		letters: 'ns',
		valued: { b: fields, c: fields, d: any, f: fields },
		long: words('complement only-delimited'),
		longValued: { bytes: fields, characters: fields, delimiter: any, fields, 'output-delimiter': any },
		operands: 'paths',
	},
	echo: { letters: 'n', operands: any },
	false: { operands: any },
	grep: {
		letters: 'EFGPivwxclLnHhoqsabIyTr',
		valued: { A: number, B: number, C: number, m: number, e: any },
		count: /^-\d+$/,
		long: words(
			'extended-regexp fixed-strings basic-regexp perl-regexp ignore-case no-ignore-case invert-match word-regexp ' +
				'line-regexp count files-with-matches files-without-match line-number with-filename no-filename only-matching ' +
				'quiet silent no-messages byte-offset text recursive color colour',
		),
		longValued: {
			include: any,
			exclude: any,
			'exclude-dir': any,
			'max-count': number,
			'after-context': number,
			'before-context': number,
			context: number,
			color,
			colour: color,
			regexp: any,
		},
		operands: { pattern: ['e', 'regexp'], thenPaths: true },
		recursive: ['r', 'recursive'],
	},
	head: {
		letters: 'qvz',
		valued: { n: size, c: size },
		count: /^-\d+$/,
		long: words('quiet silent verbose'),
		longValued: { lines: size, bytes: size },
		operands: 'paths',
	},
	id: { letters: 'ugGnr', long: words('user group groups name real'), operands: /^[\w.-]+$/ },
	ls: {
		letters: 'aAbBcCdfFgGhiklmnNopqQrRsStuUvxXZ1',
		valued: { I: any, w: number },
		long: words(
			'all almost-all human-readable recursive reverse directory classify size inode numeric-uid-gid no-group group- ' +
				'directories-first full-time color',
		),
		longValued: {
			color,
			sort: /^\w+$/,
			time: /^\w+$/,
			ignore: any,
			hide: any,
			format: /^\w+$/,
			'block-size': size,
			'time-style': /^[\w-]+$/,
		},
		operands: 'paths',
	},
	nl: {
		letters: 'p',
		valued: { b: /^[atn]$/, h: /^[atn]$/, f: /^[atn]$/, n: /^(?:ln|rn|rz)$/, i: number, l: number, s: any, v: number, w: number },
		operands: 'paths',
	},
	pwd: { letters: 'LP', operands: any, most: 0 },
	rg: {
		letters: 'iSsvwxcnNlHIoFPpqUab0',
		valued: {
			A: number,
			B: number,
			C: number,
			e: any,
			g: fileGlob,
			t: /^\w+$/,
			T: /^\w+$/,
			m: number,
			M: number,
			d: number,
			j: number,
			r: any,
		},
		long: words(
			'files files-with-matches files-without-match count count-matches ignore-case smart-case case-sensitive line- ' +
				'number no-line-number fixed-strings word-regexp line-regexp invert-match only-matching heading no-heading ' +
				'with-filename no-filename multiline pcre2 trim stats json vimgrep column quiet null no-messages type-list ' +
				'pretty',
		),
		longValued: {
			glob: fileGlob,
			type: /^\w+$/,
			'type-not': /^\w+$/,
			'max-count': number,
			'after-context': number,
			'before-context': number,
			context: number,
			'max-depth': number,
			'max-columns': number,
			color,
			replace: any,
			regexp: any,
			sort: /^\w+$/,
		},
		operands: { pattern: ['e', 'regexp', 'files', 'type-list'], thenPaths: true },
	},
	seq: { operands: /^\d{1,9}$/, most: 3 },
	sort: {
		letters: 'bdfghiMnrsuVzcR',
		valued: { k: fields, t: /^(?:.|\\0)$/ },
		long: words(
			'numeric-sort reverse unique ignore-case human-numeric-sort version-sort stable ignore-leading-blanks ' +
				'dictionary-order general-numeric-sort month-sort check',
		),
		longValued: { key: fields, 'field-separator': any },
		operands: 'paths',
	},
	stat: {
		letters: 'ft',
		valued: { c: any },
		long: words('file-system terse'),
		longValued: { format: any, printf: any },
		operands: 'paths',
	},
	tail: {
		letters: 'qvz',
		valued: { n: lines, c: size },
		count: /^[-+]\d+$/,
		long: words('quiet silent verbose'),
		longValued: { lines, bytes: size },
		operands: 'paths',
	},
	tr: { letters: 'cCdst', long: words('complement delete squeeze-repeats truncate-set1'), operands: any },
	true: { operands: any },
	uname: {
		letters: 'asnrvmpio',
		long: words('all kernel-name nodename kernel-release kernel-version machine operating-system'),
		operands: any,
		most: 0,
	},
	uniq: {
		letters: 'cdDiuz',
		valued: { f: number, s: number, w: number },
		long: words('count repeated ignore-case unique'),
		operands: 'paths',
		most: 1,
	},
	wc: { letters: 'clmLw', long: words('bytes chars lines words max-line-length'), operands: 'paths' },
	which: { letters: 'a', operands: /^[\w.+-]+$/ },
	whoami: { operands: any, most: 0 },
};

/** What `find` may be told: words alone, and words with one more. None of them runs, deletes or writes. */
export const findWords = {
	alone: new Set(
		words(
			'! ( ) -a -and -o -or -not -print -print0 -prune -empty -depth -daystart -readable -writable -executable -true ' +
				'-false -mount -xdev -ls',
		),
	),
	valued: new Set(
		words(
			'-name -iname -path -ipath -wholename -regex -iregex -regextype -type -maxdepth -mindepth -size -mtime -mmin ' +
				'-ctime -cmin -atime -amin -perm -user -group -links',
		),
	),
};
