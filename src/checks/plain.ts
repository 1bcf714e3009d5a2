import { stripVTControlCharacters } from 'node:util';

/** What a program printed, as text: no colours, no other control sequences, and of lines drawn over each other the last. */
export function plainOutput(output: string): string {
	const lines = stripVTControlCharacters(output)
		.split('\n')
		.map(line => {
			const whole = line.replace(/\r$/, '');
			return whole.slice(whole.lastIndexOf('\r') + 1);
		});
	return lines.join('\n').replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');
}
