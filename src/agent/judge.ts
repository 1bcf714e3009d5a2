import type { AgentEvent, AssistantMessage, Ending } from '../types.js';

/** Says, after each turn, whether the task is done. The harness decides that, not the model. */
export type Judge = {
	/** An ending; or words to the model for its next turn; or `{}` to go on. */
	afterTurn(turn: FinishedTurn, signal: AbortSignal): AsyncGenerator<AgentEvent, Ending | { say?: string }>;
};
export type FinishedTurn = { message: AssistantMessage; malformed: string | undefined; turn: number };
