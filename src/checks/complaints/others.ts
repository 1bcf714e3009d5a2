import type { Survey } from '../survey.js';
import { byLine, type Checker, likeCompilers, listed, notFormatted } from './checker.js';

type Wanted = Omit<Checker, 'command' | 'from'> & { args: readonly string[]; program?: string };

/** Ruff, Black and mypy, each where a file configures it and the program is there. */
export async function pythonCheckers(survey: Survey): Promise<Checker[]> {
	const [project = '', setup = ''] = [await survey.text('pyproject.toml'), await survey.text('setup.cfg')];
	const local = await survey.entries('.venv/bin');
	const takes = /\.pyi?$/;
	const found: Checker[] = [];
	const add = async (from: string | undefined, { program: given, args, ...checker }: Wanted) => {
		const name = given ?? checker.name;
		const program = local.includes(name) ? `.venv/bin/${name}` : name;
		if (from === undefined || !(await survey.works(program, ['--version']))) return;
		found.push({ ...checker, from, command: path => ({ program, args: [...args, path] }) });
	};
	const ruff = ['ruff.toml', '.ruff.toml'].find(survey.has) ?? inProject(project, /^\[tool\.ruff\b/m);
	await add(ruff, {
		name: 'ruff',
		kind: 'lint',
		takes,
		args: ['check', '--no-cache', '--no-fix', '--output-format=concise'],
		read: likeCompilers,
	});
	await add(inProject(project, /^\[tool\.ruff\.format\b/m), {
		name: 'ruff format',
		program: 'ruff',
		kind: 'format',
		takes,
		args: ['format', '--no-cache', '--check'],
		read: reformatted,
	});
	await add(inProject(project, /^\[tool\.black\b/m), { name: 'black', kind: 'format', takes, args: ['--check'], read: reformatted });
	const mypy =
		['mypy.ini', '.mypy.ini'].find(survey.has) ??
		inProject(project, /^\[tool\.mypy\b/m) ??
		(/^\[mypy\]/m.test(setup) ? 'setup.cfg' : undefined);
	await add(mypy, {
		name: 'mypy',
		kind: 'types',
		takes,
		args: ['--cache-dir=/dev/null', '--no-error-summary', '--no-color-output'],
		read: likeCompilers,
	});
	return found;
}

const inProject = (text: string, section: RegExp): string | undefined => (section.test(text) ? 'pyproject.toml' : undefined);

const reformatted: Checker['read'] = output =>
	byLine(/^(?<message>would reformat):? (?<path>.+)$/i)(output).map(({ path }) => ({ path, message: notFormatted }));

/** gofmt and go vet, rustfmt and Cargo: they come with the language, so its own file is enough to name them. */
export async function compiledCheckers(survey: Survey): Promise<Checker[]> {
	const found: Checker[] = [];
	if (survey.has('go.mod') && (await survey.works('go', ['version']))) {
		const takes = /\.go$/;
		found.push(
			{ name: 'gofmt', kind: 'format', from: 'go.mod', takes, read: listed, command: path => ({ program: 'gofmt', args: ['-l', path] }) },
			{
				name: 'go vet',
				kind: 'types',
				from: 'go.mod',
				whole: true,
				takes,
				read: likeCompilers,
				command: () => ({ program: 'go', args: ['vet', './...'] }),
			},
		);
	}
	const cargo = await survey.text('Cargo.toml');
	if (cargo === undefined || !(await survey.works('cargo', ['--version']))) return found;
	const takes = /\.rs$/;
	const edition = /^edition\s*=\s*"(\d{4})"/m.exec(cargo)?.[1] ?? '2015';
	const command = /^\[(?:workspace\.)?lints\.clippy\b/m.test(cargo) || survey.has('clippy.toml') ? 'clippy' : 'check';
	found.push({
		name: `cargo ${command}`,
		kind: 'types',
		from: 'Cargo.toml',
		whole: true,
		takes,
		read: likeCompilers,
		command: () => ({ program: 'cargo', args: [command, '--frozen', '--quiet', '--message-format=short'] }),
	});
	if (await survey.works('rustfmt', ['--version']))
		found.push({
			name: 'rustfmt',
			kind: 'format',
			from: 'Cargo.toml',
			takes,
			read: listed,
			command: path => ({ program: 'rustfmt', args: ['--check', '--files-with-diff', '--edition', edition, path] }),
		});
	return found;
}
