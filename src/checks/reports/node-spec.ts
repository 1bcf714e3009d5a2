import { blocksOf, type Failure, numberIn, outdented, type Reader } from './reading.js';

/** node --test with its reporter `spec` (Node's documentation, "Test runner", test reporters). */
export const nodeSpec: Reader = output => {
	if (!/^ℹ tests \d+$/m.test(output)) return undefined;
	const failed = numberIn(output, /^ℹ fail (\d+)$/m) + numberIn(output, /^ℹ cancelled (\d+)$/m);
	const details = output.slice(Math.max(0, output.search(/^✖ failing tests:$/m)));
	const failures = blocksOf(details, /^test at (\S+?):(\d+):\d+\n✖ (.*?)(?: \([\d.]+ms\))?$/gm).map(({ head, body }): Failure => {
		const name = head[3]!;
		const message = /^'test failed'$/.test(body.trim()) ? crash(output, name) : withoutProperties(body);
		return { name, message, file: head[1]!, line: Number(head[2]) };
	});
	return { passed: numberIn(output, /^ℹ pass (\d+)$/m), failed, failures };
};

/** The properties of an error, which node prints behind its stack, say nothing that the message does not. */
export const withoutProperties = (text: string): string => text.replace(/^([ \t]*at .*) \{\n[\s\S]*$/m, '$1').trimEnd();

/** What a file printed that could not even be loaded: it stands before the line that says so. */
function crash(output: string, name: string): string {
	const end = output.indexOf(`\n✖ ${name} (`);
	const before =
		output
			.slice(0, Math.max(0, end))
			.split(/^(?:[ \t]*[✔✖﹣▶ℹ]).*$/m)
			.at(-1) ?? '';
	return withoutProperties(outdented(before.replace(/^Node\.js v.*$/m, '')));
}
