import { z } from 'zod';
import { jsonIn } from '../../json.js';
import type { Survey } from '../survey.js';
import { byLine, type Checker, listed, notFormatted } from './checker.js';

const scripts = /\.[cm]?[jt]sx?$/;
const typed = /\.[cm]?tsx?$/;

const annotations = byLine(/^::(?:error|warning) title=[^,]*,file=(?<path>[^,]+),line=(?<at>\d+),[^:]*::(?<message>.+)$/);

/** Biome, Prettier, ESLint and the compiler of TypeScript, each where it is installed in the project and something names it. */
export async function javascriptCheckers(survey: Survey): Promise<Checker[]> {
	const installed = await survey.entries('node_modules/.bin');
	const named = [await survey.text('package.json'), ''].join('');
	const found: Checker[] = [];
	const add = (name: string, config: RegExp, checker: (program: string) => Omit<Checker, 'name' | 'from'>) => {
		const file = survey.paths.find(path => config.test(path));
		const from = file ?? (new RegExp(`"${name === 'tsc' ? 'typescript' : name}"\\s*:`).test(named) ? 'package.json' : undefined);
		if (from !== undefined && installed.includes(name)) found.push({ name, from, ...checker(`./node_modules/.bin/${name}`) });
	};
	add('biome', /^biome\.jsonc?$/, program => ({
		kind: 'lint',
		takes: /\.(?:[cm]?[jt]sx?|jsonc?|css|graphql)$/,
		command: path => ({ program, args: ['check', '--reporter=github', '--no-errors-on-unmatched', path] }),
		read: output =>
			annotations(output).map(each => (/^Formatter would/.test(each.message) ? { path: each.path, message: notFormatted } : each)),
	}));
	add('prettier', /^(?:\.prettierrc(?:\.\w+)?|prettier\.config\.\w+)$/, program => ({
		kind: 'format',
		takes: /\.(?:[cm]?[jt]sx?|json|css|scss|html|vue|ya?ml|mdx?)$/,
		command: path => ({ program, args: ['--list-different', path] }),
		read: listed,
	}));
	add('eslint', /^(?:eslint\.config\.\w+|\.eslintrc(?:\.\w+)?)$/, program => ({
		kind: 'lint',
		takes: scripts,
		command: path => ({ program, args: ['--format', 'json', path] }),
		read: eslint,
	}));
	if (survey.has('tsconfig.json'))
		add('tsc', /^tsconfig\.json$/, program => ({
			kind: 'types',
			whole: true,
			takes: typed,
			command: () => ({ program, args: ['--noEmit', '--pretty', 'false', '-p', 'tsconfig.json'] }),
			read: byLine(/^(?<path>[^()\n]+)\((?<at>\d+),\d+\): error TS\d+: (?<message>.+)$/),
		}));
	return found;
}

const report = z.array(
	z.object({
		filePath: z.string(),
		messages: z.array(z.object({ line: z.number().optional(), message: z.string(), ruleId: z.string().nullish() })),
	}),
);

/** ESLint's own report. That a file is ignored is no complaint. */
function eslint(output: string): ReturnType<Checker['read']> {
	const text = output.slice(output.indexOf('['), output.lastIndexOf(']') + 1);
	return (report.safeParse(jsonIn(text)).data ?? []).flatMap(({ filePath: path, messages }) =>
		messages
			.filter(({ message, ruleId }) => ruleId || !/^File ignored/.test(message))
			.map(({ line, message, ruleId }) => ({ path, ...(line && { line }), message: ruleId ? `${message} (${ruleId})` : message })),
	);
}
