import { Text } from 'ink';
import { type Line, painted } from './text/wrap.js';

/** Lines that have been broken, coloured and made safe already. */
export function Lines({ lines }: { lines: readonly Line[] }) {
	return lines.length > 0 ? <Text>{lines.map(line => painted(line) || ' ').join('\n')}</Text> : null;
}
