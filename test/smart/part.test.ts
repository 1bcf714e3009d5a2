import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { places } from '../../src/places.js';

const qwill = join(import.meta.dirname, '..', '..', 'bin', 'qwill.js');
const model = 'qwen2.5-coder-0.5b';
const installed = existsSync(join(places.models(), `${model}-instruct-q4_k_m.gguf`));

const report = (n: number) => `def report_${n}(items):
    """Line ${n} of the report."""
    lines = []
    for name, price in items:
        lines.append(f"{name}: {price + ${n}}")
    return "\\n".join(lines)
`;
const total = `def total_value(items):
    """The value of all items."""
    return sum(price for _, price in items)
`;
const text = [...Array(9).keys()]
	.map(report)
	.concat(
		total,
		[...Array(9).keys()].map(n => report(n + 9)),
	)
	.join('\n\n');
const tests = `import unittest
from inventory import total_value


class Total(unittest.TestCase):
    def test_all(self):
        self.assertEqual(total_value([("a", 1), ("b", 2)]), 3)

    def test_least(self):
        self.assertEqual(total_value([("a", 1), ("b", 20)], 10), 20)
        self.assertEqual(total_value([("a", 10), ("b", 2)], 10), 10)
`;

test('one function of a long file is changed until the tests pass, and all else stays to the byte', { skip: !installed }, () => {
	const folder = mkdtempSync(join(tmpdir(), 'qwill-part-'));
	writeFileSync(join(folder, 'inventory.py'), text);
	writeFileSync(join(folder, 'test_inventory.py'), tests);
	const env = { ...process.env, XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'qwill-part-state-')) };
	const wish = 'In @inventory.py, give total_value a second parameter `least=0`: only prices of at least that count.';
	const args = [qwill, '-p', wish, '-m', model, '--seed', '1', '--approval-mode', 'yolo', '--max-wall-time', '120'];
	const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8', input: '' });
	assert.equal(status, 0, `${stdout}\n${stderr}`);
	const after = readFileSync(join(folder, 'inventory.py'), 'utf8');
	const [head, tail] = text.split(total);
	assert.ok(after.startsWith(head!) && after.endsWith(tail!), after);
	assert.match(after, /def total_value\(items, least/);
});
