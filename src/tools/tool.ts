import { z } from 'zod';
import type { Checks } from '../checks/complaints/complaints.js';
import { type Display, type Outcome, Refusal, type ToolSpec } from '../types.js';
import type { Workspace } from '../workspace/workspace.js';

/**
 * What a tool works with: the three doors to the outside, how many tokens it may say to the model, the stop signal, the
 * project's test command when the configuration names one, and its linters where they are asked about changes.
 */
export type Workbench = {
	workspace: Workspace;
	signal: AbortSignal;
	outputTokens: number;
	testCommand?: string | undefined;
	/** How long one run of the tests may take, where that is less than usual. */
	testMilliseconds?: number | undefined;
	checks?: Checks | undefined;
};

/** What a call may do: `reads` inside the root, `writes` inside the root, `runs` programs. Decides approval. */
export type Risk = 'reads' | 'writes' | 'runs';

/** What a run comes to. `note` is a sentence for the person about what is special; the model does not read it. */
export type Done = Outcome & { note?: string };

export type Tool<Args> = {
	name: string;
	risk: Risk | ((args: Args) => Risk);
	args: z.ZodType<Args>;
	/** One line for the person: what this call does, with its operands in full. */
	title(args: Args): string;
	/** What would change, shown with the question. Throws `Refusal` when the call cannot work. */
	preview?(args: Args, bench: Workbench): Promise<Display | undefined>;
	/** Yields lines for the person while running. Throws `Refusal` when the call cannot work. */
	run(args: Args, bench: Workbench): Promise<Done> | AsyncGenerator<string, Done>;
};

/** A call whose arguments have been checked: nothing left but to allow it and run it. */
export type ReadyCall = {
	tool: string;
	risk: Risk;
	title: string;
	args: unknown;
	preview(bench: Workbench): Promise<Display | undefined>;
	run(bench: Workbench): AsyncGenerator<string, Done>;
};

export type AnyTool = {
	name: string;
	/** Whether it only ever reads; such tools are all that plan mode offers. */
	readsOnly: boolean;
	spec(purpose: string): ToolSpec;
	/** Checks the arguments; a complaint names the bad field and is written for the model. */
	prepare(args: unknown): ReadyCall | { complaint: string };
};

/** Makes a tool out of its description. Nothing here knows of approval, of the model or of the screen. */
export function defineTool<Args>(tool: Tool<Args>): AnyTool {
	return {
		name: tool.name,
		readsOnly: tool.risk === 'reads',
		spec: purpose => ({ name: tool.name, purpose, schema: shortSchema(tool.args) }),
		prepare(raw) {
			const parsed = tool.args.safeParse(raw);
			if (!parsed.success) return { complaint: z.prettifyError(parsed.error) };
			const args = parsed.data;
			return {
				tool: tool.name,
				risk: typeof tool.risk === 'function' ? tool.risk(args) : tool.risk,
				title: tool.title(args),
				args,
				preview: async bench => tool.preview?.(args, bench),
				async *run(bench) {
					const running = tool.run(args, bench);
					return Symbol.asyncIterator in running ? yield* running : await running;
				},
			};
		},
	};
}

/** The JSON Schema that a model is shown, without what it has no use for: it is read again in every conversation. */
function shortSchema(args: z.ZodType): object {
	const { $schema: _, ...schema } = z.toJSONSchema(args, { io: 'input', override: ({ jsonSchema }) => void delete jsonSchema.minLength });
	return schema;
}

/** Runs `work`; a `Refusal` becomes a failed outcome for the model. Anything else is a bug and goes on up. */
export async function* teaching<T>(work: AsyncGenerator<T, Done>): AsyncGenerator<T, Done> {
	try {
		return yield* work;
	} catch (error) {
		if (error instanceof Refusal) return { ok: false, text: error.message };
		throw error;
	}
}
