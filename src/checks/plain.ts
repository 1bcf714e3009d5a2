import stripAnsi from 'strip-ansi';

/** What a program printed, as text: no colours, no other control sequences, and of lines drawn over each other the last. */
export function plainOutput(output: string): string {
	return stripAnsi(output)
		.replaceAll('\r\n', '\n')
		.replace(/[^\n]*\r(?=[^\n])/g, '')
		.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');
}
