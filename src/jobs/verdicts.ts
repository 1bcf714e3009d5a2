import type { TestReport } from '../checks/tests.js';

/** What reports of tests come to, in words for the person. */

export const passes = ({ passed }: Pick<TestReport, 'passed'>): string =>
	passed === undefined ? 'the tests pass' : `${passed} ${passed === 1 ? 'test passes' : 'tests pass'}`;

export const failures = ({ failed, timedOut }: Pick<TestReport, 'failed' | 'timedOut'>): string =>
	timedOut ? 'the tests do not end' : failed ? `${failed} ${failed === 1 ? 'test fails' : 'tests fail'}` : 'the tests do not run';

/** "3 of 5 tests pass". */
export const counted = (report: Pick<TestReport, 'passed' | 'failed' | 'timedOut'>): string =>
	report.timedOut || report.passed === undefined || report.failed === undefined
		? failures(report)
		: `${report.passed} of ${report.passed + report.failed} tests pass`;

/** Whether every test that fails now failed before. */
export function breaksNothing({ failures: now }: Pick<TestReport, 'failures'>, before: Pick<TestReport, 'failures'>): boolean {
	const old = new Set(before.failures.map(({ name }) => name));
	return now.every(({ name }) => old.has(name));
}

/** The words as the beginning of a sentence. */
export const capital = (text: string): string => text.replace(/^./, first => first.toUpperCase());

/** "5 tests pass, 2 that failed before". */
export function verified(report: TestReport, before: TestReport): string {
	const mended = before.failed ?? 0;
	return mended > 0 && report.passed !== undefined ? `${passes(report)}, ${mended} that failed before` : passes(report);
}
