import { toLine } from '../agent/records.js';
import type { AgentEvent, Remark } from '../types.js';
import type { Face, Opened } from './face.js';

/** One SARIF 2.1.0 log (OASIS, "Static Analysis Results Interchange Format") at the end, on one line: what a review remarked. */
export function sarifFace(): Face {
	const remarks: Remark[] = [];
	let opened: Opened | undefined;
	return {
		begin(now) {
			opened = now;
			return '';
		},
		see(event: AgentEvent) {
			if (event.type === 'remark') remarks.push(event);
			return '';
		},
		end(finish) {
			const failed = finish.subtype !== 'success';
			const failure = [{ level: 'error', message: { text: finish.sentence } }];
			return toLine({
				$schema: 'https://json.schemastore.org/sarif-2.1.0.json',
				version: '2.1.0',
				runs: [
					{
						tool: { driver: { name: 'qwill', ...(opened && { version: opened.version }), rules: rulesOf(remarks) } },
						columnKind: 'utf16CodeUnits',
						invocations: [{ executionSuccessful: !failed, ...(failed && { toolExecutionNotifications: failure }) }],
						results: remarks.map(resultOf),
					},
				],
			});
		},
	};
}

const levels = { verified: 'error', opinion: 'note' } as const;

function rulesOf(remarks: readonly Remark[]): object[] {
	const levelOf = new Map(remarks.map(({ rule, certainty }) => [rule, levels[certainty]]));
	return [...levelOf].map(([id, level]) => ({
		id,
		shortDescription: { text: id.replaceAll('-', ' ') },
		defaultConfiguration: { level },
	}));
}

function resultOf({ path, line, rule, certainty, text }: Remark, _index: number, all: readonly Remark[]): object {
	const uri = path.split('/').map(encodeURIComponent).join('/');
	return {
		ruleId: rule,
		ruleIndex: [...new Set(all.map(one => one.rule))].indexOf(rule),
		level: levels[certainty],
		message: { text: certainty === 'opinion' ? `Opinion of a model: ${text}` : text },
		locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: line } } }],
	};
}
