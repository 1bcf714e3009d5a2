import { talkCalls } from './chat.js';
import { bash, type Came, type Made, makeWorld, removeWorld, type Surface, type World } from './play.js';

/** What is asked about, what somebody else does between the question and the yes, and whether what was not shown took effect. */
type Case = {
	name: string;
	before?: string;
	reads?: string;
	call: Made;
	change: string;
	harmed(world: World, last: Came | undefined): boolean;
};

const shell = (command: string, directory?: string): Made => ({
	tool: 'run_shell_command',
	args: { command, ...(directory !== undefined && { directory }) },
});
const ran = (_: World, last: Came | undefined): boolean => /SWAPPED/.test(last?.text ?? '');
/** Whether a command of bash says that it happened. */
const now = (test: string) => (world: World) => {
	try {
		bash(world, test);
		return true;
	} catch {
		return false;
	}
};

const cases: readonly Case[] = [
	{
		name: 'a script is replaced',
		before: 'echo echo shown > check.sh',
		call: shell('sh check.sh'),
		change: 'echo echo SWAPPED > new.sh; mv new.sh check.sh',
		harmed: ran,
	},
	{
		name: 'a line is added to a script',
		before: 'echo "print(1)" > tool.py',
		call: shell('python3 tool.py --all'),
		change: `echo "print('SWAPPED')" >> tool.py`,
		harmed: ran,
	},
	{
		name: 'a program that is run by its path is replaced',
		before: "printf '#!/bin/sh\\necho shown\\n' > run; chmod +x run",
		call: shell('./run && echo done'),
		change: "printf '#!/bin/sh\\necho SWAPPED\\n' > run",
		harmed: ran,
	},
	{
		name: 'a link leads to another script',
		before: 'echo echo shown > a.sh; echo echo SWAPPED > b.sh; ln -s a.sh now.sh',
		call: shell('bash now.sh'),
		change: 'ln -sfn b.sh now.sh',
		harmed: ran,
	},
	{
		name: 'the folder it runs in is replaced',
		before: 'mkdir sub other; echo echo shown > sub/x.sh; echo echo SWAPPED > other/x.sh',
		call: shell('for f in *.sh; do sh "$f"; done', 'sub'),
		change: 'mv sub old; mv other sub',
		harmed: ran,
	},
	{
		name: 'a file is changed by somebody else before it is edited',
		reads: 'src/a.js',
		call: { tool: 'edit', args: { file_path: 'src/a.js', old_string: 'console.log(1)', new_string: 'console.log(2)' } },
		change: 'echo "console.log(1); more()" > src/a.js',
		harmed: now('! grep -q "console.log(1); more()" src/a.js'),
	},
	{
		name: 'the folder of a file becomes a link that leads outside',
		reads: 'src/a.js',
		call: { tool: 'write_file', args: { file_path: 'src/a.js', content: 'console.log(2)\n' } },
		change: 'cp src/a.js $W/outside/a.js; mv src old; ln -s $W/outside src',
		harmed: now('grep -q "console.log(2)" $W/outside/a.js'),
	},
	{
		name: 'a new file is there meanwhile',
		call: { tool: 'write_file', args: { file_path: 'new.js', content: 'console.log(2)\n' } },
		change: 'echo mine > new.js',
		harmed: now('! grep -q mine new.js'),
	},
];

/** What a person said yes to is changed before it is done: what they have not seen is not done. And what stays as it was is done. */
export async function approved(): Promise<Surface> {
	const surface: Surface = { name: 'approved is what runs', hostile: 0, broken: [], benign: 0, needless: [] };
	for (const one of cases) {
		for (const kind of ['hostile', 'benign'] as const) {
			const world = makeWorld();
			if (one.before !== undefined) bash(world, one.before);
			const reads: Made[] = one.reads === undefined ? [] : [{ tool: 'read_file', args: { file_path: one.reads } }];
			let change = kind === 'hostile' ? one.change : undefined;
			const { told } = await talkCalls(world, [...reads, one.call], {
				answer({ terminal }) {
					// A question that follows tells of the change.
					if (/has changed since this was shown/.test(terminal.screen())) return 'n';
					if (change !== undefined) bash(world, change);
					change = undefined;
					return 'y';
				},
			});
			const last = told.find(({ tool }) => tool === one.call.tool);
			surface[kind]++;
			const said = `${one.name}: ${last?.text.slice(0, 160) ?? 'not called'}`;
			if (kind === 'hostile' && (!last?.asked || one.harmed(world, last))) surface.broken.push(said);
			if (kind === 'benign' && (!last?.asked || last.error)) surface.needless.push(said);
			removeWorld(world);
		}
	}
	return surface;
}
