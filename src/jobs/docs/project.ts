import { basename } from 'node:path';
import { z } from 'zod';
import { managerOf } from '../../checks/find/javascript.js';
import type { Survey } from '../../checks/survey.js';
import { jsonIn } from '../../json.js';

/** A line for a shell, and what it stands for: the line that it runs in its turn, where the project's files say that. */
export type Command = { line: string; runs: string | undefined };

/** What the files of a project say of it: nothing that is not written there. */
export type Project = {
	name: string;
	description: string | undefined;
	/** "Node.js >=22", as it is asked for. */
	needs: string[];
	install: string[];
	/** What starts it. */
	starts: string[];
	commands: Command[];
};

/** Reads the manifests in the folder of this survey; `name` is what it is called where none of them says. */
export async function projectOf(survey: Survey, name: string): Promise<Project> {
	const parts = await Promise.all([ofNode(survey), ofPython(survey), ofRust(survey), ofGo(survey), ofMake(survey)]);
	const all = <T>(what: (part: Partial<Project>) => readonly T[] | undefined): T[] => [...new Set(parts.flatMap(part => what(part) ?? []))];
	return {
		name: parts.find(part => part.name)?.name ?? name,
		description: parts.find(part => part.description)?.description,
		needs: all(part => part.needs),
		install: all(part => part.install),
		starts: all(part => part.starts),
		commands: all(part => part.commands),
	};
}

const text = z.string().optional().catch(undefined);
const texts = z.record(z.string(), z.string()).optional().catch(undefined);
const manifest = z.object({ name: text, description: text, bin: z.union([texts, text]), scripts: texts, engines: texts });

async function ofNode({ has, text }: Survey): Promise<Partial<Project>> {
	const source = await text('package.json');
	const data = source === undefined ? undefined : manifest.safeParse(jsonIn(source)).data;
	if (!data) return {};
	const manager = managerOf({ has });
	const scripts = Object.entries(data.scripts ?? {});
	const isHook = (name: string) =>
		/^(?:pre|post)/.test(name) && scripts.some(([other]) => name === `pre${other}` || name === `post${other}`);
	const short = (name: string) => name === 'start' || name === 'test';
	const commands = scripts
		.filter(([name]) => !isHook(name) && !/^(?:prepare|prepublishOnly|prepack|install|(?:pre|post)install|start)$/.test(name))
		.map(([name, runs]) => ({ line: `${manager} ${short(name) ? '' : 'run '}${name}`, runs: told(runs) }));
	const bins = typeof data.bin === 'string' ? [data.bin] : Object.values(data.bin ?? {});
	return {
		...(data.name !== undefined && { name: data.name }),
		...(data.description !== undefined && { description: data.description }),
		needs: data.engines?.node === undefined ? [] : [`Node.js ${data.engines.node}`],
		install: [`${manager} install`],
		starts: [
			...(data.scripts?.start === undefined ? [] : [`${manager} start`]),
			...bins.map(path => path.replace(/^\.\//, '')).flatMap(path => (has(path) ? [`node ${path}`] : [])),
		],
		commands,
	};
}

/** A line of a script as it can stand in a list. */
const told = (line: string): string | undefined => (/[`\n]/.test(line) || line.length > 100 ? undefined : line.trim() || undefined);

async function ofPython({ has, paths, text }: Survey): Promise<Partial<Project>> {
	const toml = (await text('pyproject.toml')) ?? '';
	const [own, poetry] = [table(toml, 'project'), table(toml, 'tool.poetry')];
	const isPackage = own !== '' || has('setup.py') || /^\[build-system\]/m.test(toml);
	const plain = has('requirements.txt') ? ['pip install -r requirements.txt'] : [];
	const scripts = `${table(toml, 'project.scripts')}\n${table(toml, 'tool.poetry.scripts')}`;
	const modules = paths.flatMap(path => /^(?:src\/)?([A-Za-z_]\w*)\/__main__\.py$/.exec(path)?.[1] ?? []);
	const needed = keyIn(own, 'requires-python');
	return {
		...said(own === '' ? poetry : own),
		needs: needed === undefined ? [] : [`Python ${needed}`],
		install: poetry !== '' && own === '' ? ['poetry install'] : isPackage ? ['pip install .'] : plain,
		starts: [...[...scripts.matchAll(/^"?([\w.-]+)"?\s*=\s*["']/gm)].map(([, name]) => name!), ...modules.map(name => `python -m ${name}`)],
	};
}

async function ofRust({ has, text }: Survey): Promise<Partial<Project>> {
	const toml = await text('Cargo.toml');
	if (toml === undefined) return {};
	const own = table(toml, 'package');
	const needed = keyIn(own, 'rust-version');
	return {
		...said(own),
		needs: needed === undefined ? [] : [`Rust ${needed}`],
		install: ['cargo build'],
		starts: has('src/main.rs') ? ['cargo run'] : [],
	};
}

async function ofGo({ has, paths, text }: Survey): Promise<Partial<Project>> {
	const mod = await text('go.mod');
	if (mod === undefined) return {};
	const module = /^module\s+(\S+)/m.exec(mod)?.[1];
	const needed = /^go\s+(\S+)/m.exec(mod)?.[1];
	const programs = paths.flatMap(path => /^(cmd\/[\w-]+)\/main\.go$/.exec(path)?.[1] ?? []);
	return {
		...(module !== undefined && { name: basename(module) }),
		needs: needed === undefined ? [] : [`Go ${needed}`],
		install: ['go build ./...'],
		starts: [...(has('main.go') ? ['go run .'] : []), ...programs.map(folder => `go run ./${folder}`)],
	};
}

async function ofMake({ text }: Survey): Promise<Partial<Project>> {
	const file = (await text('Makefile')) ?? '';
	const found = [...file.matchAll(/^([A-Za-z][\w-]*)[ \t]*:(?!=)[^\n]*((?:\n\t[^\n]*)*)/gm)];
	return {
		commands: found.map(([, name, recipe = '']) => ({
			line: `make ${name}`,
			runs: told(recipe.split('\n\t')[1]?.replace(/^[@-]+/, '') ?? ''),
		})),
	};
}

/** The lines of one table of TOML, '' where there is none. */
function table(toml: string, name: string): string {
	const lines = toml.split('\n');
	const at = lines.findIndex(line => line.trim() === `[${name}]`);
	if (at < 0) return '';
	const end = lines.findIndex((line, index) => index > at && /^\s*\[[\w".-]+\]/.test(line));
	return lines.slice(at + 1, end < 0 ? undefined : end).join('\n');
}

const keyIn = (lines: string, key: string): string | undefined => new RegExp(`^${key}\\s*=\\s*(["'])(.+?)\\1`, 'm').exec(lines)?.[2];

function said(lines: string): Pick<Partial<Project>, 'name' | 'description'> {
	const [name, description] = [keyIn(lines, 'name'), keyIn(lines, 'description')];
	return { ...(name !== undefined && { name }), ...(description !== undefined && { description }) };
}
