import { type Finding, program } from '../command.js';
import type { Survey } from '../survey.js';

/** Ruby and PHP. */
export async function scripted(survey: Survey): Promise<Finding | undefined> {
	return (await ruby(survey)) ?? php(survey);
}

async function ruby(survey: Survey): Promise<Finding | undefined> {
	const bundled = survey.has('Gemfile');
	const run = (name: 'rspec' | 'rake', args: readonly string[], reason: { from: string; why: string }) =>
		program({ program: bundled ? 'bundle' : name, args: bundled ? ['exec', name, ...args] : args, runner: name, ...reason });
	const spec = survey.has('.rspec') ? '.rspec' : survey.paths.find(path => /^spec\/.*_spec\.rb$/.test(path));
	if (spec) return run('rspec', [], { from: spec, why: 'it is of RSpec' });
	const rakefile = ['Rakefile', 'rakefile', 'Rakefile.rb'].find(survey.has);
	if (rakefile && /\btask\b.*\btest\b|TestTask|\btest\b.*=>/.test((await survey.text(rakefile)) ?? '')) {
		return run('rake', ['test'], { from: rakefile, why: 'it has a task named test' });
	}
	return undefined;
}

function php(survey: Survey): Finding | undefined {
	const from = ['phpunit.xml', 'phpunit.xml.dist', 'phpunit.dist.xml'].find(survey.has);
	return from ? program({ program: 'vendor/bin/phpunit', args: [], runner: 'phpunit', from, why: 'it configures PHPUnit' }) : undefined;
}

/** A test target of a Makefile; bats files; a shell script that is called test. */
export async function general(survey: Survey): Promise<Finding | undefined> {
	return (await make(survey)) ?? bats(survey) ?? script(survey);
}

async function make(survey: Survey): Promise<Finding | undefined> {
	const from = ['GNUmakefile', 'makefile', 'Makefile'].find(survey.has);
	const text = from === undefined ? '' : ((await survey.text(from)) ?? '');
	const target = ['test', 'check', 'tests'].find(name => new RegExp(`^${name}\\s*:(?!=)`, 'm').test(text));
	return from && target
		? program({ program: 'make', args: [target], runner: 'make', from, why: `it has a target named ${target}` })
		: undefined;
}

function bats(survey: Survey): Finding | undefined {
	const files = survey.paths.filter(path => path.endsWith('.bats'));
	if (files.length === 0) return undefined;
	return program({ program: 'bats', args: ['--tap', ...files], runner: 'shell', from: files[0]!, why: 'it is a file of bats' });
}

const scripts = [
	'test.sh',
	'run_tests.sh',
	'run-tests.sh',
	'tests.sh',
	'test/run.sh',
	'tests/run.sh',
	'test/test.sh',
	'tests/test.sh',
	'scripts/test.sh',
	'bin/test.sh',
];

function script(survey: Survey): Finding | undefined {
	const from = scripts.find(survey.has);
	return from ? program({ program: 'bash', args: [from], runner: 'shell', from, why: 'it is called test' }) : undefined;
}
