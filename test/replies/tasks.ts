/** What models were asked whose replies are recorded beside this: about a small shop that exists only here. */

export const shop: Readonly<Record<string, string>> = {
	'src/cart.js':
		"import { taxOf } from './tax.js';\n\nexport function total(items) {\n\tlet sum = 0;\n\tfor (const item of items) {\n\t\tsum += item.price * item.count;\n\t}\n\treturn sum + taxOf(sum);\n}\n\nexport function addItem(cart, item) {\n\tcart.push(item);\n\treturn cart;\n}\n",
	'src/tax.js': 'const rate = 0.19;\n\nexport const taxOf = amount => amount * rate;\n',
	'tools/report.py':
		'import csv\nimport sys\n\n\ndef read_rows(path):\n    with open(path) as f:\n        return list(csv.reader(f))\n\n\ndef largest(rows):\n    best = rows[0]\n    for row in rows:\n        if float(row[1]) > float(best[1]):\n            best = row\n    return best\n\n\nif __name__ == "__main__":\n    print(largest(read_rows(sys.argv[1])))\n',
	'config.json': '{\n  "currency": "EUR",\n  "port": 8080,\n  "debug": false\n}\n',
	'README.md': '# shop\n\nA cart with taxes.\n\n## Start\n\n    node server.js\n',
};

/** Each wants one call of a tool, or none. */
export const toolTasks: readonly string[] = [
	'What is in config.json?',
	'Show me tools/report.py.',
	'Where is taxOf used?',
	'Find all files that mention "currency".',
	'Run the tests.',
	'List the files in src.',
	'Which Python files are there?',
	'How many lines does src/cart.js have?',
	'Show the last three commits.',
	'Run node server.js --check.',
	'What does `ls -la` say here?',
	'Create notes.txt that says hello.',
	'Write a file .editorconfig with tabs as indent style.',
	'Change the port in config.json to 9090.',
	'In src/tax.js, set the rate to 0.2.',
	'Search for TODO comments.',
	'Read the README and say what this is.',
	'Hello! Who are you?',
	'Install the package left-pad with npm.',
	'Delete the debug line from config.json.',
];

/** Each wants a change of the one file, which is shown. */
export const editTasks: readonly { path: string; ask: string }[] = [
	{ path: 'src/cart.js', ask: 'Add a function count(items) that returns how many items there are in all.' },
	{ path: 'src/cart.js', ask: 'Rename addItem to add.' },
	{ path: 'src/cart.js', ask: 'Do not count items whose price is negative.' },
	{ path: 'src/cart.js', ask: 'Add a JSDoc comment to total.' },
	{ path: 'src/cart.js', ask: 'Throw an error in addItem when item is missing.' },
	{ path: 'src/cart.js', ask: 'Use reduce in total.' },
	{ path: 'src/tax.js', ask: 'Make the rate a second parameter with 0.19 as its default.' },
	{ path: 'src/tax.js', ask: 'Export the rate.' },
	{ path: 'src/tax.js', ask: 'Add a function withoutTax that takes a gross amount.' },
	{ path: 'tools/report.py', ask: 'Skip the first row, which is a header.' },
	{ path: 'tools/report.py', ask: 'Add type hints.' },
	{ path: 'tools/report.py', ask: 'Add a function smallest.' },
	{ path: 'tools/report.py', ask: 'Return None from largest when there are no rows.' },
	{ path: 'tools/report.py', ask: 'Open the file with utf-8 encoding.' },
	{ path: 'config.json', ask: 'Add "host": "localhost".' },
	{ path: 'config.json', ask: 'Set debug to true.' },
	{ path: 'README.md', ask: 'Add a section "Test" that says: npm test' },
	{ path: 'README.md', ask: 'Translate the first sentence to German.' },
];
