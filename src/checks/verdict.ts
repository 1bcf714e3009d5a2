import type { TestReport } from './tests.js';

/** What running the tests came to, for the person: the counts and the time, then the first failure with its place and its words. */
export function verdictOf(report: TestReport): string {
	return [headOf(report), firstOf(report)].filter(part => part !== '').join('\n');
}

/** Whether the tests passed: by how their program ended as well as by what it counted. */
export const isGreen = ({ exitCode, timedOut, failed }: TestReport): boolean => exitCode === 0 && !timedOut && (failed ?? 0) === 0;

function headOf(report: TestReport): string {
	const { ran, passed, failed, timedOut, milliseconds } = report;
	const seconds = `${(milliseconds / 1000).toFixed(1)} s`;
	if (timedOut) return `The tests were stopped after ${seconds}.`;
	if (!ran) return 'The tests did not run.';
	if (!isGreen(report))
		return failed === undefined ? `The tests fail (${seconds}).` : `${passed ?? 0} passed, ${failed} failed (${seconds}).`;
	if (passed === undefined) return `The tests pass (${seconds}).`;
	return passed === 0 ? `No test ran (${seconds}).` : `${passed} passed (${seconds}).`;
}

function firstOf({ failures: [first], firstFailure }: TestReport): string {
	if (!first) return firstFailure;
	const place = first.file === undefined ? '' : ` (${first.file}${first.line === undefined ? '' : `:${first.line}`})`;
	return [`${first.name}${place}`, first.message].filter(part => part !== '').join('\n');
}
