import { z } from 'zod';
import type { Writer } from '../types.js';

const number = z.number();

/** Who wrote something, as it stands in what is kept. */
export const writerRecord = z.object({
	model: z.string(),
	sha256: z
		.string()
		.regex(/^[0-9a-f]{64}$/)
		.exactOptional(),
	sampling: z.object({ temperature: number, topP: number, topK: number, minP: number, repeatPenalty: number, seed: number }),
}) satisfies z.ZodType<Writer>;
