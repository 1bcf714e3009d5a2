import { type Finding, program } from '../command.js';
import type { Survey } from '../survey.js';

/** Cargo, Go, Maven, Gradle, .NET, Mix and CMake: told by the file that each of them needs anyway. */
export async function compiled(survey: Survey): Promise<Finding | undefined> {
	if (survey.has('Cargo.toml'))
		return program({
			program: 'cargo',
			args: ['test', '--no-fail-fast'],
			runner: 'cargo',
			from: 'Cargo.toml',
			why: 'it is a Rust package',
		});
	const go = survey.has('go.mod') || survey.has('go.work');
	if (go && survey.paths.some(path => path.endsWith('_test.go'))) {
		return program({
			program: 'go',
			args: ['test', '-v', './...'],
			runner: 'go',
			from: survey.has('go.mod') ? 'go.mod' : 'go.work',
			why: 'it is a Go module with test files',
		});
	}
	return maven(survey) ?? gradle(survey) ?? dotnet(survey) ?? (await mix(survey)) ?? (await cmake(survey));
}

function maven(survey: Survey): Finding | undefined {
	if (!survey.has('pom.xml')) return undefined;
	return program({
		program: survey.has('mvnw') ? './mvnw' : 'mvn',
		args: ['-B', 'test'],
		runner: 'maven',
		from: 'pom.xml',
		why: 'it is a Maven project',
	});
}

function gradle(survey: Survey): Finding | undefined {
	const from = ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'].find(survey.has);
	if (!from) return undefined;
	return program({
		program: survey.has('gradlew') ? './gradlew' : 'gradle',
		args: ['test', '--console=plain'],
		runner: 'gradle',
		from,
		why: 'it is a Gradle build',
	});
}

function dotnet(survey: Survey): Finding | undefined {
	const from =
		survey.paths.find(path => /^[^/]*\.slnx?$/.test(path)) ?? survey.paths.find(path => /tests?[^/]*\.(cs|fs|vb)proj$/i.test(path));
	if (!from) return undefined;
	return program({ program: 'dotnet', args: ['test', from, '--nologo'], runner: 'dotnet', from, why: 'it is a .NET project' });
}

async function mix(survey: Survey): Promise<Finding | undefined> {
	if (!survey.has('mix.exs')) return undefined;
	return program({ program: 'mix', args: ['test'], runner: 'mix', from: 'mix.exs', why: 'it is an Elixir project' });
}

async function cmake(survey: Survey): Promise<Finding | undefined> {
	const lists = survey.paths.filter(path => /(^|\/)CMakeLists\.txt$/.test(path));
	for (const from of lists) {
		if (!/\b(enable_testing|add_test|include\s*\(\s*CTest)\b/i.test((await survey.text(from)) ?? '') || !survey.has('CMakeLists.txt'))
			continue;
		const shell = 'cmake -S . -B build && cmake --build build && ctest --test-dir build --output-on-failure';
		return { line: shell, run: { shell }, runner: 'ctest', from, why: 'it has tests for CTest' };
	}
	return undefined;
}
