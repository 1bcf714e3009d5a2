import { blocksOf, type Failure, numberIn, type Reader } from './reading.js';

/** RSpec's reporters `progress` and `documentation`. */
export const rspec: Reader = output => {
	const summary = /^\d+ examples?, \d+ failures?.*$/m.exec(output)?.[0];
	if (summary === undefined) return undefined;
	const broken = numberIn(summary, /(\d+) errors? occurred outside/);
	const failed = numberIn(summary, /(\d+) failures?/) + broken;
	const failures = blocksOf(output, /^ {2}\d+\) (.+)$/gm, /^(?:Finished in|Failed examples:|Pending:)/m).map(({ head, body }): Failure => {
		const place = /^# \.\/(\S+?):(\d+)/m.exec(body);
		return { name: head[1]!, message: body, ...(place && { file: place[1]!, line: Number(place[2]) }) };
	});
	return { passed: numberIn(summary, /(\d+) examples?/) - failed + broken - numberIn(summary, /(\d+) pending/), failed, failures };
};
