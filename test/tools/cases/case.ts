import type { Applied } from '../../../src/tools/apply.js';

/** One line of the table: a file, an edit, and either the file afterwards and how it was fitted, or what was answered. */
export type Case = { name: string; file: string; old: string; fresh: string; all?: boolean } & (
	| { after: string; way?: string }
	| { answer: Partial<Applied> }
);

export const js = 'export function add(a, b) {\n\treturn a - b;\n}\n\nexport function twice(a) {\n\treturn add(a, a);\n}\n';
export const py =
	'class Box:\n    def size(self):\n        if self.open:\n            return 0\n        return self.width\n\n    def name(self):\n        return "box"\n';
export const jsAdded = js.replace('a - b', 'a + b');
export const long =
	'function total(items) {\n\tlet sum = 0;\n\tfor (const item of items) {\n\t\tsum += item.price * item.count;\n\t}\n\treturn sum;\n}\n';
