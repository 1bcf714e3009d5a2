import type { Example } from '../examples.js';

/** A file of unittest for a module: `check` is Python that defines check(), `entry` what it is given. */
export function checkFile(module: string, check: string, entry: string): string {
	return `import unittest

from ${module} import *

${check.trim()}


class Test(unittest.TestCase):
    def test_${entry}(self):
        check(${entry})


if __name__ == "__main__":
    unittest.main()
`;
}

/** A file of unittest that holds a module to its examples, one test each. */
export function exampleFile(module: string, examples: readonly Example[]): string {
	const tests = examples.map(
		({ call, gives }, index) => `    def test_example_${index + 1}(self):\n        self.assertEqual(${call}, ${gives})\n`,
	);
	return `import unittest

from ${module} import *


class Test(unittest.TestCase):
${tests.join('\n')}

if __name__ == "__main__":
    unittest.main()
`;
}
